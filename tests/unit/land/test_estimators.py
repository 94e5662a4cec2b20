"""The published worked examples, figure by figure, and what happens when a stratum was not looked at."""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from landproof.land.estimators import UNKNOWN, Estimate, Stratum, by_strata, mean, ratio

VALIDATION = Path(__file__).parents[3].parent / "shared" / "data" / "validation"

# Olofsson et al. 2014, table 8: rows of the map (strata), columns of the reference.
CLASSES = ("deforestation", "gain", "forest", "non-forest")
MATRIX = ((66, 0, 5, 4), (0, 55, 8, 12), (1, 0, 153, 11), (2, 1, 9, 313))
WEIGHTS = dict(
    zip(CLASSES, (Fraction(2, 100), Fraction(15, 1000), Fraction(32, 100), Fraction(645, 1000)), strict=True)
)
COUNTS = {name: dict(zip(CLASSES, row, strict=True)) for name, row in zip(CLASSES, MATRIX, strict=True)}
PIXELS, HECTARES = 10_000_000, Fraction(9, 100)


def test_olofsson_2014_area_of_deforestation():
    area = by_strata(COUNTS, WEIGHTS).area["deforestation"]
    whole = PIXELS * HECTARES

    assert round(float(area.value * whole)) == 21_158
    assert round(1.96 * float(area.standard_error) * float(whole)) == 6_158


@pytest.mark.parametrize("name", CLASSES)
def test_both_forms_agree_where_strata_are_map_classes(name: str):
    """Stehman's ratio form shares no line with Olofsson's; at a vanishing sampling fraction the two are one."""
    huge = 10**15
    units = [
        (stratum, reference)
        for stratum, row in COUNTS.items()
        for reference, number in row.items()
        for _ in range(number)
    ]

    def strata(y: Callable[[tuple[str, str]], bool], of: Callable[[tuple[str, str]], bool]) -> list[Stratum]:
        return [
            Stratum(
                int(WEIGHTS[stratum] * huge),
                [int(y(unit)) for unit in units if unit[0] == stratum],
                [int(of(unit)) for unit in units if unit[0] == stratum],
            )
            for stratum in CLASSES
        ]

    def hit(unit: tuple[str, str]) -> bool:
        return unit == (name, name)

    def mapped(unit: tuple[str, str]) -> bool:
        return unit[0] == name

    def there(unit: tuple[str, str]) -> bool:
        return unit[1] == name

    found = by_strata(COUNTS, WEIGHTS)
    same(found.users[name], ratio(strata(hit, mapped)))
    same(found.producers[name], ratio(strata(hit, there)))
    same(found.area[name], mean(strata(there, there)))
    same(found.overall, mean(strata(lambda unit: unit[0] == unit[1], there)))


def same(one: Estimate, other: Estimate) -> None:
    assert one.value == other.value
    assert float(one.variance) == pytest.approx(float(other.variance), rel=1e-9)


def test_olofsson_2014_users_accuracy_by_hand():
    # 66 of 75 right: .88, and the root of .88 * .12 / 74.
    found = by_strata(COUNTS, WEIGHTS).users["deforestation"]

    assert found.value == Fraction(88, 100)
    assert found.variance == Fraction(88 * 12, 740_000)


def test_a_hand_counted_sample():
    # Half the area has 1 of 2 right, half has 2 of 2: p = .75; variance .25 * .25 / 1 + 0.
    found = by_strata({"a": {"a": 1, "b": 1}, "b": {"b": 2}}, {"a": Fraction(1, 2), "b": Fraction(1, 2)})

    assert found.overall == Estimate(Fraction(3, 4), Fraction(1, 16))
    assert found.area["a"] == Estimate(Fraction(1, 4), Fraction(1, 16))
    assert found.overall.standard_error == Decimal("0.25")


def test_a_stratum_nobody_looked_at_leaves_areas_unknown():
    found = by_strata({"a": {"a": 2, "b": 1}, "b": {}}, {"a": Fraction(1, 2), "b": Fraction(1, 2)})

    assert found.area["a"] == found.overall == found.producers["a"] == UNKNOWN
    assert found.users["a"].value == Fraction(2, 3)
    assert found.users["b"] == UNKNOWN


def test_one_unit_tells_no_variance():
    found = by_strata({"a": {"a": 1}}, {"a": Fraction(1)})

    assert found.overall == Estimate(Fraction(1), None)
    assert found.overall.standard_error is None


def test_a_stratum_without_area_counts_nothing():
    found = by_strata({"a": {"a": 2, "b": 2}, "b": {}}, {"a": Fraction(1), "b": Fraction(0)})

    assert found.area["b"].value == Fraction(1, 2)


def test_nothing_at_all_is_unknown():
    assert by_strata({}, {}).overall == mean([]) == ratio([]) == UNKNOWN
    assert mean([Stratum(10, [])]) == UNKNOWN
    assert ratio([Stratum(10, [0, 0], [0, 0])]) == UNKNOWN


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: by_strata({"a": {"a": -1}}, {"a": Fraction(1)}),
        lambda: by_strata({"a": {"a": 1}}, {"a": Fraction(-1)}),
        lambda: mean([Stratum(1, [0, 1])]),
        lambda: ratio([Stratum(3, [0, 1], [1])]),
    ],
)
def test_samples_that_cannot_be_are_refused(wrong: Callable[[], object]):
    with pytest.raises(ValueError, match=r"negative|fewer"):
        wrong()


def test_a_census_has_no_error():
    assert mean([Stratum(3, [0, 1, 1])]) == Estimate(Fraction(2, 3), Fraction(0))


def read(name: str) -> list[dict[str, str]]:
    path = VALIDATION / name
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stehman(y: Callable[[dict[str, str]], bool], x: Callable[[dict[str, str]], bool]) -> list[Stratum]:
    strata: dict[str, list[dict[str, str]]] = {}
    for unit in read("stehman2014_example/sample40.csv"):
        strata.setdefault(unit["stratum"], []).append(unit)
    return [
        Stratum(int(units[0]["stratum_size"]), [int(y(unit)) for unit in units], [int(x(unit)) for unit in units])
        for units in strata.values()
    ]


def of(key: str, name: str) -> Callable[[dict[str, str]], bool]:
    return lambda unit: unit[key] == name


def right(unit: dict[str, str]) -> bool:
    return unit["map_class"] == unit["ref_class"]


@pytest.mark.parametrize(
    ("name", "area", "error"),
    [("1", "0.35", "0.082248"), ("2", "0.34", "0.075853"), ("3", "0.20", "0.064280"), ("4", "0.11", "0.030722")],
)
def test_stehman_2014_area_shares(name: str, area: str, error: str):
    found = mean(stehman(of("ref_class", name), right))

    assert found.value == Fraction(area)
    assert f"{found.standard_error:.6f}" == error


def test_stehman_2014_overall_accuracy():
    found = mean(stehman(right, right))

    assert found.value == Fraction(63, 100)
    assert f"{found.standard_error:.4f}" == "0.0846"


@pytest.mark.parametrize(
    ("key", "name", "accuracy", "error"),
    [
        ("map_class", "1", ".7419", ".1645"),
        ("map_class", "2", ".5745", ".1248"),
        ("map_class", "3", ".5000", ".2151"),
        ("map_class", "4", ".7000", ".1527"),
        ("ref_class", "1", ".6571", ".1477"),
        ("ref_class", "2", ".7941", ".1165"),
        ("ref_class", "3", ".3000", ".1504"),
        ("ref_class", "4", ".6364", ".1623"),
    ],
)
def test_stehman_2014_users_and_producers_accuracy(key: str, name: str, accuracy: str, error: str):
    found = ratio(stehman(lambda unit: right(unit) and unit[key] == name, of(key, name)))

    assert f"{float(found.value):.4f}".lstrip("0") == accuracy
    assert f"{found.standard_error:.4f}".lstrip("0") == error


def first_event(unit: dict[str, str], first: int, last: int) -> str:
    for number in "123":
        year = unit[f"Year{number}"]
        if year != "N/A" and first <= int(year) <= last:
            return unit[f"Type{number}"]
    return "none"


@pytest.mark.parametrize(
    ("first", "last", "kind", "area", "error"),
    [
        (1996, 1997, "Deforestation", "45949.6", "10640.2"),
        (1996, 1997, "D/ND", "37155.0", "11347.0"),
        (2010, 2011, "Deforestation", "22735.0", "7877.4"),
        (2010, 2011, "D/ND", "67110.6", "12455.6"),
        (2016, 2017, "Deforestation", "20114.9", "6375.7"),
        (2016, 2017, "D/ND", "61378.6", "11023.2"),
        (1995, 2017, "Deforestation", "349717.9", "21344.8"),
        (1995, 2017, "D/ND", "416803.4", "29886.1"),
    ],
)
def test_amazon_sample_by_window(first: int, last: int, kind: str, area: str, error: str):
    strata = read("amazon_reference_samples/strata.csv")
    counts: dict[str, dict[str, int]] = {row["strata_code"]: {} for row in strata}
    for unit in read("amazon_reference_samples/reference_samples.csv"):
        row = counts[unit["Strata_Code"]]
        event = first_event(unit, first, last)
        row[event] = row.get(event, 0) + 1
    weights = {row["strata_code"]: Fraction(row["area_weight"]) for row in strata}
    km2 = Fraction(strata[0]["map_total_pixels"]) * Fraction(strata[0]["pixel_ha"]) / 100

    found = by_strata(counts, weights).area[kind]

    assert f"{float(found.value * km2):.1f}" == area
    assert f"{float(found.standard_error) * float(km2):.1f}" == error
