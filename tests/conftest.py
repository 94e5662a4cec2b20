"""The room of layers decides where compiled kernels are kept: for tests and the commands they start, one place.

Beside the sources, numba would keep the old code of a kernel when another one that it calls has changed.
"""

import landproof.layers  # noqa: F401
