"""Raster layers, and plots laid over them."""

import os
from hashlib import sha256
from pathlib import Path

_KERNELS = Path(__file__).parents[1] / "land" / "kernel"


def _keep_machine_code() -> None:
    """Keep the kernels' machine code in a folder of its own per state of their sources.

    Beside the sources, numba would go on with the old code of a kernel when another one that it calls has changed.
    """
    state = sha256(b"".join(source.read_bytes() for source in sorted(_KERNELS.glob("*.py")))).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "landproof" / "kernels" / state
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # nothing can be kept here: it is compiled again each time
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))


_keep_machine_code()
