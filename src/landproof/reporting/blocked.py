"""What blocks each product, shortest explanation first found: the obstacle that is nearest to what was bought."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from landproof.domain.messages import text
from landproof.domain.vocabulary import CUSTODY_MODELS
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Id, Many, Mass, Reference, Sentence, Word, say
from landproof.reporting.findings import to_rule
from landproof.reporting.nodes import Column, FrameRows, Row, Table
from landproof.reporting.subjects import id_cell

_ROWS: Final = 20
_COLUMNS: Final = (
    Column("product", text("Product"), weight=4),
    Column("bought", text("Bought"), numeric=True, weight=4),
    Column("blocked", text("Blocked"), numeric=True, weight=4),
    Column("obstacle", text("What stands in the way, the nearest"), weight=10),
    Column("where", text("Delivery or event, place, day"), weight=7),
    Column("mixed", text("Taken in by"), weight=7),
)
_NO_LOT: Final = "no lot"
_SAID: Final[Mapping[str, str]] = {
    _NO_LOT: text("its purchase lines name no lot"),
    "unknown origin": text("%(mass)s in lot %(at)s come from nobody knows where"),
    "lot not on file": text("%(mass)s come from lot %(at)s, which nobody has described"),
    "plot not on file": text("%(mass)s come from plot %(at)s, which is not on file"),
    "country only": text("of %(mass)s in lot %(at)s only the country is known"),
    "loop": text("lot %(at)s is made of itself"),
    "no custody model": text("a step into lot %(at)s does not say how goods were kept apart"),
    "custody not proven": text("nothing proves how goods were kept apart at a step into lot %(at)s"),
    "plot not shown unconverted": text("plot %(at)s is not shown to be free of deforestation and conversion"),
    **dict.fromkeys(CUSTODY_MODELS[2:], text("%(mass)s went into lot %(at)s under %(model)s")),
}
_UNWEIGHED: Final[Mapping[str, str]] = {
    "unknown origin": text("what is in lot %(at)s comes from nobody knows where"),
    "lot not on file": text("goods come from lot %(at)s, which nobody has described"),
    "plot not on file": text("goods come from plot %(at)s, which is not on file"),
    "country only": text("of what is in lot %(at)s only the country is known"),
    **dict.fromkeys(CUSTODY_MODELS[2:], text("goods went into lot %(at)s under %(model)s")),
}
_RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "plot not shown unconverted": ("DCF-3.1-1", "DCF-3.1-2"),
    **dict.fromkeys(("no custody model", "custody not proven", *CUSTODY_MODELS[2:]), ("DCF-3.3-11",)),
}


def blocked_products(assessment: Assessment) -> Table:
    """For each product with something in its way, the mass blocked, and the nearest obstacle.

    Of equally near ones that which blocks most; then by its own key.
    """
    lines = assessment.table("purchases").select("product", "lot", grams=pl.col("quantity_g").clip(lower_bound=0))
    obstacles = assessment.table("lot_obstacles")
    held = (
        lines.join(obstacles, on="lot", how="left")
        .with_columns(
            pl.when(pl.col("lot").is_null()).then(pl.lit(_NO_LOT)).otherwise("obstacle").alias("obstacle")
        )
        .filter(pl.col("obstacle").is_not_null())
    )
    key = ["obstacle", "at", "mass_g", "fact", "facility", "on", "mixed_by", "mixed_in", "mixed_at", "mixed_on"]
    nearest = (
        held.group_by("product", *key)
        .agg(pl.col("steps").min().fill_null(0), blocks=pl.col("grams").sum())
        .sort("steps", "blocks", *key, descending=[False, True, *[False] * len(key)])
        .unique("product", keep="first", maintain_order=True)
    )
    # A sum of which a part is unknown is unknown.
    whole = pl.when(pl.col("grams").is_not_null().all()).then(pl.col("grams").sum())
    bought = lines.group_by("product").agg(bought=whole)
    frame = (
        held.group_by("product")
        .agg(blocked=whole)
        .join(nearest, on="product", nulls_equal=True)
        .join(bought, on="product", nulls_equal=True)
        .sort("blocked", "product", descending=[True, False], nulls_last=False)
    )
    title = say(text("What blocks each product"))
    empty = say(text("Nothing stands in the way of any product."))
    return Table("blocked", title, _COLUMNS, FrameRows(frame, _row), shown=_ROWS, empty=empty)


def _row(row: Mapping[str, Any]) -> Row:
    rules = _RULES.get(row["obstacle"], ("DCF-3.3-0",))
    return Row(
        (
            id_cell(row["product"]),
            _mass(row["bought"]),
            _mass(row["blocked"]),
            _obstacle(row),
            _listed(row["fact"], row["facility"], row["on"]),
            _listed(row["mixed_by"], row["mixed_in"], row["mixed_at"], row["mixed_on"]),
        ),
        proof=(
            (text("Rules"), Many(tuple(to_rule(rule) for rule in rules))),
            (text("Sourcing positions"), Reference("table-positions", say(text("all sourcing positions")))),
        ),
    )


def _mass(grams: int | None) -> Cell:
    return None if grams is None else Mass(Decimal(grams))


def _obstacle(row: Mapping[str, Any]) -> Sentence:
    kind, grams = row["obstacle"], row["mass_g"]
    said = _SAID[kind] if grams else _UNWEIGHED.get(kind, _SAID[kind])
    return say(said, at=id_cell(row["at"]), mass=Mass(Decimal(grams or 0)), model=Word(kind))


def _listed(*parts: Any) -> Cell:
    shown: list[Cell] = [Id(part) if isinstance(part, str) else part for part in parts if part is not None]
    return Many(tuple(shown)) if shown else ""
