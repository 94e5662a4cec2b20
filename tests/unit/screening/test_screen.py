"""Screening on plots drawn by hand, at the limits of each check."""

import json
import math
import struct
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform
from landproof.screening.country_boxes import BOXES
from landproof.screening.datum import shifted
from landproof.screening.place_checks import Boundaries
from landproof.screening.reasons import CHECKS, REASONS
from landproof.screening.repairs import REPAIRS
from landproof.screening.screen import Screening, screen
from landproof.screening.tables import CHECK_COUNTS, PLOT_CHECKS, PLOT_REPAIRS

# At the equator a degree is 111,320 m of longitude and 110,574 m of latitude.
EAST, NORTH = 1 / 111_319.49, 1 / 110_574.28
X, Y = 20.123457, 0.654321


def field(hectares: float = 1.0, x: float = X, y: float = Y, sides: float = 1.0) -> shapely.Polygon:
    """A field of five corners with about so many hectares."""
    half = math.sqrt(hectares * 10_000) / 2
    wide, high = half * EAST * sides / math.cos(math.radians(y)), half * NORTH / sides
    corners = [(-1, -1), (1, -1), (1, 1), (-0.137, 1.0), (-1, 1)]
    return shapely.Polygon([(round(x + a * wide, 7) + 1e-7, round(y + b * high, 7) + 1e-7) for a, b in corners])


def row(plot: str, geometry: Any, **more: Any) -> dict[str, Any]:
    binary = (
        geometry if geometry is None or isinstance(geometry, bytes) else shapely.to_wkb(geometry, byte_order=1)
    )
    return {"plot": plot, "geometry": binary, "decimals": 7, "decimals_known": True, **more}


def look(*rows: dict[str, Any], **options: Any) -> Screening:
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    return screen(conform(frame, PLOTS), **options)


def reasons(found: Screening, plot: str = "P") -> dict[str, str]:
    rows = found.checks.filter(pl.col("plot") == plot).select("reason", "result").rows()
    return dict(rows)


def one(geometry: Any, **more: Any) -> dict[str, str]:
    options = {name: more.pop(name) for name in ("boundaries", "references", "profile") if name in more}
    return reasons(look(row("P", geometry, **more), **options))


def ring(*positions: tuple[float, float]) -> bytes:
    content = b"".join(struct.pack("<dd", X + x * 0.001 + 1e-7, Y + y * 0.001 + 1e-7) for x, y in positions)
    return struct.pack("<BIII", 1, 3, 1, len(positions)) + content


def test_a_plot_without_fault_is_a_row():
    found = look(row("P", field(), area_ha=Decimal(1), country="CD"))

    assert reasons(found) == {"no-finding": "pass"}
    assert found.checks["check"].to_list() == ["all"]
    assert found.unusable.is_empty()
    assert found.repairs.is_empty()


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (None, "geometry-missing"),
        (b"", "geometry-missing"),
        (shapely.Polygon(), "geometry-missing"),
        (b"\x01\x03\x00", "geometry-broken"),
        (b"nonsense that is no geometry", "geometry-broken"),
        (shapely.LineString([(X, Y), (X + 1, Y)]), "line"),
        (shapely.GeometryCollection([shapely.Point(X, Y)]), "collection"),
        (ring((0, 0), (1, math.nan), (1, 1), (0, 0)), "not-finite"),
        (ring((0, 0), (1, 0), (1, 1), (0, 1)), "ring-open"),
        (ring((0, 0), (1, 0), (0, 0)), "ring-short"),
        (ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), "crossing"),
        (shapely.Polygon([(20, 1), (21, 1), (22, 1)]), "no-area"),
        (ring((0, 0), (1, 0), (1, 1), (1, 2), (1, 1), (0, 1), (0, 0)), "spike"),
        (shapely.MultiPolygon([field(), field(0.1)]), "parts-nested"),
        (shapely.MultiPolygon([field(), field(x=X + 0.0004)]), "rings-crossing"),
        (shapely.Polygon(field().exterior, [field(0.01, x=X + 0.1).exterior]), "hole-outside"),
        (shapely.Point(108.03, 112.67), "not-degrees"),
        (shapely.Point(12.67, 108.03), "axes-range"),
        (shapely.Point(797494.32, 5827326.64), "not-degrees"),
        (shapely.Point(0, 0), "null-island"),
        (shapely.Point(0.4, -0.3), "near-null-island"),
        (shapely.Polygon([(179.9, 1), (-179.9, 1), (-179.9, 1.1), (179.9, 1.1)]), "wide"),
    ],
)  # fmt: skip
def test_what_is_no_plot_fails(geometry: Any, expected: str):
    found = look(row("P", geometry), row("good", field(x=X + 1)))

    assert reasons(found)[expected] == "fail"
    assert reasons(found, "good") == {"no-finding": "pass"}
    assert found.checks["plot"].n_unique() == 2
    assert found.unusable.to_list() == ["P"]


def test_the_place_of_a_crossing_is_told():
    found = look(row("P", ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))))
    [fault] = found.checks.filter(pl.col("reason") == "crossing").rows(named=True)

    assert (fault["ring"], fault["corner"]) == (1, 1)
    assert (float(fault["longitude"]), float(fault["latitude"])) == (round(X, 6), round(Y, 6))
    assert fault["remedy"] == REASONS["crossing"].remedy


def test_a_point_of_null_island_needs_both_zeros():
    assert "null-island" not in one(shapely.Point(0, 5.6), area_ha=Decimal(1))


@pytest.mark.parametrize(
    ("parts", "too_wide"),
    [
        ([(179.9, 180.0), (-180.0, -179.9)], False),
        ([(179.9, 179.95), (-179.8, -179.7)], False),  # two islands
        ([(1.0, 2.0), (-180.0, -179.0)], False),  # 182 degrees one way round, 180 the other
        ([(1.0, 2.0), (-180.0, -178.999)], True),  # 180.001 the other
        ([(-179.9, 179.9)], True),
        ([(-100.0, 100.0), (179.0, 180.0)], True),  # a part is too wide by itself
    ],
)
def test_a_plot_cut_at_the_date_line_is_one_plot(parts: list[tuple[float, float]], too_wide: bool):
    plot = shapely.MultiPolygon([shapely.box(west, 10.0, east, 10.1) for west, east in parts])
    assert ("wide" in one(plot)) is too_wide


@pytest.mark.parametrize(("latitude", "noted"), [(71.9, False), (72.1, True), (84.0, True), (-55.9, False)])
def test_latitudes_of_farming(latitude: float, noted: bool):
    assert ("latitude" in one(shapely.Point(20.123456, latitude), area_ha=Decimal(1))) is noted


def test_holes_are_a_fault_for_eu_systems_only():
    hole = shapely.Polygon(field().exterior, [field(0.01).exterior])

    assert one(hole)["holes"] == "warn"
    assert one(hole, profile="eudr")["holes"] == "fail"
    assert look(row("P", hole), profile="eudr").unusable.is_empty()


def test_repeated_corners_and_needles():
    assert one(ring((0, 0), (1, 0), (1, 0), (1, 1), (0, 0))) == {"corners-repeated": "warn"}
    assert one(ring((0, 0), (1, 0), (1, 1), (0.5, 1), (0.501, 3), (0.499, 1), (0, 1), (0, 0)))["needle"] == "warn"


def test_heights():
    assert one(shapely.force_3d(field(), 5.0))["heights"] == "warn"
    assert one(shapely.Point(X, Y, 7), area_ha=Decimal(1))["heights"] == "warn"


def test_cutting_to_six_decimals_can_spoil_an_outline():
    notch = shapely.Polygon([(20, 1), (20.001, 1), (20.001, 1.001), (20.0005, 1.0000004), (20, 1.001)])
    tiny = shapely.Polygon([(20, 1), (20.001, 1), (20.001, 1.001), (20.0010004, 1.0010004), (20, 1.001)])

    assert one(notch)["cut-invalid"] == "fail"
    assert one(tiny)["cut-repeated"] == "warn"
    assert "cut-invalid" not in one(field())


@pytest.mark.parametrize(
    ("decimals", "known", "x", "expected"),
    [
        (6, True, 20.123457, {}),
        (5, True, 20.12345, {"decimals-few": "fail"}),
        (7, True, 20.12, {"decimals-padded": "warn"}),
        (6, True, 20.12345, {}),  # a zero at the end
        (None, False, 20.123457, {}),
        (None, False, 20.12, {"decimals-unknown": "warn"}),
        (3, False, 20.123457, {}),
    ],
)  # fmt: skip
def test_precision(decimals: int | None, known: bool, x: float, expected: dict[str, str]):
    point = (
        shapely.MultiPoint([(x, 1.5), (x, 1.25)])
        if decimals == 7
        else shapely.Point(x, 1.5 if x < 20.1234 else 1.54321)
    )
    found = reasons(look(row("P", point, area_ha=Decimal(1)) | {"decimals": decimals, "decimals_known": known}))

    assert {key: value for key, value in found.items() if key.startswith("decimals")} == expected


def test_a_lost_zero_is_chance_and_three_are_not():
    outline = field()  # seven decimals, twelve numbers
    assert reasons(look(row("P", outline) | {"decimals": 5})) == {"no-finding": "pass"}
    assert reasons(look(row("P", outline) | {"decimals": 2})) == {"decimals-mixed": "warn"}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (None, {}), ("10", {}), ("10.9", {}), ("9.2", {}), ("11.5", {"area-off": "warn"}),
        ("8.8", {"area-off": "warn"}), ("4.9", {"area-far-off": "fail"}), ("20.5", {"area-far-off": "fail"}),
        ("100000", {"area-unit": "fail"}), ("150", {"area-unit": "fail"}), ("24.71", {"area-unit": "fail"}),
    ],
)  # fmt: skip
def test_the_declared_area(declared: str | None, expected: dict[str, str]):
    found = one(field(10), area_ha=None if declared is None else Decimal(declared))

    assert {key: value for key, value in found.items() if key.startswith("area")} == expected


@pytest.mark.parametrize(
    ("declared", "use", "expected"),
    [
        ("4.01", None, {"point-large": "fail"}), ("4", None, {}), ("3.9", None, {"point-near-limit": "warn"}),
        ("3.8", None, {}), ("1", None, {}), ("5", "cattle", {}), (None, None, {"point-area-missing": "warn"}),
        (None, "cattle", {}), ("0.1", None, {}), ("0.09", None, {"point-small": "warn"}),
        ("0.00009", None, {"point-tiny": "fail"}),
    ],
)  # fmt: skip
def test_points_and_four_hectares(declared: str | None, use: str | None, expected: dict[str, str]):
    found = one(shapely.Point(X, Y), use=use, area_ha=None if declared is None else Decimal(declared))

    assert {key: value for key, value in found.items() if key.startswith("point")} == expected


def test_an_outline_near_four_hectares_is_told_and_passes():
    assert one(field(4.0)) == {"outline-near-limit": "pass"}
    assert one(field(4.6)) == {"no-finding": "pass"}


def test_sizes():
    assert one(field(0.00005))["size-zero"] == "fail"
    assert one(field(0.05), commodity="soy")["size-small"] == "warn"
    assert one(field(2_100, sides=1.3), commodity="cocoa") == {"size-large": "warn"}
    assert one(field(1_900, sides=1.3), commodity="cocoa") == {"no-finding": "pass"}
    assert one(shapely.Point(X, Y), area_ha=Decimal(50_000_000))["size-vast"] == "fail"
    country = shapely.Polygon([(10.1, 0.2), (16.3, 0.1), (17.2, 6.9), (13.5, 8.8), (10.3, 7.1)])  # 50 million ha
    assert one(country)["size-vast"] == "fail"


def circle(metres: float, corners: int = 64) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return shapely.Polygon(np.column_stack([X + metres * EAST * np.cos(turn), Y + metres * NORTH * np.sin(turn)]))


def test_catchments():
    assert one(circle(20_000))["circle"] == "fail"
    assert one(shapely.difference(circle(20_000), shapely.box(X, Y - 1, X + 1, Y + 1)))["circle"] == "fail"
    assert one(circle(113)) == {"point-buffer": "warn", "outline-near-limit": "pass"}
    assert one(shapely.box(X, Y, X + 0.05, Y + 0.05))["box"] == "warn"
    assert "box" not in one(shapely.box(X, Y, X + 0.005, Y + 0.005))


def square(x: float, y: float, size: float) -> bytes:
    return shapely.to_wkb(shapely.box(x, y, x + size, y + size))


BORDERS = Boundaries([square(20, 0, 2), square(22, 0, 2), square(0.2, 20, 1)], ["AA", "BB", "AA"], ["A", "B", "C"])


@pytest.mark.parametrize(
    ("geometry", "country", "expected"),
    [
        (field(), "AA", {"no-finding": "pass"}),
        (field(), "BB", {"country-none": "fail"}),
        (field(x=22.0), "AA", {"country-part": "warn"}),
        (field(x=22.0 - 0.0004), "AA", {"country-part": "warn"}),
        (field(x=22.0 - 0.00044), "AA", {"no-finding": "pass"}),
        (field(x=30), "AA", {"sea": "warn"}),
        (field(), None, {"no-finding": "pass"}),
        (shapely.MultiPoint([(0.5, 20.7), (0.51, 20.7)]), "AA", {"point-area-missing": "warn"}),
        (field(x=1.123456, y=20.5), "AA", {"no-finding": "pass"}),
        (shapely.from_wkb(square(20, 0, 1.98)), "AA", {"administrative": "fail"}),
    ],
)
def test_countries_by_boundaries(geometry: Any, country: str | None, expected: dict[str, str]):
    assert expected.items() <= one(geometry, country=country, boundaries=BORDERS).items()


def test_swapped_axes_are_seen_by_the_country():
    found = look(
        row("P", shapely.Point(0.954321, 21.523457), country="AA", area_ha=Decimal(1)), boundaries=BORDERS
    )
    boxed = look(row("P", shapely.Point(12.67, 79.03), country="VN", area_ha=Decimal(1)))
    turned = look(row("P", shapely.Point(6.352104, -1.980012), country="GH", area_ha=Decimal(1)))

    assert reasons(found)["axes-country"] == "fail"
    assert reasons(boxed) == {"country-box": "warn", "latitude": "warn"}
    assert reasons(turned) == {"axes-country": "fail"}
    assert turned.repairs["repair"].to_list() == ["swap axes"]


def test_without_boundaries_country_and_sea_are_not_checked():
    counts = look(row("P", field(), country="CD")).counts.rows_by_key("check", named=True, unique=True)

    assert counts["country"]["not_checked"] == counts["sea"]["not_checked"] == 1
    assert counts["country"]["passed"] == 0
    assert counts["outline"] == {"passed": 1, "warned": 0, "failed": 0, "not_checked": 0}


def test_boxes_are_boxes():
    assert BOXES["GH"] == (
        pytest.approx((-3.8, 4.2, 1.7, 11.7)),
    )  # 3.3 W to 1.2 E, 4.7 to 11.2 N, and half a degree
    assert len(BOXES) > 240
    for west, south, east, north in (box for boxes in BOXES.values() for box in boxes):
        assert -180.5 <= west < east <= 180.5
        assert -90 <= south < north <= 90


# -- datum -------------------------------------------------------------------------------------------------------


def moved(shape: shapely.Polygon, datum: str) -> shapely.Polygon:
    x, y = shapely.get_coordinates(shape).T
    return shapely.Polygon(np.column_stack(shifted(x, y)[datum]))


def test_the_shift_of_map_services_is_known():
    # Tiananmen: about 0.0062 degrees east and 0.0014 degrees north in GCJ-02.
    x, y = shifted(np.array([116.3975]), np.array([39.9087]))["GCJ-02"]

    assert x[0] == pytest.approx(116.40374, abs=2e-5)
    assert y[0] == pytest.approx(39.91010, abs=2e-5)


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_reference_tells_the_datum(datum: str):
    true = field(x=101.123456, y=22.543219)
    shift = moved(true, datum)
    references = {"P": shapely.to_wkb(true)}
    told = look(row("P", shift, country="CN"), references=references)
    [fault] = told.checks.filter(pl.col("check") == "datum").rows(named=True)

    assert (fault["reason"], json.loads(fault["values"])["datum"]) == ("datum-shifted", datum)
    assert reasons(look(row("P", true), references=references)) == {"no-finding": "pass"}
    elsewhere = moved(true, datum)
    far = shapely.transform(elsewhere, lambda points: points + 0.01)
    assert "datum-shifted" not in reasons(look(row("P", far), references=references))


def test_a_twin_tells_that_one_of_two_is_shifted():
    true = field(x=101.123456, y=22.543219)
    found = look(row("P", true), row("Q", moved(true, "GCJ-02")), row("R", field(2.0, x=101.2, y=22.6)))

    assert reasons(found)["datum-twin"] == reasons(found, "Q")["datum-twin"] == "warn"
    assert reasons(found, "R") == {"no-finding": "pass"}
    counts = found.counts.rows_by_key("check", named=True, unique=True)["datum"]
    assert (counts["warned"], counts["not_checked"]) == (2, 1)


# -- neighbours --------------------------------------------------------------------------------------------------


def test_one_outline_under_two_ids():
    outline = field()
    turned = shapely.Polygon([*outline.exterior.coords[2:-1], *outline.exterior.coords[:2]][::-1])
    found = look(row("P", outline, supplier="S1"), row("Q", turned, supplier="S2"), row("R", field(x=X + 1)))
    [fault] = found.checks.filter(pl.col("plot") == "P").rows(named=True)

    assert (fault["reason"], fault["result"]) == ("same-outline", "warn")
    assert json.loads(fault["values"]) == {"other": "Q", "supplier": "S2", "count": "2"}
    assert reasons(found, "R") == {"no-finding": "pass"}


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (0.5, "near-duplicate"),
        (4.0, "near-duplicate"),
        (20.0, "overlap"),
        (94.0, "overlap"),
        (97.0, None),
        (101.0, None),
    ],
)
def test_overlaps_of_fields_of_100_m(metres: float, expected: str | None):
    # Two squares of 100 m, moved along one side: at 4 m, 96 of 104 parts are common (92 %); at 94 m, 6 % of each.
    found = look(row("P", field()), row("Q", field(x=X + metres * EAST)))

    assert set(reasons(found)) == {expected or "no-finding"}
    assert set(reasons(found, "Q")) == {expected or "no-finding"}


def test_a_plot_within_another_and_a_point_within_a_plot():
    found = look(
        row("P", field(9, sides=1.2)), row("Q", field(1)),
        row("R", shapely.Point(X + 0.0003, Y + 0.0009), area_ha=Decimal(1)),
    )  # fmt: skip

    assert reasons(found)["overlap"] == reasons(found, "Q")["overlap"] == "warn"
    values = json.loads(found.checks.filter(pl.col("plot") == "Q")["values"][0])
    assert (values["share"], values["other"]) == ("100", "P")
    assert reasons(found, "R") == {"point-inside": "warn"}


@pytest.mark.parametrize(("metres", "near"), [(0.0, True), (9.9, True), (10.2, False)])
def test_points_in_one_place(metres: float, near: bool):
    area = Decimal(1)
    found = look(
        row("P", shapely.Point(X, Y), area_ha=area), row("Q", shapely.Point(X, Y + metres * NORTH), area_ha=area)
    )

    assert ("same-point" in reasons(found)) is near


def test_neighbours_agree_with_a_library():
    random = np.random.default_rng(11)
    shapes = [
        field(
            float(random.uniform(0.2, 6)), X + float(random.uniform(0, 0.012)), Y + float(random.uniform(0, 0.012))
        )
        for _ in range(150)
    ]
    names = [f"P{number:03d}" for number in range(150)]
    found = look(*[row(name, shape) for name, shape in zip(names, shapes, strict=True)])
    counted = {
        plot: int(json.loads(values)["count"])
        for plot, values in found.checks.filter(pl.col("reason") == "overlap").select("plot", "values").iter_rows()
    }
    expected: dict[str, int] = {}
    for p, one_shape in zip(names, shapes, strict=True):
        for q, other in zip(names, shapes, strict=True):
            common = float(shapely.area(shapely.intersection(one_shape, other)))
            smaller = min(float(shapely.area(one_shape)), float(shapely.area(other)))
            union = float(shapely.area(one_shape)) + float(shapely.area(other)) - common
            if p != q and common >= 0.05 * smaller and common < 0.9 * union:
                expected[p] = expected.get(p, 0) + 1

    assert counted == expected


# -- repairs, accounting -----------------------------------------------------------------------------------------


def test_repairs_are_proposals_with_areas():
    tie = ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))
    opened = ring((0, 0), (1, 0), (1, 1), (0, 1))
    found = look(row("P", tie), row("Q", opened), row("R", ring((0, 0), (1, 0), (1, 0), (1, 1), (0, 0))))
    repairs = found.repairs.rows_by_key("plot", named=True, unique=True)

    assert {plot: each["repair"] for plot, each in repairs.items()} == {
        "P": "make valid", "Q": "close", "R": "drop repeated corners",
    }  # fmt: skip
    # The two triangles of the bow tie: half of a square of 111.3 m by 110.6 m; its loops cancel before.
    assert (repairs["P"]["area_before_m2"], repairs["P"]["area_after_m2"]) == (0, pytest.approx(6155, abs=3))
    assert repairs["Q"]["area_after_m2"] == pytest.approx(12310, abs=5)
    assert repairs["R"]["area_before_m2"] == repairs["R"]["area_after_m2"]
    assert all(shapely.is_valid(shapely.from_wkb(each["geometry"])) for each in repairs.values())
    assert set(found.repairs["repair"]) <= set(REPAIRS)


def test_the_order_of_rows_makes_no_difference():
    rows = [row(f"P{k}", field(1 + k / 9, X + k * 0.0005)) for k in range(9)]
    found, turned = look(*rows), look(*rows[::-1])

    assert found.checks.equals(turned.checks)
    assert found.counts.equals(turned.counts)


def test_nothing_to_screen():
    found = screen(PLOTS.empty())

    assert (found.checks.height, found.repairs.height) == (0, 0)
    assert found.checks.schema == PLOT_CHECKS.schema
    assert found.repairs.schema == PLOT_REPAIRS.schema
    assert found.counts.schema == CHECK_COUNTS.schema
    assert set(found.counts["check"]) == set(CHECKS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.none(), st.binary(max_size=60), st.floats().map(lambda x: ring((0, 0), (x, 1), (1, 1), (0, 0)))
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_comes_out_whatever_it_holds(geometries: list[bytes | None]):
    found = look(*[row(f"P{k}", geometry) for k, geometry in enumerate(geometries)])

    assert found.checks["plot"].unique().sort().to_list() == sorted(f"P{k}" for k in range(len(geometries)))
    counts = found.counts
    assert (counts["passed"] + counts["warned"] + counts["failed"] + counts["not_checked"]).to_list() == [
        len(geometries)
    ] * counts.height
    for reason, values in found.checks.select("reason", "values").iter_rows():
        assert REASONS[reason].sentence % json.loads(values) if json.loads(values) else REASONS[reason].sentence


def test_every_reason_belongs_to_a_check():
    assert {reason.check for reason in REASONS.values()} <= {*CHECKS, "all"}
