"""Names for the arrays that the chain is made of."""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Exact = npt.NDArray[Any]  # Python integers of any size

NONE = -1  # no lot, no plot, no custody model stated
SAME = -2  # in place of a custody model: nothing happens to goods here
