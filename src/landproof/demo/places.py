"""Where the invented farms lie: small windows on a grid, one slot of land for each plot."""

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

CELL = 0.00025  # degrees, about 28 m
SIZE = 512  # cells along each side of a window
SLOT = 16  # cells along each side of a slot
EDGE = 2  # slots left empty along the border, so that nothing reaches over it
ACROSS = SIZE // SLOT - 2 * EDGE


@dataclass(frozen=True, slots=True)
class Window:
    """A square of ``SIZE`` cells. ``west`` and ``north`` are its upper left corner in degrees."""

    key: str
    country: str
    west: float
    north: float
    savanna: bool = False  # natural land other than forest lies between the fields
    peat: bool = False  # peat lies in the south, where no plots are


WINDOWS = {
    window.key: window
    for window in (
        Window("br-mato-grosso", "BR", -55.1, -12.5, savanna=True),
        Window("br-para", "BR", -51.3, -6.6),
        Window("ci-centre", "CI", -6.7, 6.8),
        Window("gh-western", "GH", -2.45, 6.45),
        Window("id-riau", "ID", 101.5, 0.85, peat=True),
        Window("vn-highlands", "VN", 107.4, 12.2),
        Window("fr-landes", "FR", -0.7, 44.3),
        Window("ke-rift", "KE", 35.25, -0.35, savanna=True),
    )
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of land in a window: ``row`` and ``column`` count slots from the upper left."""

    window: str
    row: int
    column: int

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude."""
        window = WINDOWS[self.window]
        return (
            window.west + (self.column + 0.5) * SLOT * CELL,
            window.north - (self.row + 0.5) * SLOT * CELL,
        )

    @property
    def middle_cell(self) -> tuple[int, int]:
        """Row and column of the cell to the lower right of the centre."""
        return self.row * SLOT + SLOT // 2, self.column * SLOT + SLOT // 2


def slots(random: Random, window: str, count: int) -> list[Slot]:
    """``count`` slots of a window, from the north, with land left free between them."""
    rows = min(ACROSS, math.ceil(count * 1.3 / ACROSS))
    free = [Slot(window, EDGE + row, EDGE + column) for row in range(rows) for column in range(ACROSS)]
    return sorted(random.sample(free, count), key=lambda slot: (slot.row, slot.column))


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude (series for WGS 84, good to centimetres)."""
    phi = math.radians(latitude)
    along = 111_132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    across = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi)
    return across, along


def field_outline(random: Random, slot: Slot, hectares: float) -> list[tuple[float, float]]:
    """A closed ring around the centre of ``slot``, about ``hectares`` large, counter-clockwise."""
    longitude, latitude = slot.centre
    across, along = metres_per_degree(latitude)
    radius = math.sqrt(hectares * 10_000 / 2.6)  # an irregular hexagon
    turn = random.uniform(0, math.pi / 3)
    ring: list[tuple[float, float]] = []
    for corner in range(6):
        angle, reach = turn + corner * math.pi / 3, radius * random.uniform(0.92, 1.08)
        east, north = reach * math.cos(angle) / across, reach * math.sin(angle) / along
        ring.append((round(longitude + east, 6), round(latitude + north, 6)))  # as it is written
    return [*ring, ring[0]]


def ring_hectares(ring: list[tuple[float, float]]) -> float:
    """Area of a small ring, flat around its first corner."""
    across, along = metres_per_degree(ring[0][1])
    doubled = sum(
        (a[0] - ring[0][0]) * (b[1] - ring[0][1]) - (b[0] - ring[0][0]) * (a[1] - ring[0][1])
        for a, b in pairwise(ring)
    )
    return abs(doubled) / 2 * across * along / 10_000
