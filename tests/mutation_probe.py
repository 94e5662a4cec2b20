"""``python -m tests.mutation_probe MODULE``: exit code 1 as soon as a worked case differs.

The cases of MODULE go first: they are the likeliest to notice a change in it.
"""

import sys

from landproof.criteria.cases import differences
from landproof.reference.editions import load_cases, load_edition


def main(module: str) -> int:
    edition = load_edition()
    for case in sorted(load_cases(), key=lambda case: case["module"] != module):
        if differences(case, edition):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
