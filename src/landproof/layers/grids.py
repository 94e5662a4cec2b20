"""How producers name the tiles of their grids: which tiles a place needs, and what land a tile covers."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

Box = tuple[float, float, float, float]  # west, south, east, north in degrees

_BANDS = "CDEFGHJKLMNPQRSTUVWX"  # of 8 degrees from 80 S on; X has 12


@dataclass(frozen=True, slots=True)
class DegreeGrid:
    """Tiles of whole degrees. ``corner``: of which corners a name tells."""

    degrees: int
    corner: str  # "top left" 10N_020W, "bottom left" N06W003, "sides" 080W_10S_070W_00N

    @property
    def steps(self) -> tuple[int, int]:
        """Degrees of longitude and of latitude from tile to tile."""
        return self.degrees, self.degrees

    def names(self, box: Box) -> Iterator[str]:
        """The tiles that ``box`` touches, an edge included only where land lies beyond it."""
        west, south, east, north = box
        for row in _steps(south, north, self.degrees):
            for column in _steps(west, east, self.degrees):
                yield self._name(column * self.degrees, row * self.degrees)

    def box(self, name: str) -> Box | None:
        """What the tile covers; null where this is no name of the grid."""
        found = re.fullmatch(self.pattern, name)
        if not found:
            return None
        if self.corner == "bottom left":
            south, west = _signed(found[2], found[1]), _signed(found[4], found[3])
        else:
            numbers = [_signed(found[place], found[place + 1]) for place in range(1, len(found.groups()), 2)]
            west, south = (numbers[0], numbers[1]) if self.corner == "sides" else (numbers[1], numbers[0])
            south -= self.degrees if self.corner == "top left" else 0
        return (west, south, west + self.degrees, south + self.degrees)

    @property
    def pattern(self) -> str:
        """What a name looks like, as a regular expression."""
        if self.corner == "bottom left":
            return r"([NS])(\d\d)([EW])(\d\d\d)"
        if self.corner == "sides":
            return r"(\d\d\d)([EW])_(\d\d)([NS])_(\d\d\d)([EW])_(\d\d)([NS])"
        return r"(\d\d)([NS])_(\d\d\d)([EW])"

    def _name(self, west: int, south: int) -> str:
        top, right = south + self.degrees, west + self.degrees
        if self.corner == "bottom left":
            return f"{'NS'[south < 0]}{abs(south):02d}{'EW'[west < 0]}{abs(west):03d}"
        if self.corner == "sides":
            return f"{_east(west)}_{_north(south)}_{_east(right)}_{_north(top)}"
        return f"{_north(top)}_{_east(west)}"


@dataclass(frozen=True, slots=True)
class UtmZones:
    """Zones of the UTM grid with the letter of the band of latitude, as in 20M; no exceptions near Norway."""

    @property
    def steps(self) -> tuple[int, int]:
        """Degrees of longitude and of latitude from zone to zone."""
        return 6, 8

    def names(self, box: Box) -> Iterator[str]:
        """The zones that ``box`` touches, between 80 S and 84 N."""
        west, south, east, north = box
        for row in _steps(max(south, -80.0), min(north, 80.0), 8):
            band = _BANDS[min(row + 10, len(_BANDS) - 1)]
            for column in _steps(west, east, 6):
                yield f"{column + 31:02d}{band}"

    def box(self, name: str) -> Box | None:
        """What the zone covers; null where this is no zone."""
        found = re.fullmatch(r"(\d\d)([C-HJ-NP-X])", name)
        if not found or not 1 <= int(found[1]) <= 60:
            return None
        west, south = int(found[1]) * 6 - 186, _BANDS.index(found[2]) * 8 - 80
        return (west, south, west + 6, south + (12 if found[2] == "X" else 8))


GRIDS: dict[str, DegreeGrid | UtmZones] = {
    "10deg_top_left": DegreeGrid(10, "top left"),
    "10deg_sides": DegreeGrid(10, "sides"),
    "3deg_bottom_left": DegreeGrid(3, "bottom left"),
    "utm_zone": UtmZones(),
}


def _steps(low: float, high: float, step: int) -> range:
    first, last = math.floor(low / step), math.ceil(high / step) - 1
    return range(first, max(first, last) + 1)


def _signed(number: str, side: str) -> int:
    return -int(number) if side in "SW" else int(number)


def _north(degrees: int) -> str:
    return f"{abs(degrees):02d}{'NS'[degrees < 0]}"


def _east(degrees: int) -> str:
    return f"{abs(degrees):03d}{'EW'[degrees < 0]}"
