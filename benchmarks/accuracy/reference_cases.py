"""The published worked examples of the area estimators, worked again."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from landproof.land.estimators import Estimate, Stratum, by_strata, mean, ratio


@dataclass(frozen=True, slots=True)
class Case:
    """What was estimated, what it came to with its error, and what the source prints."""

    name: str
    found: str
    printed: str


CLASSES = ("deforestation", "forest gain", "stable forest", "stable non-forest")
_OLOFSSON = ((66, 0, 5, 4), (0, 55, 8, 12), (1, 0, 153, 11), (2, 1, 9, 313))
_WEIGHTS = (Fraction("0.020"), Fraction("0.015"), Fraction("0.320"), Fraction("0.645"))
_OLOFSSON_HA = 10_000_000 * Fraction(9, 100)
# Windows, with km2 and standard errors of deforestation and of degradation or disturbance (SOURCES.md).
_AMAZON = {
    (1996, 1997): ("45,949.6 (10,640.2)", "37,155.0 (11,347.0)"),
    (2010, 2011): ("22,735.0 (7,877.4)", "67,110.6 (12,455.6)"),
    (2016, 2017): ("20,114.9 (6,375.7)", "61,378.6 (11,023.2)"),
    (1995, 2017): ("349,717.9 (21,344.8)", "416,803.4 (29,886.1)"),
}
# User's and producer's accuracies with standard errors, and area shares with theirs, of classes 1 to 4.
_STEHMAN = {
    "area share": (".3500 (.0822)", ".3400 (.0759)", ".2000 (.0643)", ".1100 (.0307)"),
    "user's accuracy": (".7419 (.1645)", ".5745 (.1248)", ".5000 (.2151)", ".7000 (.1527)"),
    "producer's accuracy": (".6571 (.1477)", ".7941 (.1165)", ".3000 (.1504)", ".6364 (.1623)"),
}


def cases(validation: Path) -> list[Case]:
    """All of them; those that need stored data are left out where it is not there."""
    found = [_olofsson()]
    if (validation / "stehman2014_example").exists():
        found += _stehman(validation / "stehman2014_example" / "sample40.csv")
    if (validation / "amazon_reference_samples").exists():
        found += _amazon(validation / "amazon_reference_samples")
    return found


def _olofsson() -> Case:
    counts = {name: dict(zip(CLASSES, row, strict=True)) for name, row in zip(CLASSES, _OLOFSSON, strict=True)}
    area = by_strata(counts, dict(zip(CLASSES, _WEIGHTS, strict=True))).area["deforestation"]
    value, error = _scaled(area, _OLOFSSON_HA)
    return Case("Olofsson 2014, deforestation, ha, 95 %", f"{value:,.0f} ± {1.96 * error:,.0f}", "21,158 ± 6,158")


def _stehman(path: Path) -> list[Case]:
    units = _rows(path)
    found: list[Case] = []
    for kind, printed in _STEHMAN.items():
        for name, said in zip("1234", printed, strict=True):
            of = {"user's accuracy": "map_class", "producer's accuracy": "ref_class"}.get(kind)
            strata = [
                Stratum(
                    int(held[0]["stratum_size"]),
                    [
                        int(unit["ref_class"] == name and (of is None or unit["map_class"] == name))
                        for unit in held
                    ],
                    [int(unit[of] == name) for unit in held] if of else (),
                )
                for held in (
                    [unit for unit in units if unit["stratum"] == stratum]
                    for stratum in sorted({unit["stratum"] for unit in units})
                )
            ]
            estimate = ratio(strata) if of else mean(strata)
            value, error = _scaled(estimate, Fraction(1))
            text = f"{value:.4f} ({error:.4f})".replace("0.", ".")
            found.append(Case(f"Stehman 2014, class {name}, {kind}", text, said))
    return found


def _amazon(folder: Path) -> list[Case]:
    strata = _rows(folder / "strata.csv")
    units = _rows(folder / "reference_samples.csv")
    weights = {row["strata_code"]: Fraction(row["area_weight"]) for row in strata}
    km2 = Fraction(strata[0]["map_total_pixels"]) * Fraction(strata[0]["pixel_ha"]) / 100
    found: list[Case] = []
    for (first, last), printed in _AMAZON.items():
        counts: dict[str, dict[str, int]] = {code: {} for code in weights}
        for unit in units:
            row, event = counts[unit["Strata_Code"]], first_event(unit, first, last)
            row[event] = row.get(event, 0) + 1
        areas = by_strata(counts, weights).area
        for kind, said in zip(("Deforestation", "D/ND"), printed, strict=True):
            value, error = _scaled(areas[kind], km2)
            found.append(Case(f"Amazon {first}-{last}, {kind}, km²", f"{value:,.1f} ({error:,.1f})", said))
    return found


def first_event(unit: Mapping[str, str], first: int, last: int) -> str:
    """The type of the first event of a unit in a window of years.

    Six units carry a type outside the legend ("deg", "degradation", or none beside a year). As in the published
    script, they count as neither deforestation nor degradation or disturbance.
    """
    for number in "123":
        year = unit[f"Year{number}"]
        if year != "N/A" and first <= int(year) <= last:
            return unit[f"Type{number}"]
    return "none"


def _scaled(estimate: Estimate, whole: Fraction) -> tuple[float, float]:
    if estimate.value is None or estimate.standard_error is None:
        raise ValueError("a reference case must have an estimate and an error")
    return float(estimate.value * whole), float(estimate.standard_error) * float(whole)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
