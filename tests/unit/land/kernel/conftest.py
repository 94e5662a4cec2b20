"""The room of layers decides where compiled kernels are kept."""

import landproof.layers  # noqa: F401
