"""How loops are compiled to machine code, and where that code is kept.

No fast-math: sums keep their order and no product is fused with a sum, so all machines get the same bits.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba  # pyright: ignore[reportMissingTypeStubs]

Int: TypeAlias = Any  # a whole number of Python or of numpy: kernels make no difference
_Function = TypeVar("_Function", bound=Callable[..., Any])
_jit, _config = cast(Any, numba).njit, cast(Any, numba).config
_ROOM = Path(__file__).parent
_KERNELS = ("land/kernel/*.py", "chain/kernel/*.py", "intake/*json*.py", "compiled.py")


def _keep_machine_code() -> None:
    """Keep the kernels' machine code in a folder of its own per state of their sources.

    Beside the sources, numba would go on with the old code of a kernel when another one that it calls has changed.
    """
    sources = [source for kind in _KERNELS for source in sorted(_ROOM.glob(kind))]
    state = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "landproof" / "kernels" / state
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # nothing can be kept here: it is compiled again each time
    _config.CACHE_DIR = _config.CACHE_DIR or str(folder)


_keep_machine_code()


def compiled(function: _Function) -> _Function:
    """Compile ``function`` when it is first called, and keep the machine code."""
    return cast(_Function, _jit(cache=True, nogil=True, error_model="numpy")(function))


def lean(function: _Function) -> _Function:
    """As `compiled`, for a kernel that makes no array: nobody counts who uses one, so calls cost nothing."""
    return cast(_Function, _jit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function))


def inlined(function: _Function) -> _Function:
    """As `lean`, for a small function in the heart of a loop: its code is put wherever it is called."""
    return cast(
        _Function, _jit(cache=True, nogil=True, error_model="numpy", forceinline=True, _nrt=False)(function)
    )
