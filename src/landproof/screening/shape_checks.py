"""Structure and validity: as sent, and after cutting to six decimals."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from landproof.land.kernel import verdicts
from landproof.land.kernel.figures import CARRIED, NEEDLE, NEEDLE_X, NEEDLE_Y
from landproof.land.kernel.rings import HEIGHTS, PARTS, REPEATED, REPEATED_RING, REPEATED_VERTEX, RINGS
from landproof.land.kernel.validity import validity
from landproof.land.kernel.wkb import BROKEN, NOTHING, OTHER, Shapes
from landproof.screening.given import Findings

_REASONS: Final = {
    verdicts.OPEN: "ring-open", verdicts.SHORT: "ring-short", verdicts.NO_AREA: "no-area",
    verdicts.SPIKE: "spike", verdicts.CROSSING: "crossing", verdicts.TOUCHING: "touching",
    verdicts.OVERLAPPING: "overlapping", verdicts.HOLE_OUTSIDE: "hole-outside",
    verdicts.HOLE_NESTED: "hole-nested",
    verdicts.RINGS_CROSSING: "rings-crossing", verdicts.PARTS_NESTED: "parts-nested",
    verdicts.DISCONNECTED: "disconnected", verdicts.UNLISTED: "invalid",
}  # fmt: skip
_DEPENDENT: Final = ("rings", "outline", "holes", "parts", "corners", "six decimals")
_MIN_CLOSE_LIMIT: Final = 6  # decimals that EU systems keep


def check_geometry(found: Findings) -> None:
    """Whether there is a geometry that can be a plot at all."""
    shapes = found.given.shapes
    found.add(shapes.kinds == NOTHING, "fail", "geometry-missing", place=False)
    types = _types(shapes)
    other = shapes.kinds == OTHER
    found.add(other & (types == 7), "fail", "collection", place=False)
    found.add(other & np.isin(types, (2, 5)), "fail", "line", place=False)
    found.add(other & ~np.isin(types, (2, 5, 7)), "fail", "geometry-broken", place=False)
    broken = shapes.kinds == BROKEN
    endless = broken & _not_finite(shapes, broken)
    found.add(endless, "fail", "not-finite", place=False)
    found.add(broken & ~endless, "fail", "geometry-broken", place=False)
    for check in _DEPENDENT:
        found.not_checked(check, ~found.given.outline & ~found.given.point)


def check_outlines(found: Findings, *, holes: str) -> None:
    """Rings, crossings, holes, parts and corners. ``holes``: the result of a plot that has some."""
    given = found.given
    judged = given.validity
    place = np.isfinite(judged.longitude)
    x, y = np.where(place, judged.longitude, given.first(0)), np.where(place, judged.latitude, given.first(1))
    for kind, reason in _REASONS.items():
        found.add(
            judged.kinds == kind, "fail", reason, longitude=x, latitude=y, ring=judged.ring, corner=judged.corner
        )
    tallies = judged.tallies
    inner = tallies[:, RINGS] - tallies[:, PARTS]
    found.add(given.outline & (inner > 0), holes, "holes", lambda n: {"holes": inner[n]})
    repeated = tallies[:, REPEATED]
    found.add(
        given.outline & (repeated > 0), "warn", "corners-repeated", lambda n: {"count": repeated[n]},
        ring=tallies[:, REPEATED_RING], corner=tallies[:, REPEATED_VERTEX],
    )  # fmt: skip
    figures = given.figures
    found.add(
        given.outline & (figures[:, NEEDLE] >= 0) & (judged.kinds == verdicts.VALID), "warn", "needle",
        longitude=figures[:, NEEDLE_X], latitude=figures[:, NEEDLE_Y], corner=figures[:, NEEDLE],
    )  # fmt: skip
    found.add(given.outline & (tallies[:, HEIGHTS] > 0) | _tall_points(given.shapes), "warn", "heights")


def check_cut(found: Findings) -> None:
    """The same outlines with their coordinates cut to six decimals, where that changes them."""
    given = found.given
    longer = (
        given.outline & (given.figures[:, CARRIED] > _MIN_CLOSE_LIMIT) & (given.validity.kinds == verdicts.VALID)
    )
    found.add(np.zeros(given.n, np.bool_), "warn", "cut-invalid")
    if not longer.any():
        return
    rows = np.flatnonzero(longer)
    some = _some(given.shapes, rows)
    cut = validity(some, cutting=True)
    spoiled, collapsed = np.zeros(given.n, np.bool_), np.zeros(given.n, np.bool_)
    x, y = np.full(given.n, np.nan), np.full(given.n, np.nan)
    ring, corner = np.full(given.n, -1), np.full(given.n, -1)
    count = np.zeros(given.n, np.int64)
    spoiled[rows] = cut.kinds != verdicts.VALID
    x[rows], y[rows], ring[rows], corner[rows] = cut.longitude, cut.latitude, cut.ring, cut.corner
    count[rows] = cut.tallies[:, REPEATED] - given.validity.tallies[rows, REPEATED]
    collapsed = (count > 0) & ~spoiled
    found.add(spoiled, "fail", "cut-invalid", longitude=x, latitude=y, ring=ring, corner=corner)
    found.add(collapsed, "warn", "cut-repeated", lambda n: {"count": count[n]})


def _some(shapes: Shapes, rows: npt.NDArray[np.int64]) -> Shapes:
    """The shapes of ``rows`` in a buffer of their own."""
    if len(rows) == len(shapes.kinds):
        return shapes
    lengths = np.diff(shapes.offsets)[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    starts: Any = np.repeat(shapes.offsets[rows] - offsets[:-1], lengths)
    places = np.arange(int(offsets[-1])) + starts
    return Shapes(shapes.data[places], offsets, shapes.kinds[rows], shapes.bounds[rows])


def _types(shapes: Shapes) -> npt.NDArray[np.int64]:
    """The kind of geometry that each binary says it is, without heights."""
    long = np.diff(shapes.offsets) >= 5
    at = shapes.offsets[:-1][long]
    found = np.zeros(len(shapes.kinds), np.int64)
    if len(at):
        found[long] = (_codes(shapes, at) & 0x0FFFFFFF) % 1000
    return found


def _codes(shapes: Shapes, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The 32 bits behind the first byte of the binaries that begin ``at``."""
    code = np.zeros(len(at), np.int64)
    for k in range(4):
        code |= shapes.data[at + 1 + k].astype(np.int64) << (8 * k)
    return code


def _tall_points(shapes: Shapes) -> npt.NDArray[np.bool_]:
    long = (np.diff(shapes.offsets) >= 5) & np.isin(shapes.kinds, (1, 2))
    found = np.zeros(len(shapes.kinds), np.bool_)
    at = shapes.offsets[:-1][long]
    if len(at):
        code = _codes(shapes, at)
        found[long] = (code & 0xC0000000 > 0) | ((code & 0x0FFFFFFF) >= 1000)
    return found


def _not_finite(shapes: Shapes, broken: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which broken shapes are broken only because a number is none: their structure is whole."""
    found = np.zeros(len(shapes.kinds), np.bool_)
    for n in np.flatnonzero(broken).tolist():
        binary = shapes.data[shapes.offsets[n] : shapes.offsets[n + 1]].tobytes()
        found[n] = _holds_no_number(binary)
    return found


def _holds_no_number(binary: bytes) -> bool:
    """Whether a polygon or point in plain binary holds a coordinate that is not finite."""
    start = {1: 5, 3: 13}.get(int.from_bytes(binary[1:5], "little"), 0)
    numbers = (
        np.frombuffer(binary[start : start + (len(binary) - start) // 8 * 8], "<f8") if start else np.zeros(0)
    )
    return bool(len(numbers) and not np.isfinite(numbers).all())
