"""Reported events on the land: of which harm they are, and whether their dates prove it (clause 3.1)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from landproof.criteria.evidence import is_cited, with_document
from landproof.criteria.ladder import first_reason

SQUARE_METRES_PER_HECTARE = 10_000
FOREST_CLASSES = ("primary", "naturally regenerating", "planted", "plantation", "other wooded land")

_KIND, _USE = pl.col("kind"), pl.col("use_after")
_NO_FARM_USE = ("other", "none")


def _never() -> pl.Expr:
    return pl.lit(False)


def _nothing() -> pl.Expr:
    return pl.lit(None, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Reported:
    """Which events a rule looks at.

    ``concerns``: true where the event is of the harm in question, null where that is unknown.
    ``small``: true where a person must review the finding (AMB-20).
    ``spared``: a reason of its own where the event does not count against the unit, else null.
    """

    concerns: pl.Expr
    small: pl.Expr = field(default_factory=_never)
    spared: pl.Expr = field(default_factory=_nothing)


def last_clean_day(cut_off: date, cut_off_day: str) -> date:
    """The last day on which a change is no conversion (AMB-19)."""
    return cut_off if cut_off_day == "last clean day" else cut_off - timedelta(days=1)


def to_review(forest_area_ha: Decimal, forest_threshold: str, small_findings: str) -> pl.Expr:
    """Findings below the area of a forest go to a person (AMB-20), one of just that area too (AMB-55)."""
    if small_findings == "count":
        return _never()
    limit = pl.lit(int(forest_area_ha * SQUARE_METRES_PER_HECTARE))
    return pl.col("area_m2") <= limit if forest_threshold == "more than" else pl.col("area_m2") < limit


def forest_loss(small: pl.Expr, *, watch: bool = False) -> Reported:
    """Forest turned to farm use; with ``watch``, loss without farm use is named too (Definitions)."""
    spared = pl.when((_KIND == "loss") & _USE.is_in(_NO_FARM_USE) & pl.lit(watch)).then(pl.lit("on-watch"))
    return Reported((_KIND == "loss") & (_USE == "agriculture"), small, spared)


def other_conversion(small: pl.Expr) -> Reported:
    """Conversion of another natural ecosystem, or forest turned to a use other than farming (1.1)."""
    return Reported((_KIND == "conversion") | ((_KIND == "loss") & (_USE == "other")), small)


def forest_type_change(forest_that_counts: str) -> Reported:
    """Forest made plantation or other wooded land, or primary forest made planted (Definitions, AMB-54)."""
    natural = ("primary", "naturally regenerating")
    replanted = natural if forest_that_counts == "primary or naturally regenerating" else ("primary",)
    before, after = _forest_class("from_class"), _forest_class("to_class")
    counts = (before.is_in(natural) & after.is_in(["plantation", "other wooded land"])) | (
        before.is_in(replanted) & (after == "planted")
    )
    return Reported((_KIND == "forest type change") & counts)


def peat_work() -> Reported:
    """Peat drained, developed or burned: any dated event counts (1.1, AMB-22)."""
    return Reported(_KIND.is_in(["peat drainage", "peat development", "peat fire"]))


def degradation(degradation_that_counts: str) -> Reported:
    """Degradation; with "as judged", an event that a document judges slight and no worse is spared (AMB-22)."""
    as_judged = pl.lit(degradation_that_counts == "as judged")
    only_slight = pl.col("severity").list.unique() == pl.lit(["slight"], dtype=pl.List(pl.String))
    documented = is_cited()
    slight = pl.when((_KIND == "degradation") & only_slight & documented & as_judged).then(pl.lit("slight"))
    return Reported(_KIND == "degradation", spared=slight)


def judged_events(
    land_events: pl.DataFrame, documents: pl.DataFrame, last_clean: date, reported: Reported
) -> pl.DataFrame:
    """Events that ``reported`` concerns, with ``reason``; one that ended by ``last_clean`` is left out.

    Only an interval wholly after the last clean day proves, only one wholly before it excuses (AMB-19).
    """
    after = (pl.col("earliest") > pl.lit(last_clean)).eq_missing(True)
    before = (pl.col("latest") <= pl.lit(last_clean)).eq_missing(True)
    return (
        with_document(land_events, documents)
        .with_columns(concerns=reported.concerns, small=reported.small, spared=reported.spared)
        .filter(pl.col("concerns").ne_missing(False) | pl.col("spared").is_not_null())
        .filter(~before | after)
        .with_columns(
            reason=first_reason(
                (pl.col("spared").is_not_null(), pl.col("spared")),
                (pl.col("concerns").is_null(), "event-unclear"),
                (pl.col("earliest").is_null() & pl.col("latest").is_null(), "event-undated"),
                (~after | before, "event-straddles"),
                (pl.col("small"), "event-small"),
                otherwise="event-after",
            ),
        )
    )


def _forest_class(column: str) -> pl.Expr:
    """A forest class as people write it, "Primary forest" too; null when it is none that we know."""
    name = pl.col(column).str.strip_chars().str.to_lowercase().str.strip_suffix(" forest")
    return pl.when(name.is_in(FOREST_CLASSES)).then(name)
