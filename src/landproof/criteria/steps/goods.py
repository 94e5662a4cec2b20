"""How a product becomes commodities: what is in scope, and which key splits its spend and mass."""

import polars as pl

from landproof.criteria.evidence import is_cited, uncited, with_document
from landproof.criteria.ladder import first_reason
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.tables import SHARE
from landproof.domain.vocabulary import LIVESTOCK_COMMODITIES, NOT_LAND_GROWN_COMMODITIES

# What each reading leaves outside the food chain (clauses 2.1 to 2.3).
_ALWAYS_OUTSIDE = ("non-food", "bioenergy")
_NOT_LAND_GROWN = {"outside": ("not land-grown",)}
_PACKAGING = {"food packaging": ("transport packaging",), "all packaging": ()}

# The keys that each reading of AMB-12 tries, in order.
_KEYS = {"cost, else mass": ("cost", "mass"), "mass": ("mass", "cost")}
_ONLY_FIRST = {"cost, else mass": False, "mass": True}

_WHOLE = pl.lit(1, dtype=SHARE)


def kinds_outside(not_land_grown: str, packaging_in_scope: str) -> tuple[str, ...]:
    """Kinds of product that may be taken out, under the readings of AMB-08 and AMB-10."""
    return (*_ALWAYS_OUTSIDE, *_NOT_LAND_GROWN[not_land_grown], *_PACKAGING[packaging_in_scope])


def product_scope(products: pl.DataFrame, documents: pl.DataFrame, outside: tuple[str, ...]) -> pl.DataFrame:
    """For each product, whether it is in scope (null: cannot tell), why, and the document used.

    A good is out only with a kind outside the food chain, a reason, and a document and page in the case
    (DCF-2.3-4). Returns ``products`` with ``in_scope, why, digest``.
    """
    kind, reason = pl.col("kind"), pl.col("exclusion_reason")
    return (
        with_document(products, documents)
        .with_columns(
            why=first_reason(
                (kind.is_null(), "kind-missing"),
                (~kind.is_in(outside) & reason.is_null(), "in-scope"),
                (~kind.is_in(outside), "kind-in-scope"),
                (reason.is_null(), "no-exclusion-reason"),
                *uncited(),
                otherwise="out-of-scope-good",
            )
        )
        .with_columns(
            in_scope=pl.col("why").replace_strict(
                {"in-scope": True, "out-of-scope-good": False}, default=None, return_dtype=pl.Boolean
            )
        )
    )


def allocation_keys(recipes: pl.DataFrame, allocation_key: str) -> pl.DataFrame:
    """For each product with a recipe, the key that splits it: cost, mass, single or none (AMB-12).

    A key can be used when every ingredient states it and together they are no more than the whole.
    Returns ``product, allocation, cost, mass``: the sums of the keys that can be used, else null.
    """

    def usable(column: str) -> pl.Expr:
        share = pl.col(column)
        return pl.when(share.is_not_null().all() & (share.sum() <= _WHOLE)).then(share.sum())

    first, second = _KEYS[allocation_key]
    all_of_it = pl.col("rows").eq(1) & pl.col("least").fill_null(_WHOLE).eq(_WHOLE)
    return (
        recipes.group_by("product")
        .agg(
            rows=pl.len(),
            least=pl.min_horizontal(pl.col("cost_share").min(), pl.col("mass_share").min()),
            cost=usable("cost_share"),
            mass=usable("mass_share"),
        )
        .select(
            "product",
            "cost",
            "mass",
            allocation=pl.when(all_of_it)
            .then(pl.lit("single"))
            .when(pl.col(first).is_not_null())
            .then(pl.lit(first))
            .when(pl.col(second).is_not_null() & pl.lit(not _ONLY_FIRST[allocation_key]))
            .then(pl.lit(second))
            .otherwise(pl.lit("none")),
        )
    )


def ingredients(recipes: pl.DataFrame, documents: pl.DataFrame, allocation_key: str) -> pl.DataFrame:
    """Recipe rows with the shares used, and a row of the unknown commodity for the rest of each product."""
    keyed = with_document(recipes, documents).join(allocation_keys(recipes, allocation_key), on="product")
    single = pl.col("allocation") == "single"
    cost = pl.when(single).then(_WHOLE).when(pl.col("cost").is_not_null()).then(pl.col("cost_share"))
    mass = pl.when(single).then(_WHOLE).when(pl.col("mass").is_not_null()).then(pl.col("mass_share"))
    rows = keyed.select(
        "product",
        "commodity",
        "allocation",
        share=pl.when(pl.col("allocation") == "mass").then(mass).when(pl.col("allocation") != "none").then(cost),
        other_share=pl.when(pl.col("allocation") == "mass")
        .then(cost)
        .when(pl.col("allocation") != "none")
        .then(mass),
        mass_share=mass,
        recycled="recycled",
        documented=is_cited(),
    )

    def rest(column: str) -> pl.Expr:
        return pl.when(pl.col(column).is_not_null().all()).then(_WHOLE - pl.col(column).sum())

    remainder = (
        rows.group_by("product")
        .agg(
            pl.col("allocation").first(),
            share=rest("share").fill_null(_WHOLE),
            other_share=rest("other_share"),
            mass_share=pl.when(pl.col("allocation").first() == "none").then(_WHOLE).otherwise(rest("mass_share")),
        )
        .filter((pl.col("share") > 0) | (pl.col("mass_share") > 0).fill_null(False))
        .with_columns(commodity=pl.lit(UNKNOWN_COMMODITY))
    )
    return pl.concat([rows, remainder], how="diagonal")


def split_products(
    products: pl.DataFrame,
    recipes: pl.DataFrame,
    bought: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    allocation_key: str,
    outside: tuple[str, ...],
) -> pl.DataFrame:
    """Every product on file or in the ledger, as commodities; see the contract of ``goods``."""
    every_product = pl.concat(
        [products.select("product"), recipes.select("product"), bought.select("product").unique()]
    )
    scope = product_scope(products, documents, outside).select("product", "kind", "third_party_made", "in_scope")
    not_grown = pl.col("commodity").is_in(NOT_LAND_GROWN_COMMODITIES)
    listed = pl.col("commodity").is_in(LIVESTOCK_COMMODITIES)
    animal = (pl.col("kind") == "animal product").fill_null(False)
    return (
        every_product.drop_nulls()
        .unique()
        .join(scope, on="product", how="left")
        .join(ingredients(recipes, documents, allocation_key), on="product", how="left")
        .with_columns(
            commodity=pl.col("commodity").fill_null(UNKNOWN_COMMODITY),
            allocation=pl.col("allocation").fill_null("none"),
            # A product without any recipe is unknown as a whole.
            share=pl.when(pl.col("commodity").is_null()).then(_WHOLE).otherwise(pl.col("share")),
            mass_share=pl.when(pl.col("commodity").is_null()).then(_WHOLE).otherwise(pl.col("mass_share")),
        )
        .with_columns(
            in_scope=pl.when(not_grown & ~pl.col("in_scope").eq_missing(False))
            .then(pl.when(pl.col("documented")).then(pl.lit(False)))
            .otherwise(pl.col("in_scope")),
            # An animal product of a kind that no list names is livestock in all its parts.
            livestock=listed | (animal & ~listed.any().over("product")),
        )
    )
