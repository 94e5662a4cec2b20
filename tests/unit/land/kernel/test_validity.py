"""The quick validity test against cases drawn by hand and against GEOS."""

import struct
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.land.kernel import verdicts
from landproof.land.kernel.rings import OPEN_RING, REPEATED, REPEATED_RING, REPEATED_VERTEX, cut
from landproof.land.kernel.validity import validity
from landproof.land.kernel.wkb import pack

Ring = list[tuple[float, float]]

SQUARE: Ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def polygon(*rings: Ring) -> bytes:
    content = b"".join(
        struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *position) for position in ring)
        for ring in rings
    )
    return struct.pack("<BII", 1, 3, len(rings)) + content


def parts(*polygons: bytes) -> bytes:
    return struct.pack("<BII", 1, 6, len(polygons)) + b"".join(polygons)


def box(west: float, south: float, east: float, north: float) -> Ring:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def kind(shape: bytes, **options: Any) -> str:
    return verdicts.NAMES[validity(pack([shape]), **options).kinds[0]]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (polygon(SQUARE), "valid"),
        (polygon(SQUARE[::-1]), "valid"),
        (polygon([(0, 0), (4, 0), (4, 0), (4, 4), (0, 0)]), "valid"),  # a repeated corner is a remark, no fault
        (polygon([(0, 0), (2, 0), (4, 0), (4, 4), (0, 4), (0, 0)]), "valid"),  # a corner on a straight side
        (polygon([(0, 0), (4, 0), (1, 1), (0, 4), (0, 0)]), "valid"),  # hollow
        (polygon(SQUARE[:-1]), "open"),
        (polygon([(0, 0), (4, 0), (0, 0)]), "short"),
        (polygon([(0, 0), (4, 0), (4, 0), (0, 0)]), "short"),
        (polygon([(0, 0), (2, 2), (4, 4), (0, 0)]), "no area"),
        (polygon([(0, 0), (4, 0), (4, 4), (4, 6), (4, 4), (0, 4), (0, 0)]), "spike"),
        (polygon([(0, 0), (4, 4), (4, 0), (0, 4), (0, 0)]), "crossing"),  # a bow tie
        (polygon([(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2), (0, 0)]), "touching"),  # at one corner
        (polygon([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4), (0, 0)]), "touching"),  # a corner on a side
        (polygon([(1, 0), (6, 0), (6, 4), (5, 0), (0, 0), (0, 4), (1, 0)]), "overlapping"),
        (polygon(SQUARE, box(1, 1, 2, 2)), "valid"),
        (polygon(SQUARE, box(1, 1, 2, 2), box(2.5, 2.5, 3, 3)), "valid"),
        (polygon(SQUARE, box(5, 5, 6, 6)), "hole outside"),
        (polygon(SQUARE, box(-1, -1, 5, 5)), "hole outside"),
        (polygon(SQUARE, box(1, 1, 3, 3), box(1.5, 1.5, 2, 2)), "hole nested"),
        (polygon(SQUARE, box(3, 3, 5, 5)), "rings crossing"),
        (polygon(SQUARE, box(1, 1, 3, 3), box(2, 2, 3.5, 3.5)), "rings crossing"),
        (parts(polygon(SQUARE), polygon(box(5, 0, 6, 1))), "valid"),
        (parts(polygon(SQUARE), polygon(box(1, 1, 2, 2))), "parts nested"),
        (parts(polygon(SQUARE, box(1, 1, 3, 3)), polygon(box(1.5, 1.5, 2, 2))), "valid"),  # an island in a lake
        (parts(polygon(SQUARE), polygon(box(3, 3, 6, 6))), "rings crossing"),
    ],
)
def test_shapes_that_the_quick_test_decides(shape: bytes, expected: str):
    assert kind(shape, geos=False) == expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (polygon(SQUARE, [(0, 0), (1, 2), (2, 1), (0, 0)]), "valid"),  # a hole that touches the shell once
        (polygon(SQUARE, [(0, 0), (1, 2), (4, 4), (2, 1), (0, 0)]), "disconnected"),  # twice
        (polygon(SQUARE, box(0, 1, 2, 2)), "rings crossing"),  # along a side
        (parts(polygon(SQUARE), polygon([(4, 4), (5, 4), (5, 5), (4, 4)])), "valid"),  # corner to corner
        (parts(polygon(SQUARE), polygon(box(4, 0, 6, 4))), "rings crossing"),  # side by side
        (parts(polygon(SQUARE), polygon(SQUARE)), "rings crossing"),
    ],
)
def test_rings_that_touch_are_left_to_geos(shape: bytes, expected: str):
    assert kind(shape, geos=False) == "doubtful"
    assert kind(shape) == expected


def test_the_place_of_a_fault():
    found = validity(pack([
        polygon(box(10, 0, 11, 1), [(10.2, 0.2), (10.4, 0.6), (10.4, 0.2), (10.2, 0.6), (10.2, 0.2)]),
        polygon(SQUARE[:-1]),
        polygon(SQUARE),
    ]))  # fmt: skip

    assert (found.longitude[0], found.latitude[0], found.ring[0], found.corner[0]) == (10.2, 0.2, 1, 0)
    assert (found.longitude[1], found.latitude[1], found.ring[1], found.corner[1]) == (0, 0, 0, 0)
    assert np.isnan(found.longitude[2])
    assert (found.ring[2], found.corner[2]) == (-1, -1)
    assert found.tallies[1][OPEN_RING] == 0


def test_repeated_corners_are_counted_with_the_first_of_them():
    hole = [(1, 1), (2, 1), (2, 1), (2, 1), (2, 2), (1, 1)]
    tally = validity(pack([polygon(SQUARE, hole)])).tallies[0]

    assert (tally[REPEATED], tally[REPEATED_RING], tally[REPEATED_VERTEX]) == (2, 1, 2)


def test_only_outlines_are_judged():
    assert kind(shapely.to_wkb(shapely.Point(1, 2), byte_order=1)) == "not judged"
    assert kind(b"") == "not judged"
    assert kind(polygon([(0, 0), (float("nan"), 1), (1, 1), (0, 0)])) == "not judged"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (6.34821, 6.34821), (6.3482109, 6.34821), (-6.3482109, -6.34821), (1.9999999, 1.999999), (0.0000009, 0.0),
        (179.9999999, 179.999999), (-0.1, -0.1), (1e300, 1e300), (13.383901633500790, 13.383901),
    ],
)  # fmt: skip
def test_cutting_to_six_decimals(value: float, expected: float):
    assert cut(value) == expected


@given(st.integers(-180_000_000, 180_000_000), st.integers(0, 9), st.integers(0, 999))
def test_cutting_keeps_what_the_text_says(millionths: int, digit: int, more: int):
    sign, whole, rest = "-" if millionths < 0 else "", *divmod(abs(millionths), 1_000_000)
    six = f"{sign}{whole}.{rest:06d}"

    assert cut(float(six)) == float(six)
    assert cut(float(f"{six}{digit}{more:03d}")) == float(six)


def test_cutting_can_break_an_outline():
    # A notch 0.4 millionths deep whose tip moves onto the side below it.
    notch = [(0, 0), (4, 0), (4, 4), (2, 0.0000004), (0, 4), (0, 0)]

    assert kind(polygon(notch)) == "valid"
    assert kind(polygon(notch), cutting=True) == "touching"


# -- against GEOS ------------------------------------------------------------------------------------------------


def agrees(shapes: list[bytes], *, cutting: bool = False) -> int:
    """Compare with GEOS; how many the quick test left open."""
    found = validity(pack(shapes), cutting=cutting, geos=False).kinds
    given: Any = shapely.from_wkb(shapes, on_invalid="ignore")
    valid = [geometry is not None and bool(shapely.is_valid(geometry)) for geometry in given]
    for shape, verdict, expected in zip(shapes, found.tolist(), valid, strict=True):
        if verdict != verdicts.DOUBTFUL:
            assert (verdict == verdicts.VALID) == expected, (verdicts.NAMES[verdict], shapely.from_wkb(shape).wkt)
    return int((found == verdicts.DOUBTFUL).sum())


coarse = st.tuples(st.integers(0, 5), st.integers(0, 5))
fine = st.tuples(
    st.integers(0, 30).map(lambda k: 108 + k * 1e-6), st.integers(0, 30).map(lambda k: 12.67 + k * 1e-6)
)
wild = st.tuples(*[st.floats(-1e3, 1e3, allow_nan=False)] * 2)
tiny = st.tuples(*[st.floats(-1e-300, 1e-300)] * 2)


@st.composite
def rings(draw: st.DrawFn, least: int = 3, most: int = 9) -> Ring:
    positions = draw(st.sampled_from([coarse, coarse, fine, wild, tiny]))
    ring = draw(st.lists(positions, min_size=least, max_size=most))
    return [*ring, ring[0]]


@st.composite
def coarse_shapes(draw: st.DrawFn) -> bytes:
    def one() -> bytes:
        listed = draw(st.lists(st.lists(coarse, min_size=3, max_size=6), min_size=1, max_size=3))
        return polygon(*[[*ring, ring[0]] for ring in listed])

    return one() if draw(st.booleans()) else parts(*[one() for _ in range(draw(st.integers(1, 3)))])


quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.lists(rings(), min_size=1, max_size=20))
def test_single_rings_agree_with_geos(found: list[Ring]):
    agrees([polygon(ring) for ring in found])


@quick
@given(st.lists(coarse_shapes(), min_size=1, max_size=20))
def test_rings_and_parts_agree_with_geos(shapes: list[bytes]):
    agrees(shapes)


def ellipse(random: np.random.Generator, corners: int, rough: float) -> Ring:
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    radius = np.exp(random.normal(0, rough, corners)) * 0.001
    x = np.round(108 + radius * np.cos(angles), 6)
    y = np.round(12.67 + radius * np.sin(angles), 6)
    return [*zip(x.tolist(), y.tolist(), strict=True), (float(x[0]), float(y[0]))]


@pytest.mark.parametrize(
    ("corners", "rough"), [(5, 0.3), (22, 0.2), (47, 0.5), (60, 0.02), (300, 0.3), (3000, 0.05)]
)
def test_outlines_as_walked_agree_with_geos(corners: int, rough: float):
    random = np.random.default_rng(corners)
    shapes: list[bytes] = []
    for number in range(120 if corners < 1000 else 12):
        ring = ellipse(random, corners, rough)
        if number % 2:  # a corner out of order
            k = int(random.integers(1, corners - 1))
            ring[k], ring[k + 1 if k + 1 < corners else 1] = ring[k + 1 if k + 1 < corners else 1], ring[k]
        shapes.append(polygon(ring))

    assert agrees(shapes) <= len(shapes) // 20
    agrees(shapes, cutting=False)


def test_half_a_million_corners_are_judged():
    angles = np.linspace(0, 2 * np.pi, 500_000, endpoint=False)
    radius = 1 + 0.1 * np.sin(angles * 5000)
    ring = np.column_stack([radius * np.cos(angles), radius * np.sin(angles)])
    shape = shapely.to_wkb(shapely.Polygon(ring), byte_order=1)

    assert kind(shape, geos=False) == "valid"


def test_a_comb_is_judged_along_either_axis():
    teeth = 5000
    x = np.repeat(np.arange(2 * teeth), 2) / 1000
    y = np.tile([0, 1, 1, 0], teeth)
    upright = np.column_stack([np.append(x, [x[-1], 0]), np.append(y, [-1, -1])])

    for corners in (upright, upright[:, ::-1]):
        assert kind(shapely.to_wkb(shapely.Polygon(corners), byte_order=1), geos=False) == "valid"
