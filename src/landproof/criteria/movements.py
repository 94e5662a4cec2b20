"""The establishments that cattle passed, from birth to slaughter (Definitions, geolocation; footnote 11)."""

import polars as pl

from landproof.criteria.evidence import with_document
from landproof.criteria.ladder import digests, first_reason, outcome_of

CATTLE_COMMODITIES = ("beef",)  # dairy is another commodity (AMB-24)


def animal_lots(bought: pl.DataFrame, movements: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """``lot, animal_lot``: for each lot ``bought``, the lots upstream whose movements must be on file.

    The way up ends at a lot with movements, or at one that comes from no other lot and so lacks them.
    """
    with_movements = movements.select("lot").unique()
    inputs = deliveries.select("input_lot", animal_lot="lot").unique()
    frontier = bought.select("lot", animal_lot="lot").unique()
    seen, ends = frontier, frontier.clear()
    while frontier.height:
        shown = frontier.join(with_movements, left_on="animal_lot", right_on="lot", how="semi")
        onward = frontier.join(shown, on=["lot", "animal_lot"], how="anti").join(
            inputs, on="animal_lot", how="left"
        )
        lacking = onward.filter(pl.col("input_lot").is_null()).select("lot", "animal_lot")
        ends = pl.concat([ends, shown, lacking])
        above = onward.filter(pl.col("input_lot").is_not_null()).select("lot", animal_lot="input_lot").unique()
        frontier = above.join(seen, on=["lot", "animal_lot"], how="anti")
        seen = pl.concat([seen, frontier])
    circular = bought.select("lot", animal_lot="lot").unique().join(ends, on="lot", how="anti")
    return pl.concat([ends, circular]).unique()


def judge_chains(
    lots: pl.DataFrame,
    movements: pl.DataFrame,
    plots: pl.DataFrame,
    documents: pl.DataFrame,
    settled_lots: pl.DataFrame,
) -> pl.DataFrame:
    """Each animal lot of ``lots`` (from `animal_lots`): is every establishment of an unbroken chain located?

    An animal lot is settled when every lot bought that it stands behind is settled by an EUDR statement.
    """
    step, role = pl.col("step"), pl.col("role")
    places = plots.group_by(establishment="plot").agg(located=pl.col("shape").is_not_null().all())
    chains = (
        with_document(movements, documents)
        .join(places, on="establishment", how="left")
        .with_columns(pl.col("located").fill_null(False))
        .group_by("lot")
        .agg(
            stated=(step.is_not_null() & role.is_not_null() & pl.col("establishment").is_not_null()).all(),
            contiguous=(step.max() - step.min() + 1) == step.n_unique(),
            # An animal that joins later than at its birth, or leaves unslaughtered, leaves a gap.
            born=(role.filter(step == step.min()) == "birth").all(),
            slaughtered=(role.filter(step == step.max()) == "slaughter").all(),
            located=pl.col("located").all(),
            documented=pl.col("digest").is_not_null().all(),
            digest=pl.col("digest").drop_nulls().unique().sort(),
            unlocated=pl.col("establishment").filter(~pl.col("located")).unique().sort().str.join(", "),
        )
        .with_columns(has_movements=pl.lit(True))
    )
    settled_animals = (
        lots.join(settled_lots.select("lot", settled=pl.lit(True)), on="lot", how="left")
        .group_by("animal_lot")
        .agg(settled=pl.col("settled").fill_null(False).all())
    )
    reason = first_reason(
        (pl.col("settled"), "eudr-statement"),
        (pl.col("has_movements").is_null(), "no-movements"),
        (~pl.col("stated"), "movement-incomplete"),
        (~pl.col("contiguous"), "chain-broken"),
        (~pl.col("born"), "birth-missing"),
        (~pl.col("slaughtered"), "slaughter-missing"),
        (~pl.col("located"), "establishment-not-located"),
        (~pl.col("documented"), "movement-not-documented"),
        otherwise="chain-located",
    )
    return (
        settled_animals.join(chains, left_on="animal_lot", right_on="lot", how="left")
        .with_columns(reason=reason)
        .select(
            "unlocated",
            subject="animal_lot",
            outcome=outcome_of("chain-located", "eudr-statement"),
            reason="reason",
            evidence=digests("digest"),
        )
    )
