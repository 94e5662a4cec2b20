"""Claims on lots against the claims on what went into them."""

from fractions import Fraction

import polars as pl

from landproof.chain.balances.books import Books
from landproof.chain.balances.found import CONTRADICTION, RATIO_TOLERANCE, SIGN, Finding, Looked, Result
from landproof.chain.supply import ranked
from landproof.domain.vocabulary import CUSTODY_MODELS

_APART = 2  # the first two of CUSTODY_MODELS
_STEPS = ("transformation", "aggregation")
_PERIODS = 6
_CHANGE = Fraction(11, 10)  # the largest intake of a month against the smallest


def claimed_ranks(books: Books) -> pl.DataFrame:
    """``lot, claimed, claim``: the strongest class claimed on each lot, and a claim of it."""
    return (
        books.table("claims")
        .with_columns(claimed=ranked(pl.col("custody")))
        .filter(pl.col("claimed") >= 0)
        .sort("lot", "claimed", "claim")
        .group_by("lot", maintain_order=True)
        .agg(pl.col("claimed").first(), pl.col("claim").first())
    )


def check_classes(books: Books) -> Result:
    """A lot claimed under a stronger class than one that went into it: no step makes goods better kept apart."""
    ranks = claimed_ranks(books)
    links = _links(books)
    both = (
        links.join(ranks, on="lot", how="inner")
        .join(ranks.rename({"lot": "input", "claimed": "was", "claim": "input_claim"}), on="input", how="left")
    )  # fmt: skip
    up = both.filter(pl.col("was") > pl.col("claimed")).sort(
        "lot", "was", "input", "fact", descending=[False, True, False, False]
    )
    first = up.unique("lot", keep="first", maintain_order=True)
    found = [
        Finding(
            check="class steps up", weight=CONTRADICTION, kind="lot", subject=row["lot"],
            lots=[row["lot"], row["input"]], on=row["first"],
            facts=[f"claim:{row['input_claim']}", row["fact"], f"claim:{row['claim']}"],
            values={"claimed": CUSTODY_MODELS[int(row["claimed"])], "weaker": CUSTODY_MODELS[int(row["was"])],
                    "other": str(row["input"])},
        )
        for row in first.iter_rows(named=True)
    ]  # fmt: skip
    lacking = both["was"].null_count()
    return found, [Looked("class steps up", both.height - lacking, lacking)]


def check_amounts(books: Books) -> Result:
    """More claimed as kept apart out of a step, or in a lot, than went in claimed so.

    Only where some of what went in is claimed and some is not: claims on the rest may be missing, so it is a sign.
    """
    apart = claimed_ranks(books).filter(pl.col("claimed") < _APART).select("lot", apart=pl.lit(True))
    legs = books.legs.filter(pl.col("kind").is_in(_STEPS)).join(apart, on="lot", how="left")
    given = pl.col("role") == "input"
    is_apart = pl.col("apart").fill_null(False)
    by_event = legs.group_by(subject="event").agg(
        first=pl.col("first").first(), lots=pl.col("lot").drop_nulls().unique().sort(),
        made=pl.col("mass_g").filter(~given & is_apart).sum(),
        fed=pl.col("mass_g").filter(given & is_apart).sum(),
        weighed=pl.col("mass_g").filter(given & is_apart).is_not_null().all(),
        some=(given & is_apart).any() & (given & ~is_apart).any() & (~given & is_apart).any(),
        facts=pl.col("fact").unique(),
    ).with_columns(kind=pl.lit("event"))  # fmt: skip
    into = books.deliveries.join(apart, left_on="input_lot", right_on="lot", how="left")
    by_lot = (
        into.group_by(subject="lot").agg(
            first=pl.col("first").max(), lots=pl.col("input_lot").drop_nulls().unique().sort(),
            fed=pl.col("mass_g").filter(is_apart).sum(),
            weighed=pl.col("mass_g").filter(is_apart).is_not_null().all(),
            some=is_apart.any() & (~is_apart).any(), facts=pl.col("fact").sort_by("first", "fact"),
        )
        .join(apart.select(subject="lot"), on="subject", how="semi")
        .join(books.weights.rename({"lot": "subject", "mass_g": "made"}), on="subject", how="left")
        .with_columns(kind=pl.lit("lot"))
    )  # fmt: skip
    columns = ("kind", "subject", "first", "lots", "made", "fed", "weighed", "some", "facts")
    rows = pl.concat([by_event.select(columns), by_lot.select(columns)]).filter(pl.col("some"))
    clear = rows.filter(pl.col("weighed") & pl.col("made").is_not_null())
    found = [
        Finding(
            check="claimed above inputs", weight=SIGN, kind=row["kind"], subject=row["subject"], lots=row["lots"],
            facts=row["facts"], on=row["first"], measured_g=row["made"], limit_g=row["fed"],
        )
        for row in clear.filter(pl.col("made") > pl.col("fed")).sort("kind", "subject").iter_rows(named=True)
    ]  # fmt: skip
    return found, [Looked("claimed above inputs", clear.height, rows.height - clear.height)]


def check_ratios(books: Books) -> Result:
    """The same claimed share of what a site makes in six months or more, though the amounts differ by a tenth.

    Goods that are kept apart come as they come; a share that never moves is allocated. All or nothing is no share.
    """
    months = _months(books)
    sites: dict[str, list[tuple[str, int, int, list[str]]]] = {}
    for site, month, claimed, whole, lots in months.iter_rows():
        sites.setdefault(site, []).append((month, claimed, whole, lots))
    found: list[Finding] = []
    looked = 0
    for site, rows in sorted(sites.items()):
        shares = [Fraction(claimed, whole) for _, claimed, whole, _ in rows]
        if len(rows) < _PERIODS or not any(shares):
            continue
        looked += 1
        wholes = [whole for _, _, whole, _ in rows]
        steady = max(shares) - min(shares) <= Fraction(RATIO_TOLERANCE)
        if steady and min(shares) > 0 and max(shares) < 1 and max(wholes) >= min(wholes) * _CHANGE:
            lots = [lot for *_, each in rows for lot in each]
            found.append(
                Finding(
                    check="constant claim ratio", weight=SIGN, kind="facility", subject=site, lots=lots,
                    facts=[f"lot:{lot}" for lot in lots], measured_g=sum(claimed for _, claimed, _, _ in rows),
                    of_g=sum(wholes),
                    values={"months": str(len(rows)), "from": rows[0][0], "to": rows[-1][0]},
                )
            )  # fmt: skip
    return found, [Looked("constant claim ratio", looked, len(sites) - looked)]


def _months(books: Books) -> pl.DataFrame:
    """``site, month, claimed, whole, lots`` of sites with claims; none of a site with a lot of no day or mass."""
    lots = books.table("lots").group_by("lot").agg(
        site=pl.when(pl.col("facility").n_unique() == 1).then(pl.col("facility").first()),
        made_on=pl.when(pl.col("made_on").n_unique() == 1).then(pl.col("made_on").first()),
    ).filter(pl.col("site").is_not_null())  # fmt: skip
    claims = claimed_ranks(books).select("lot", apart=pl.lit(True))
    rows = lots.join(books.weights, on="lot", how="left").join(claims, on="lot", how="left")
    known = (pl.col("mass_g").is_not_null() & pl.col("made_on").is_not_null()).all().over("site")
    return (
        rows.filter(known)
        .sort("site", "made_on", "lot")
        .group_by("site", month=pl.col("made_on").dt.strftime("%Y-%m"), maintain_order=True)
        .agg(claimed=pl.col("mass_g").filter(pl.col("apart")).sum(), whole=pl.col("mass_g").sum(), lots="lot")
        .select("site", "month", "claimed", "whole", "lots")
        .sort("site", "month")
    )


def _links(books: Books) -> pl.DataFrame:
    """``lot, input, fact, first``: which lot went directly into which."""
    legs = books.legs.filter(pl.col("kind").is_in(_STEPS) & pl.col("lot").is_not_null())
    given = legs.filter(pl.col("role") == "input").select("event", input="lot")
    made = legs.filter(pl.col("role") == "output").select("event", "lot", "fact", "first")
    events = made.join(given, on="event", how="inner").select("lot", "input", "fact", "first")
    deliveries = books.deliveries.filter(pl.col("input_lot").is_not_null()).select(
        "lot", "fact", "first", input="input_lot"
    )
    return (
        pl.concat([events, deliveries.select("lot", "input", "fact", "first")])
        .unique()
        .sort("lot", "input", "fact")
    )
