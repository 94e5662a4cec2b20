"""Pictures of plots that are converted or in doubt: what the layers said when they were measured."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from landproof.domain.messages import text
from landproof.land.decode import Role
from landproof.land.kept_picture import Held, KeptPicture
from landproof.land.picture import MAIN, Mark
from landproof.land.reasons import REASONS
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Id, Many, Quantity, Sentence, Word, say
from landproof.reporting.nodes import MapCaption, Pictures, PlotPicture

SHOWN = ("converted", "inconclusive")  # the verdicts that somebody must look at, the worse first
ROLES: Mapping[Role, str] = {
    Role.FOREST: text("forest baseline"),
    Role.NATURAL: text("natural baseline"),
    Role.CHANGE: text("change"),
    Role.USE: text("land use after"),
    Role.PEAT: text("peat"),
    Role.DEGRADATION: text("degradation"),
    Role.OBSERVATIONS: text("observations"),
}


def pictures(assessment: Assessment) -> Pictures | None:
    """The pictures of plots that stand as converted or inconclusive, converted ones first; null without one.

    A plot whose verdict was settled otherwise since, by a review or because it was imported anew, has none.
    """
    telling = assessment.table("plot_status").filter(pl.col("harm").is_in(MAIN) & pl.col("verdict").is_in(SHOWN))
    drawn = telling.filter(pl.col("plot").is_in(list(assessment.pictures)))
    if drawn.is_empty():
        return None
    order = sorted((SHOWN.index(row["verdict"]), row["plot"]) for row in drawn.iter_rows(named=True))
    plots = list(dict.fromkeys(plot for _, plot in order))
    return Pictures(
        say(text("What the layers show of plots that are converted or in doubt")),
        tuple(_picture(assessment, plot, drawn.filter(pl.col("plot") == plot)) for plot in plots),
        telling["plot"].n_unique() - len(plots),
    )


def _picture(assessment: Assessment, plot: str, verdicts: pl.DataFrame) -> PlotPicture:
    kept = assessment.pictures[plot]
    digest: str = assessment.manifest["pictures"][plot]
    rows = sorted(verdicts.iter_rows(named=True), key=lambda row: MAIN.index(row["harm"]))
    return PlotPicture(
        plot,
        say(text("Plot %(plot)s"), plot=Id(plot)),
        tuple(
            verdict_line(row["harm"], row["verdict"], assessment.names.land.of_verdict(row["reasons"], row))
            for row in rows
        ),
        kept.picture,
        captions_of(kept),
        outlines_of(kept),
        f"objects/{digest[:2]}/{digest}",
    )


def verdict_line(harm: str, verdict: str, why: Cell) -> Sentence:
    """The verdict on one harm in a line."""
    return say(text("%(harm)s: %(verdict)s. %(why)s"), harm=Word(harm), verdict=Word(verdict), why=why)


def captions_of(kept: KeptPicture) -> tuple[MapCaption, ...]:
    """What stands over the maps, and the square metres in their keys."""
    deciding = [
        MapCaption(
            say(text("What decides: %(harms)s"), harms=Many(tuple(map(Word, told.harms)))),
            details={mark: _with_reasons(held) for mark, held in told.held.items()},
        )
        for told in kept.deciding
    ]
    layers = [
        MapCaption(
            say(text("%(role)s: %(layer)s"), role=say(ROLES[told.role]), layer=told.id),
            told.title,
            _areas(told.held),
        )
        for told in kept.layers
    ]
    return (*deciding, *layers)


def outlines_of(kept: KeptPicture) -> dict[str, Cell]:
    """The square metres of plot, core and fringe."""
    zones = kept.zones_m2
    areas = {"plot": zones["core"] + zones["edge"], "core": zones["core"], "fringe": zones["fringe"]}
    return {name: _m2(area) for name, area in areas.items()}


def _areas(held: Mapping[Mark, Held]) -> dict[Mark, Cell]:
    return {mark: _m2(each.area_m2) for mark, each in held.items()}


def _with_reasons(held: Held) -> Cell:
    return Many((_m2(held.area_m2), *_reasons(held.codes)), between="; ")


def _reasons(codes: Sequence[str]) -> list[Cell]:
    """Codes in words where their sentence needs no numbers, else the codes alone: the lines above say those."""
    return [_reason(code) for code in codes]


def _reason(code: str) -> Cell:
    sentence = REASONS.get(code)
    if sentence is None or "%(" in sentence:
        return Id(code)
    return say(text("%(reason)s (%(code)s)"), reason=say(sentence), code=Id(code))


def _m2(area: int) -> Cell:
    return say(text("%(m2)s\u00a0m²"), m2=Quantity(Decimal(area)))
