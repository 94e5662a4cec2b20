"""Clauses 2.1 to 2.3: which goods count."""

from datetime import date

import polars as pl

from landproof.chain.obligations import rated
from landproof.criteria.evidence import (
    best,
    citation_problem,
    judge_entity,
    judge_evidence,
    uncited,
    with_document,
)
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.steps.goods import kinds_outside, product_scope
from landproof.criteria.steps.scope import animal_products, names_feed
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.messages import text
from landproof.domain.vocabulary import WOOD_COMMODITIES

_NO_RECIPE = text("There is no recipe for %(subject)s, so its commodities are unknown.")
_CITED = ("no-document", "document-not-in-case", "no-page")


@rule(
    "DCF-2.1-3",
    reasons={
        "no-recipe": _NO_RECIPE,
        "recipe-incomplete": text("The recipe of %(subject)s does not account for all of it."),
        "mapped": text("%(subject)s is mapped to commodities: %(commodities)s."),
        "outside-listed": text("%(subject)s is documented as outside the scope; it stays in no total."),
        "product-missing": text("Purchase lines without a product: their goods are unknown."),
    },
)
def every_good_mapped(
    purchases: pl.DataFrame,
    goods: pl.DataFrame,
    recipes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    not_land_grown: str,
) -> pl.DataFrame:
    """Each purchased good is mapped to commodities by a documented recipe or commodity map (AMB-08)."""
    outside_reason = {"outside": "outside-listed"}[not_land_grown]
    bought = purchases.select("product").unique().with_columns(subject=pl.col("product").fill_null("?"))
    parts = (
        bought.join(goods, on="product", how="left")
        .group_by("subject", "product")
        .agg(
            unknown=(pl.col("commodity").fill_null(UNKNOWN_COMMODITY) == UNKNOWN_COMMODITY).any(),
            commodities=pl.col("commodity").filter(pl.col("commodity") != UNKNOWN_COMMODITY).sort().str.join(", "),
            outside=pl.col("in_scope").eq_missing(False).all(),
        )
    )
    cited = (
        with_document(recipes, documents)
        .with_columns(subject="product", reason=citation_problem().fill_null("mapped"))
        .pipe(best, (*_CITED, "mapped"))
        .rename({"reason": "cited"})
    )
    maps = _about(bought, evidence, documents, "commodity map", period_start, period_end)
    reason = first_reason(
        (pl.col("product").is_null(), "product-missing"),
        (pl.col("outside"), outside_reason),
        (pl.col("stated") == "says-no", "says-no"),
        (pl.col("commodities") == "", "no-recipe"),
        (pl.col("unknown"), "recipe-incomplete"),
        (pl.col("stated") == "holds", "mapped"),
        otherwise=pl.col("cited"),
    )
    return (
        parts.join(cited, on="subject", how="left")
        .join(maps, on="subject", how="left")
        .with_columns(reason=reason)
        .select(
            "subject",
            "reason",
            "commodities",
            outcome=outcome_of("mapped", not_met=("says-no",), not_applicable=(outside_reason,)),
            evidence=pl.when(pl.col("stated").is_in(["holds", "says-no"]))
            .then(pl.col("used"))
            .otherwise(pl.col("evidence")),
        )
    )


def _about(
    products: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    topic: str,
    start: date | None,
    end: date | None,
) -> pl.DataFrame:
    """What is on file about ``topic`` for each product: ``subject, stated, used``."""
    prefix = "product:"
    words = products.select(subject=pl.lit(prefix) + pl.col("subject"))
    found = judge_evidence(evidence, documents, words, topic=topic, start=start, end=end)
    return found.select(subject=pl.col("subject").str.strip_prefix(prefix), stated="reason", used="evidence")


_FEED_ORDER = (
    "feed-missing", "feed-unknown", "feed-ratio-missing", "feed-origin-missing", "feed-estimated", *_CITED,
    "feed-on-file", "no-feed",
)  # fmt: skip


@rule(
    "DCF-2.1-4",
    absent_when_empty="goods",
    reasons={
        "kind-unknown": text(
            "Neither the kind nor the recipe of %(subject)s is known, so it may be an animal product."
        ),
        "feed-missing": text("There is no feed record for %(subject)s that covers each of its suppliers."),
        "feed-unknown": text("A feed record of %(subject)s does not name the feed commodity."),
        "feed-ratio-missing": text("A feed record of %(subject)s does not say how much feed a kilogram takes."),
        "feed-origin-missing": text("A feed record of %(subject)s does not say where the feed was grown."),
        "feed-estimated": text("A feed record of %(subject)s is an estimate."),
        "feed-on-file": text("The feed of %(subject)s is on file; it follows the animal product."),
        "no-feed": text("%(subject)s is documented as raised without agri-food feed."),
    },
)
def feed_counts(
    goods: pl.DataFrame,
    materiality: pl.DataFrame,
    purchases: pl.DataFrame,
    feed: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    feed_threshold: str,
) -> pl.DataFrame:
    """Every animal product in scope has documented feed from each supplier, or a statement of none (AMB-09)."""
    # The only reading: no test of its own, so feed is asked for whenever its product is assessed.
    asked = {"follows the product": pl.col("assessed")}[feed_threshold]
    animals = animal_products(goods, materiality).filter(asked).select("product")
    sold_by = animals.join(purchases.select("product", "supplier").unique(), on="product", how="left")
    pairs = sold_by.with_row_index("pair")
    records = with_document(rated(feed, documents), documents).rename({"supplier": "feed_supplier"})
    covering = pairs.join(records, on="product").filter(
        pl.col("feed_supplier").is_null() | pl.col("feed_supplier").eq_missing(pl.col("supplier"))
    )
    reason = first_reason(
        (names_feed() & pl.col("commodity").is_null(), "feed-unknown"),
        (names_feed() & pl.col("top").is_null(), "feed-ratio-missing"),
        (names_feed() & pl.col("country").is_null(), "feed-origin-missing"),
        (pl.col("estimate").eq_missing(True), "feed-estimated"),
        *uncited(),
        (~names_feed(), "no-feed"),
        otherwise="feed-on-file",
    )
    missing = pairs.join(covering, on="pair", how="anti").with_columns(
        reason=pl.lit("feed-missing"), digest=pl.lit(None, dtype=pl.String)
    )
    judged = pl.concat(
        [
            each.select("digest", "reason", subject="product")
            for each in (covering.with_columns(reason=reason), missing)
        ]
    )
    unclear = goods.filter(
        pl.col("kind").is_null()
        & (pl.col("commodity") == UNKNOWN_COMMODITY)
        & pl.col("in_scope").ne_missing(False)
    ).select(subject="product", reason=pl.lit("kind-unknown"), evidence=pl.lit([], dtype=pl.List(pl.String)))
    return pl.concat([best(judged, _FEED_ORDER), unclear.join(judged, on="subject", how="anti")]).with_columns(
        outcome=outcome_of("feed-on-file", "no-feed")
    )


@rule(
    "DCF-2.2-1",
    absent_when_empty="recipes",
    reasons={
        "mapped-to-parent": text("The derivatives of %(subject)s are counted as the commodity they come from."),
        "not-mapped-to-parent": text("%(subject)s counts %(derivatives)s as a commodity of its own."),
    },
)
def derivatives_mapped(
    recipes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
) -> pl.DataFrame:
    """A derivative is mapped to its parent commodity, by conversion factors or a documented recipe."""
    derivatives = derivative_names(recipes)
    rows = with_document(recipes, documents).with_columns(
        subject="product",
        own=_word("commodity").is_in(derivatives.implode()).fill_null(False),
        cited=citation_problem(),
    )
    products = (
        rows.filter(pl.col("derivative").is_not_null() | pl.col("own"))
        .group_by("subject")
        .agg(
            own=pl.col("own").any(),
            derivatives=pl.col("commodity").filter("own").sort().str.join(", "),
            cited=pl.col("cited").drop_nulls().sort().first(),
            evidence=pl.col("digest").drop_nulls().unique().sort(),
        )
    )
    factors = _about(products, evidence, documents, "conversion factors", period_start, period_end)
    reason = first_reason(
        (pl.col("own"), "not-mapped-to-parent"),
        (pl.col("stated") == "says-no", "says-no"),
        ((pl.col("stated") == "holds") | pl.col("cited").is_null(), "mapped-to-parent"),
        otherwise=pl.col("cited"),
    )
    return (
        products.join(factors, on="subject", how="left")
        .with_columns(reason=reason, evidence=digests("evidence", "used"))
        .with_columns(outcome=outcome_of("mapped-to-parent", not_met=("not-mapped-to-parent", "says-no")))
    )


def derivative_names(recipes: pl.DataFrame) -> pl.Series:
    """The names of derivatives that recipes map to another commodity, in lower case.

    A commodity under such a name is a part of its parent that was split off.
    """
    return (
        recipes.filter(_word("derivative") != _word("commodity")).select(_word("derivative")).to_series().unique()
    )


def _word(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


@rule(
    "DCF-2.2-2",
    reasons={
        "kind-missing": text(
            "The kind of %(subject)s is not stated and its commodities are unknown, so it may be packaging."
        ),
        "no-recipe": _NO_RECIPE,
        "fibre-mapped": text("The fibre of %(subject)s counts as pulp and paper."),
        "fibre-recycled": text(
            "The fibre of %(subject)s counts as pulp and paper. It is recycled: it cannot be traced to a plot, so"
            " ask the verifier."
        ),
        "fibre-not-mapped": text("%(subject)s is packaging, but its recipe has no pulp and paper."),
        "no-packaging": text("The packaging register is on file and no food packaging is bought."),
    },
)
def packaging_fibre(
    products: pl.DataFrame,
    goods: pl.DataFrame,
    recipes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    not_land_grown: str,
    packaging_in_scope: str,
) -> pl.DataFrame:
    """Food packaging is mapped to pulp and paper by a documented recipe or the packaging register (AMB-10)."""
    outside = kinds_outside(not_land_grown, packaging_in_scope)
    packaging = pl.col("kind").is_in(["food packaging", "transport packaging"]) & ~pl.col("kind").is_in(outside)
    unclear = pl.col("kind").is_null() & pl.col("unknown")
    parts = (
        goods.group_by(subject="product")
        .agg(
            pl.col("kind").first(),
            unknown=(pl.col("commodity") == UNKNOWN_COMMODITY).all(),
            fibre=pl.col("commodity").is_in(WOOD_COMMODITIES).any(),
            recycled=(pl.col("commodity").is_in(WOOD_COMMODITIES) & pl.col("recycled").fill_null(False)).any(),
        )
        .filter(packaging | unclear)
    )
    if parts.is_empty():
        return _no_packaging(products, evidence, documents, period_start, period_end)
    cited = (
        with_document(recipes, documents)
        .filter(pl.col("commodity").is_in(WOOD_COMMODITIES))
        .select("digest", subject="product", cited=citation_problem())
    )
    register = _about(parts, evidence, documents, "packaging register", period_start, period_end)
    reason = first_reason(
        (pl.col("kind").is_null(), "kind-missing"),
        (pl.col("unknown"), "no-recipe"),
        (~pl.col("fibre"), "fibre-not-mapped"),
        (pl.col("stated") == "says-no", "says-no"),
        ((pl.col("stated") != "holds") & pl.col("cited").is_not_null(), pl.col("cited")),
        (pl.col("recycled"), "fibre-recycled"),
        otherwise="fibre-mapped",
    )
    return (
        parts.join(cited, on="subject", how="left")
        .join(register, on="subject", how="left")
        .with_columns(reason=reason)
        .select(
            "subject",
            "reason",
            outcome=outcome_of("fibre-mapped", "fibre-recycled", not_met=("fibre-not-mapped", "says-no")),
            evidence=digests("digest", "used"),
        )
    )


def _no_packaging(
    products: pl.DataFrame, evidence: pl.DataFrame, documents: pl.DataFrame, start: date | None, end: date | None
) -> pl.DataFrame:
    """No packaging among the products: the packaging register must say so."""
    found = judge_entity(evidence, documents, topic="packaging register", start=start, end=end)
    shown = products.height > 0
    return found.with_columns(
        reason=pl.when((pl.col("reason") == "holds") & pl.lit(shown))
        .then(pl.lit("no-packaging"))
        .otherwise(pl.col("reason")),
    ).with_columns(outcome=outcome_of(not_applicable=("no-packaging",)))


@rule(
    "DCF-2.3-4",
    reasons={
        "kind-missing": text("The kind of %(subject)s is not stated; it is kept in scope."),
        "in-scope": text("%(subject)s is in scope."),
        "kind-in-scope": text(
            "%(subject)s is given a reason for leaving it out, but its kind belongs to the food chain; it is kept"
            " in scope."
        ),
        "no-exclusion-reason": text(
            "%(subject)s is of a kind that may be left out, but no reason is given; it is kept in scope."
        ),
        "out-of-scope-good": text("%(subject)s is outside the food chain (%(exclusion_reason)s) and is left out."),
    },
)
def goods_outside_the_food_chain(
    products: pl.DataFrame, documents: pl.DataFrame, *, not_land_grown: str, packaging_in_scope: str
) -> pl.DataFrame:
    """A good is left out only with a kind outside the food chain, a reason and a document."""
    outside = kinds_outside(not_land_grown, packaging_in_scope)
    return (
        product_scope(products, documents, outside)
        .rename({"why": "reason"})
        .select(
            "exclusion_reason",
            "reason",
            subject="product",
            outcome=outcome_of("in-scope", not_applicable=("out-of-scope-good",)),
            evidence=digests("digest"),
        )
    )
