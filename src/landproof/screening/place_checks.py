"""Where a plot lies: possible positions, swapped axes, its country, the sea."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import numpy as np
import shapely

from landproof.land.kernel.figures import NULL
from landproof.screening.country_boxes import BOXES
from landproof.screening.given import Findings, Floats, Mask

_shapely = cast(Any, shapely)

NORTH: Final = 72.0  # degrees: the northern end of farming; several maps stop at 75 or 80
SOUTH: Final = -56.0
NEAR_NULL: Final = 0.5  # degrees around 0, 0: open sea
WHOLE: Final = 0.95  # of a plot in its country; borders are drawn with errors
ADMINISTRATIVE: Final = 0.9  # of the common land
PART: Final = 0.001


class Boundaries(NamedTuple):
    """Areas that the user trusts: their binaries, the ISO codes of their countries, their names."""

    geometries: Sequence[bytes]
    countries: Sequence[str]
    names: Sequence[str]


def check_positions(found: Findings) -> None:
    """Positions that can be none."""
    given = found.given
    seen = given.outline | given.point
    west, south, east, north = given.shapes.bounds.T
    far_x, far_y = np.maximum(np.abs(west), np.abs(east)), np.maximum(np.abs(south), np.abs(north))
    swapped = seen & (far_x <= 90) & (far_y > 90) & (far_y <= 180)
    metres = seen & ~given.in_degrees & ~swapped
    found.add(swapped, "fail", "axes-range", lambda n: {"value": f"{north[n] if north[n] > 90 else south[n]:g}"})
    found.add(
        metres, "fail", "not-degrees", lambda n: {"value": f"{given.first(0)[n]:.1f}, {given.first(1)[n]:.1f}"}
    )
    null = given.figures[:, NULL] >= 0
    zero = np.zeros(given.n)
    found.add(null, "fail", "null-island", longitude=zero, latitude=zero, corner=given.figures[:, NULL])
    sea = seen & given.in_degrees & ~null & (far_x < NEAR_NULL) & (far_y < NEAR_NULL)
    found.add(sea, "fail", "near-null-island")
    width = east - west
    found.add(seen & given.wide, "fail", "wide", lambda n: {"degrees": round(width[n])})
    cold = seen & given.in_degrees & ((north > NORTH) | (south < SOUTH))
    found.add(cold, "warn", "latitude", lambda n: {"value": f"{north[n] if north[n] > NORTH else south[n]:.2f}"})
    for check in ("degrees", "null island", "date line", "latitude"):
        found.not_checked(check, ~seen)


def check_countries(found: Findings, boundaries: Boundaries | None) -> None:
    """The declared country against boundaries, or against rough boxes where no boundaries are given."""
    given = found.given
    declared = [country or "" for country in given.texts("country")]
    if boundaries is None:
        _check_boxes(found, declared)
        found.not_checked("country", np.ones(given.n, np.bool_))  # a box proves nothing
        found.not_checked("sea", np.ones(given.n, np.bool_))
        return
    shares = _shares(found, boundaries)
    plots = given.usable
    known = set(boundaries.countries)
    nowhere = plots & np.array([not each for each in shares])
    named = plots & np.array([country in known for country in declared]) & ~nowhere
    own = np.array([each.get(country, 0.0) for each, country in zip(shares, declared, strict=True)])
    swapped = _swapped_inside(found, declared, boundaries, (nowhere | (named & (own < PART))))

    def said(n: int) -> Mapping[str, object]:
        others = sorted(shares[n], key=lambda country: (-shares[n][country], country))
        return {
            "country": declared[n], "share": round(own[n] * 100),
            "found": ", ".join(each for each in others if each != declared[n]) or "-",
        }  # fmt: skip

    found.add(nowhere, "warn", "sea")
    found.add(named & (own < PART), "fail", "country-none", said)
    found.add(named & (own >= PART) & (own < WHOLE), "warn", "country-part", said)
    found.add(swapped, "fail", "axes-country", said)
    found.not_checked("country", ~named)
    found.not_checked("sea", ~plots)
    found.not_checked("axes", ~named)


def _check_boxes(found: Findings, declared: Sequence[str]) -> None:
    given = found.given
    x, y = given.first(0), given.first(1)
    boxed, inside, turned = (np.zeros(given.n, np.bool_) for _ in range(3))
    names = np.array(declared, dtype=object)
    for country in sorted({*declared} & {*BOXES}):
        own = names == country
        boxed |= own
        for west, south, east, north in BOXES[country]:
            inside |= own & (west <= x) & (x <= east) & (south <= y) & (y <= north)
            turned |= own & (west <= y) & (y <= east) & (south <= x) & (x <= north)
    known = given.usable & boxed
    away = known & ~inside
    found.add(away & turned, "fail", "axes-country", lambda n: {"country": declared[n]})
    found.add(away & ~turned, "warn", "country-box", lambda n: {"country": declared[n]})
    found.not_checked("axes", given.usable & ~boxed)


def _shares(found: Findings, boundaries: Boundaries) -> list[dict[str, float]]:
    """The share of each plot in each country that it touches; notes plots that are such areas themselves."""
    given = found.given
    shares: list[dict[str, float]] = [{} for _ in range(given.n)]
    rows = np.flatnonzero(given.usable)
    shapes: Any = _shapely.from_wkb(np.array([_binary(found, int(n)) for n in rows], dtype=object))
    areas: Any = _shapely.from_wkb(np.array(boundaries.geometries, dtype=object))
    tree = _shapely.STRtree(shapes)
    within = {*zip(*(each.tolist() for each in tree.query(areas, predicate="contains_properly")), strict=True)}
    touching: Any = tree.query(areas, predicate="intersects")
    alike: dict[int, str] = {}
    pairs: list[tuple[int, int]] = [*zip(*(each.tolist() for each in touching), strict=True)]
    for area, at in pairs:
        country, plot = boundaries.countries[area], int(rows[at])
        if (area, at) in within:
            shares[plot][country] = 1.0
            continue
        size = float(_shapely.area(shapes[at]))
        common = _shapely.intersection(shapes[at], areas[area]) if size else None
        share = float(_shapely.area(common)) / size if size else 1.0
        shares[plot][country] = shares[plot].get(country, 0.0) + share
        whole = float(_shapely.area(areas[area]))
        if size and share * size >= ADMINISTRATIVE * (whole + size - share * size):
            alike[plot] = boundaries.names[area]
    mask = np.zeros(given.n, np.bool_)
    mask[list(alike)] = True
    found.add(mask, "fail", "administrative", lambda n: {"name": alike[n]})
    return shares


def _swapped_inside(found: Findings, declared: Sequence[str], boundaries: Boundaries, doubtful: Mask) -> Mask:
    """Which doubtful plots lie in their declared country once longitude and latitude are swapped."""
    given = found.given
    swapped = np.zeros(given.n, np.bool_)
    rows = [int(n) for n in np.flatnonzero(doubtful) if declared[int(n)]]
    if not rows:
        return swapped
    x: Floats = given.first(0)[rows]
    y: Floats = given.first(1)[rows]
    tree = _shapely.STRtree(_shapely.points(y, x))
    areas: Any = _shapely.from_wkb(np.array(boundaries.geometries, dtype=object))
    met: Any = tree.query(areas, predicate="intersects")
    pairs: list[tuple[int, int]] = [*zip(*(each.tolist() for each in met), strict=True)]
    for area, at in pairs:
        if boundaries.countries[area] == declared[rows[at]]:
            swapped[rows[at]] = True
    return swapped


def _binary(found: Findings, n: int) -> bytes:
    shapes = found.given.shapes
    return shapes.data[shapes.offsets[n] : shapes.offsets[n + 1]].tobytes()
