"""An invented company whose provable share can be worked out by hand.

| position | supplier, commodity, origin | spend | falls short at |
|---|---|---|---|
| P-1 | S-1 soy BR | 400,000 | provable: both plots met |
| P-2 | S-2 soy BR | 100,000 | a tenth of its mass has no plot |
| P-3 | S-3 cocoa CI | 300,000 | mass balance |
| P-4 | S-4 palm oil ID | 150,000 | plot L-4 converted in 2022 |
| P-5 | S-5 wheat AU | 46,000 | provable: low risk, the country suffices |
| P-6 | S-6 tea CN | 4,000 | below 1 %, not assessed |

Net agri-food spend 1,000,000; provable 446,000 = 44.6 %. Bought 1,050,000: 50,000 are uniforms.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import shapely

from landproof.criteria.edition import Edition
from landproof.criteria.judge import FINDINGS
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.outcome import Outcome
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.reference.editions import read_edition
from landproof.reporting import Assessment

SOURCE = "a" * 64
REPORT_PDF = "b" * 64
LAND = ("DCF-3.1-1", "DCF-3.1-2", "DCF-3.1-4", "DCF-3.1-5")
REASONS = {
    "DCF-3.1-1": {
        "forest-lost": "Plot %(subject)s lost %(area_ha)s ha of forest between %(earliest)s and %(latest)s."
    },
    "DCF-3.3-1": {"not-to-plot": "Part of position %(subject)s is traced to %(depth)s only."},
    "DCF-3.3-11": {"refused": "Position %(subject)s passed a step of %(custody)s, which clause 3.3 refuses."},
    "DCF-3.4-1": {"no-system": "No due diligence system is on file."},
}

# position, supplier, commodity, country, spend, assessed, required depth, depth, custody, plots
POSITIONS = (
    ("P-1", "S-1", "soy", "BR", "400000", True, "plot", "plot", "segregated", ("L-1", "L-2")),
    ("P-2", "S-2", "soy", "BR", "100000", True, "plot", "country", "segregated", ("L-3",)),
    ("P-3", "S-3", "cocoa", "CI", "300000", True, "plot", "plot", "mass balance", ("L-5", "L-6")),
    ("P-4", "S-4", "palm oil", "ID", "150000", True, "plot", "plot", "identity preserved", ("L-4", "L-7")),
    ("P-5", "S-5", "wheat", "AU", "46000", True, "country", "country", "segregated", ()),
    ("P-6", "S-6", "tea", "CN", "4000", False, "country", "none", None, ()),
)
# plot, commodity, country, longitude, latitude, hectares
PLOTS = (
    ("L-1", "soy", "BR", -55.1, -12.3, "120"),
    ("L-2", "soy", "BR", -55.3, -12.5, "80.5"),
    ("L-3", "soy", "BR", -54.6, -12.1, "44"),
    ("L-4", "palm oil", "ID", 101.4, 0.5, "3.2"),
    ("L-5", "cocoa", "CI", -6.2, 6.4, "2.1"),
    ("L-6", "cocoa", "CI", -6.25, 6.43, "1.7"),
    ("L-7", "palm oil", "ID", 101.5, 0.7, "2.9"),
)


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of a fact or derived table; what is left out is null."""
    table = {**FACTS, **DERIVED, "rejects": REJECTS}[name]
    schema = table.schema
    listed = list(rows)
    columns = {
        column: pl.Series(column, [row.get(column) for row in listed], dtype=schema[column], strict=False)
        for column in schema
    }
    return conform(pl.DataFrame(columns), table)


def tables() -> dict[str, pl.DataFrame]:
    """All tables of the invented company."""
    place = {name: number for number, (name, *_) in enumerate(POSITIONS, start=1)}
    return {
        "application": frame("application", [{"application": "A-1", "currency": "CNY"}]),
        "purchases": frame("purchases", _purchases(place)),
        "line_goods": frame(
            "line_goods",
            [
                {"line": f"00{place[name]}", "commodity": commodity, "position": name, "lot": f"LOT-{place[name]}",
                 "mass_g": Decimal(1_000_000), "spend": Decimal(spend)}
                for name, _, commodity, _, spend, *_ in POSITIONS
            ],
        ),
        "materiality": frame("materiality", _materiality()),
        "positions": frame(
            "positions",
            [
                {"position": name, "supplier": supplier, "commodity": commodity, "country": country,
                 "spend": Decimal(spend), "assessed": assessed, "mass_g": Decimal(1_000_000),
                 "livestock": False, "list": "EUDR-2025", "lines": 1}
                for name, supplier, commodity, country, spend, assessed, *_ in POSITIONS
            ],
        ),
        "depth": frame("depth", [{"position": row[0], "required": row[6], "level": "high"} for row in POSITIONS]),
        "traces": frame("traces", [_trace(place[row[0]], row) for row in POSITIONS]),
        "lot_plots": frame(
            "lot_plots",
            [{"lot": f"LOT-{place[row[0]]}", "plot": plot, "mass_g": 1} for row in POSITIONS for plot in row[9]],
        ),
        "lot_status": frame(
            "lot_status",
            [{"lot": f"LOT-{place[row[0]]}", "plot_g": len(row[9]), "mass_g": 1_000_000} for row in POSITIONS],
        ),
        "units": frame("units", [{"plot": plot, "commodity": what, "wood": False} for plot, what, *_ in PLOTS]),
        "plots": frame(
            "plots",
            [
                {"plot": plot, "commodity": what, "country": country, "area_ha": Decimal(area),
                 "geometry": shapely.to_wkb(shapely.Point(east, north))}
                for plot, what, country, east, north, area in PLOTS
            ],
        ),
        "plot_status": frame(
            "plot_status",
            [
                {"plot": plot, "harm": harm, "verdict": "converted" if (plot, harm) == ("L-4", "deforestation")
                 else "not converted", "reasons": ["loss-after"] if plot == "L-4" else []}
                for plot, *_ in PLOTS for harm in ("deforestation", "conversion")
            ],
        ),
        "origin_risk": frame(
            "origin_risk",
            [
                {"commodity": what, "country": country, "list": "EUDR-2025", "list_from": date(2025, 5, 26),
                 "listed_level": listed, "basis": "list", "deforestation_level": level, "level": level}
                for what, country, listed, level in (
                    ("soy", "BR", "standard", "high"), ("cocoa", "CI", "standard", "high"),
                    ("palm oil", "ID", "standard", "high"), ("wheat", "AU", "low", "low"),
                    ("tea", "TW", "not listed", "high"),
                )
            ],
        ),
        "documents": pl.DataFrame({"reference": ["ledger.xlsx", "policy.pdf"], "digest": [SOURCE, REPORT_PDF]}),
    }  # fmt: skip


def _purchases(place: Mapping[str, int]) -> list[dict[str, Any]]:
    bought = [
        {"line": f"00{place[name]}", "supplier": supplier, "product": f"G-{place[name]}", "currency": "CNY",
         "net_spend": Decimal(spend), "source": SOURCE, "source_row": place[name] + 1}
        for name, supplier, _, _, spend, *_ in POSITIONS
    ]  # fmt: skip
    uniforms = {"line": "007", "product": "U-1", "currency": "CNY", "net_spend": Decimal(50000),
                "source": SOURCE, "source_row": 8}  # fmt: skip
    return [*bought, uniforms]


def _materiality() -> list[dict[str, Any]]:
    spend = {"soy": 500000, "cocoa": 300000, "palm oil": 150000, "wheat": 46000, "tea": 4000}
    return [
        {"commodity": name, "spend": Decimal(amount), "whole": Decimal(1000000),
         "reaches_threshold": name != "tea", "assessed": name != "tea", "added_for_coverage": False,
         "other_key_crosses": False}
        for name, amount in spend.items()
    ]  # fmt: skip


def _trace(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    million = Decimal(1_000_000)
    to_plot = {"P-2": million * 9 / 10}.get(row[0], million if row[7] == "plot" else Decimal(0))
    to_country = million - to_plot if row[7] in ("plot", "country") else Decimal(0)
    return {
        "line": f"00{number}", "commodity": row[2], "position": row[0], "lot": f"LOT-{number}",
        "bought_g": million, "plot_g": to_plot, "country_g": to_country,
        "untraced_g": million - to_plot - to_country, "depth": row[7], "custody": row[8],
        "custody_unknown": row[8] is None,
    }  # fmt: skip


def finding(
    rule: str, subject: str, outcome: Outcome, reason: str, values: str = "{}", **more: Any
) -> dict[str, Any]:
    """One row of the findings table."""
    return {
        "rule": rule, "subject": subject, "outcome": outcome.value, "reason": reason, "values": values,
        "part": None, "whole": None, "unit": None, "readings": [], "evidence": [], **more,
    }  # fmt: skip


def findings(edition: Edition, special: Iterable[dict[str, Any]] | None = None) -> pl.DataFrame:
    """Every rule holds for the company as a whole, but for ``special`` rules."""
    given = list(special_findings() if special is None else special)
    named = {row["rule"] for row in given}
    rest = [finding(rule, "entity", Outcome.MET, "holds") for rule in edition.rules if rule not in named]
    order = {rule: number for number, rule in enumerate(edition.rules)}
    rows = sorted([*given, *rest], key=lambda row: (order[row["rule"]], row["subject"], row["outcome"]))
    return pl.DataFrame(rows, schema=FINDINGS)


def special_findings() -> list[dict[str, Any]]:
    """What does not simply hold."""
    met = [finding(rule, plot, Outcome.MET, "holds") for rule in LAND for plot, *_ in PLOTS
           if (rule, plot) != ("DCF-3.1-1", "L-4")]  # fmt: skip
    return [
        *met,
        finding("DCF-3.1-1", "L-4", Outcome.NOT_MET, "forest-lost",
                '{"area_ha":"1.250000","earliest":"2022-03-01","latest":"2022-04-30"}',
                part="12500", whole="32000", unit="square metres", readings=["AMB-19=calendar"],
                evidence=[REPORT_PDF]),
        finding("DCF-3.1-3", "entity", Outcome.NOT_APPLICABLE, "condition-absent"),
        finding("DCF-3.3-1", "P-1", Outcome.MET, "holds"),
        finding("DCF-3.3-1", "P-2", Outcome.NOT_MET, "not-to-plot", '{"depth":"country"}',
                part="900000", whole="1000000", unit="g"),
        finding("DCF-3.3-1", "P-4", Outcome.MET, "holds"),
        finding("DCF-3.3-11", "P-3", Outcome.NOT_MET, "refused", '{"custody":"mass balance"}'),
        finding("DCF-3.4-1", "entity", Outcome.INSUFFICIENT, "no-document", "{}"),
        finding("DCF-LC-1", "entity", Outcome.NOT_APPLICABLE, "not-yet"),
        finding("DCF-2.4-2", "entity", Outcome.MET, "holds", part="996000", whole="1000000", unit="spend"),
    ]  # fmt: skip


def rejected_rows() -> pl.DataFrame:
    """One row that could not be read."""
    return frame(
        "rejects",
        [
            {"source": SOURCE, "source_name": "ledger.xlsx", "sheet": "2026", "source_row": 9,
             "table": "purchases", "field": "net_spend", "value": "12,oo",
             "reason": "%(value)s is no number.", "remedy": "Write digits only.", "values": '{"value":"12,oo"}'},
        ],
    )  # fmt: skip


def assessment(**changes: Any) -> Assessment:
    """The judged case; ``changes`` replace fields of the assessment."""
    edition = read_edition()
    fields: dict[str, Any] = {
        "company": "绿穗食品 Green Ear Foods",
        "case": "green-ear-2026",
        "stage": "apply",
        "as_of": date(2026, 11, 21),
        "period": (date(2025, 7, 1), date(2026, 6, 30)),
        "edition": edition,
        "findings": findings(edition),
        "tables": tables(),
        "verdict": Outcome.NOT_MET,
        "rejects": rejected_rows(),
        "layers": pl.DataFrame(
            {"layer": ["jrc_gfc2020_v3"], "title": ["JRC Global Forest Cover 2020 V3"], "version": ["V3"],
             "licence": ["free use with attribution"], "file": ["gfc.tif"], "sha256": ["c" * 64]}
        ),
        "manifest": {"run": "d" * 64, "landproof": "0.1.0", "tables": {"purchases": ["e" * 64]}},
        "reasons": REASONS,
    }  # fmt: skip
    return Assessment(**(fields | changes))
