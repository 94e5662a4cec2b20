"""What can be wrong with an outline."""

from typing import Final

# DOUBTFUL: the quick test cannot tell. From SHORT on: not valid.
VALID, DOUBTFUL, NOT_JUDGED, OPEN, SHORT, NO_AREA, SPIKE, CROSSING, TOUCHING, OVERLAPPING = range(10)
HOLE_OUTSIDE, HOLE_NESTED, RINGS_CROSSING, PARTS_NESTED, DISCONNECTED, UNLISTED = range(10, 16)

NAMES: Final = (
    "valid", "doubtful", "not judged", "open", "short", "no area", "spike", "crossing", "touching", "overlapping",
    "hole outside", "hole nested", "rings crossing", "parts nested", "disconnected", "invalid",
)  # fmt: skip
