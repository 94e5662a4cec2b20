"""Whether coordinates are shifted as Chinese map services shift them (GCJ-02, BD-09).

One outline alone cannot tell: the shift of 100 to 1,000 m is smooth, so the shape stays the same. A reference
outline of the plot can, and so can a second outline of the same land that is shifted against it by just that much.
Plots outside the box in which the services shift cannot be affected; all others without such evidence are counted
as not checked.
"""

import math
from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
import shapely

from landproof.land.kernel.figures import metres
from landproof.screening.given import Findings, Floats, Mask

_shapely = cast(Any, shapely)

BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)  # where the services shift: west, south, east, north
FITS_M: Final = 30.0  # the rest of a shift that is taken as explained
TIMES: Final = 4  # the shift must be so many times the rest
TWIN_M: Final = 12.0
TWIN_AREA: Final = 0.02
_A, _EE = 6378245.0, 0.00669342162296594323  # of the Krasovsky ellipsoid, as the services use it
_DATUMS: Final = ("GCJ-02", "BD-09")


def shifted(longitude: Floats, latitude: Floats) -> Mapping[str, tuple[Floats, Floats]]:
    """WGS 84 positions as GCJ-02 and as BD-09 show them (the formulas that are in public use)."""
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * math.pi) + 20.0 * np.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * math.pi) + 40.0 * np.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * math.pi) + 320.0 * np.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * math.pi) + 40.0 * np.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * math.pi) + 300.0 * np.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = np.radians(latitude)
    magic = 1 - _EE * np.sin(angle) ** 2
    gcj_y = latitude + north * 180.0 / ((_A * (1 - _EE)) / (magic * np.sqrt(magic)) * math.pi)
    gcj_x = longitude + east * 180.0 / (_A / np.sqrt(magic) * np.cos(angle) * math.pi)
    turn = math.pi * 3000.0 / 180.0
    radius = np.sqrt(gcj_x**2 + gcj_y**2) + 0.00002 * np.sin(gcj_y * turn)
    theta = np.arctan2(gcj_y, gcj_x) + 0.000003 * np.cos(gcj_x * turn)
    baidu = (radius * np.cos(theta) + 0.0065, radius * np.sin(theta) + 0.006)
    return {"GCJ-02": (gcj_x, gcj_y), "BD-09": baidu}


def check_datum(found: Findings, references: Mapping[str, bytes]) -> None:
    """``references``: outlines or points of some of the plots that are known to be in WGS 84, by plot."""
    given = found.given
    x, y = _centres(given.shapes.bounds)
    west, south, east, north = BOX
    inside = given.usable & (x >= west) & (x <= east) & (y >= south) & (y <= north)
    told = _against_references(found, references, x, y, inside) if references else np.zeros(given.n, np.bool_)
    _twins(found, x, y, inside & given.outline & ~told)
    found.not_checked("datum", (inside & ~told) | ~given.usable)


def _centres(bounds: Any) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore"):
        return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _against_references(
    found: Findings, references: Mapping[str, bytes], x: Floats, y: Floats, inside: Mask
) -> Mask:
    """Note plots that fit their reference only when it is shifted; all plots that a reference speaks of."""
    given = found.given
    names = given.texts("plot")
    told = inside & np.array([name in references for name in names], np.bool_)
    results: dict[int, Mapping[str, object]] = {}
    for n in np.flatnonzero(told).tolist():
        bounds = _shapely.bounds(_shapely.from_wkb(references[names[n] or ""]))
        true_x, true_y = np.array([(bounds[0] + bounds[2]) / 2]), np.array([(bounds[1] + bounds[3]) / 2])
        shift = _metres(true_x[0], true_y[0], x[n], y[n])
        for datum, (to_x, to_y) in shifted(true_x, true_y).items():
            rest = _metres(to_x[0], to_y[0], x[n], y[n])
            if rest <= FITS_M and shift >= TIMES * rest and shift > FITS_M:
                results[n] = {"datum": datum, "shift": round(shift), "rest": round(rest)}
    mask = np.zeros(given.n, np.bool_)
    mask[list(results)] = True
    found.add(mask, "fail", "datum-shifted", results.__getitem__)
    return told


def _metres(x: Any, y: Any, to_x: Any, to_y: Any) -> float:
    wide, high = metres(float(y))
    return math.hypot((float(to_x) - float(x)) * wide, (float(to_y) - float(y)) * high)


def _twins(found: Findings, x: Floats, y: Floats, where: Mask) -> None:
    """Outlines that another one matches once it is shifted."""
    given = found.given
    rows = np.flatnonzero(where)
    if len(rows) < 2:
        found.add(np.zeros(given.n, np.bool_), "warn", "datum-twin")
        return
    names, areas = given.texts("plot"), given.areas
    tree = _shapely.STRtree(_shapely.points(x[rows], y[rows]))
    reach = TWIN_M / 80_000  # degrees: enough up to 44 degrees of latitude
    results: dict[int, Mapping[str, object]] = {}
    for datum in _DATUMS:
        to_x, to_y = shifted(x[rows], y[rows])[datum]
        boxes = _shapely.box(to_x - reach, to_y - reach, to_x + reach, to_y + reach)
        for one, two in zip(*(each.tolist() for each in tree.query(boxes)), strict=True):
            p, q = int(rows[one]), int(rows[two])
            like = abs(areas[p] - areas[q]) <= TWIN_AREA * min(areas[p], areas[q])
            if p == q or not like or _metres(to_x[one], to_y[one], x[q], y[q]) > TWIN_M:
                continue
            results.setdefault(p, {"datum": datum, "other": names[q]})
            results.setdefault(q, {"datum": datum, "other": names[p]})
    mask = np.zeros(given.n, np.bool_)
    mask[list(results)] = True
    found.add(mask, "warn", "datum-twin", results.__getitem__)
