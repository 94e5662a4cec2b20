"""``python -m landproof.run.rejudge CASE RUN ANSWER``: judge a manifest afresh and write what comes out.

A process of its own, so that nothing of an earlier run can be at hand. Of the run's folder it opens the manifest
and nothing else; findings and derived tables go to the folder ANSWER.
"""

import json
import sys
from pathlib import Path

from landproof.casefile.case import open_case
from landproof.domain.derived import DERIVED
from landproof.domain.errors import LandproofError
from landproof.run.inputs import judge_request, request_from
from landproof.run.store import MANIFEST


def main(case_folder: str, run_folder: str, answer: str) -> int:
    """Exit code 0, or 3 with the reason on standard error."""
    try:
        manifest = json.loads((Path(run_folder) / MANIFEST).read_text(encoding="utf-8"))
        judged = judge_request(open_case(Path(case_folder)), request_from(manifest))
    except LandproofError as error:
        print(error, file=sys.stderr)
        return 3
    judged.findings.write_parquet(Path(answer) / "findings.parquet")
    for name in DERIVED:
        judged.tables[name].write_parquet(Path(answer) / f"{name}.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
