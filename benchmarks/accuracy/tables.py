"""Counts of plots as the tables of the results page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from benchmarks.accuracy import curve, landscapes, scene
from benchmarks.accuracy.engine import CLEAR, CONVERTED
from benchmarks.accuracy.painted import ORIGINS
from benchmarks.accuracy.peers import LOW
from benchmarks.accuracy.run import ERRORS_M, Results
from landproof.land.bounds import upper_bound

MOST_FALSE_CLEARS = Fraction(1, 100)
MOST_REVIEWED = {0.5: Fraction(10, 100), 4.0: Fraction(25, 100), 100.0: Fraction(45, 100)}
# Share called low by the same rule in the published replay (conversion-verdict 4).
PUBLISHED_LOW = {1.0: "10", 2.0: "19", 4.0: "27", 10.0: "37", 25.0: "47", 50.0: "54", 100.0: "60"}
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many plots."""

    hits: int
    trials: int

    @property
    def upper(self) -> Fraction:
        """The share is below this with 95 % confidence."""
        return upper_bound(self.hits, self.trials)

    def within(self, limit: Fraction) -> bool:
        """At most ``limit`` were; not so where nobody looked."""
        return self.trials > 0 and Fraction(self.hits, self.trials) <= limit

    @property
    def percent(self) -> str:
        """The share, to a tenth of a percent."""
        return f"{100 * self.hits / self.trials:.1f}" if self.trials else "-"

    @property
    def bounded(self) -> str:
        """The share and its bound, to hundredths of a percent; the bound is rounded up."""
        bound = f"{float(-(-self.upper * 10_000 // 1) / 100):.2f}"
        return f"{100 * self.hits / self.trials:.2f} (< {bound})" if self.trials else "-"


NOTHING = (Counted(0, 0), Counted(0, 0))


def table(head: Row, rows: Iterable[Row]) -> str:
    """In Markdown."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def size(hectares: float) -> str:
    """0.5 ha, 4 ha."""
    return f"{hectares:g} ha"


def count(frame: pl.DataFrame, hit: pl.Expr) -> Counted:
    """How many rows are hits."""
    return Counted(int(frame.select(hit.sum()).item() or 0), frame.height)


def felled(frame: pl.DataFrame) -> pl.DataFrame:
    """Plots with half a hectare felled or more."""
    return frame.filter(pl.col("felled_m2") >= scene.FELLED_M2)


def clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Plots without felling, none of them under cloud."""
    return frame.filter((pl.col("felled_m2") == 0) & (pl.col("cloud_m2") == 0))


def forest_only(frame: pl.DataFrame) -> pl.DataFrame:
    """Of the plots without felling, those without older clearings."""
    return clean(frame).filter(pl.col("old_m2") == 0)


@dataclass(frozen=True, slots=True)
class SceneRow:
    """A size of plots on the scene: how a procedure did."""

    hectares: float
    false_clears: Counted
    reviewed: Counted
    reviewed_forest: Counted

    @property
    def reviewed_within(self) -> bool | None:
        """Whether review is within its limit; null where the criterion sets none."""
        limit = MOST_REVIEWED.get(self.hectares)
        return None if limit is None else self.reviewed.within(limit)


def scene_rows(results: Results, procedure: str, error_m: float) -> list[SceneRow]:
    """A procedure at an error of position, by size."""
    rows: list[SceneRow] = []
    for hectares in scene.SIZES:
        frame = results.scene.filter((pl.col("ha") == hectares) & (pl.col("error_m") == error_m))
        clear, doubt = pl.col(procedure) == CLEAR, pl.col(procedure) != CLEAR
        rows.append(
            SceneRow(
                hectares,
                count(felled(frame), clear),
                count(clean(frame), doubt),
                count(forest_only(frame), doubt),
            )
        )
    return rows


def scene_table(rows: Sequence[SceneRow]) -> str:
    """False clears and review of one procedure."""
    return table(
        [
            "plot", "felled", "false clears, %", "1 % at most", "not felled", "to review, %", "limit",
            "forest only", "to review, %",
        ],
        [
            [
                size(row.hectares), f"{row.false_clears.trials:,}",
                f"{row.false_clears.hits}: {row.false_clears.bounded}",
                _words(row.false_clears.upper <= MOST_FALSE_CLEARS), f"{row.reviewed.trials:,}",
                row.reviewed.percent,
                f"{float(MOST_REVIEWED[row.hectares]):.0%}: {_words(row.reviewed_within)}"
                if row.hectares in MOST_REVIEWED
                else "",
                f"{row.reviewed_forest.trials:,}", row.reviewed_forest.percent,
            ]
            for row in rows
        ],
    )  # fmt: skip


def _words(met: bool | None) -> str:
    return {True: "met", False: "**not met**", None: ""}[met]


def peers_table(results: Results) -> str:
    """The share rule on the very plots, beside ours."""
    rows: list[Row] = []
    for hectares in scene.SIZES:
        cells = [size(hectares)]
        for error_m in ERRORS_M:
            frame = felled(results.scene.filter((pl.col("ha") == hectares) & (pl.col("error_m") == error_m)))
            cells += [
                count(frame, pl.col("perennial") == LOW).percent,
                count(frame, pl.col("annual") == LOW).percent,
                count(frame, pl.col("alone") == CLEAR).percent,
                count(frame, pl.col("lent") == CLEAR).percent,
            ]
        rows.append([*cells, PUBLISHED_LOW.get(hectares, "")])
    kinds = ["perennial", "annual", "series alone", "baseline lent"]
    return table(
        ["plot", *(f"{kind}, {error:g} m" for error in ERRORS_M for kind in kinds), "perennial, published"], rows
    )


def _swept(frame: pl.DataFrame) -> tuple[Counted, Counted]:
    """False clears and review."""
    return (
        count(felled(frame), pl.col("verdict") == CLEAR),
        count(clean(frame), pl.col("verdict") != CLEAR),
    )


def _points(
    results: Results, procedure: str, hectares: float
) -> dict[tuple[float, float, int], tuple[Counted, Counted]]:
    """By position error, fringe and noise floor."""
    frame = results.sweep.filter((pl.col("procedure") == procedure) & (pl.col("ha") == hectares))
    return {
        (error_m, fringe, noise): _swept(plots)
        for (error_m, fringe, noise), plots in frame.group_by("error_m", "fringe_m", "noise_m2")
    }


def curve_table(results: Results, procedure: str, hectares: float) -> str:
    """False clears and review by fringe and noise floor, position known and not."""
    points = _points(results, procedure, hectares)
    known, off = ERRORS_M
    columns = [(error_m, noise) for error_m in (known, off) for noise in curve.NOISES_M2]
    return table(
        ["fringe", *(f"{'off' if error_m else 'known'}, {noise:,} m²" for error_m, noise in columns)],
        [
            [
                f"{fringe:g} m",
                *(
                    " / ".join(each.percent for each in points.get((error_m, fringe, noise), NOTHING))
                    for error_m, noise in columns
                ),
            ]
            for fringe in curve.FRINGES_M
        ],
    )


def reached_on_curve(results: Results) -> list[str]:
    """The points, series alone, at which the shares themselves keep both limits at 0.5 and 4 ha."""
    return [
        f"{hectares:g} ha, off by {error_m:g} m, fringe {fringe:g} m, floor {noise:,} m²"
        for hectares in (0.5, 4.0)
        for (error_m, fringe, noise), (wrong, doubt) in sorted(_points(results, "alone", hectares).items())
        if wrong.within(MOST_FALSE_CLEARS) and doubt.within(MOST_REVIEWED[hectares])
    ]


def straddle_table(results: Results) -> str:
    """Whether every plot with the year 2021 stays in doubt for it."""
    rows: list[Row] = []
    for hectares in scene.SIZES:
        frame = results.straddle.filter(pl.col("ha") == hectares)
        found = count(frame, pl.col("straddles"))
        rows.append([size(hectares), f"{found.trials:,}", f"{found.hits:,}", f"{found.trials - found.hits:,}"])
    return table(["plot", "with 500 m² or more of 2021", "I-STRADDLE", "anything else"], rows)


def painted_table(results: Results, origin: str, cell: Callable[[pl.DataFrame], str]) -> str:
    """By size, position error and available families."""
    columns = [(error_m, name) for error_m in ERRORS_M for name in landscapes.AVAILABLE]
    rows: list[Row] = []
    for hectares in landscapes.SIZES:
        plots = results.painted.filter((pl.col("origin") == origin) & (pl.col("ha") == hectares))
        held = plots["share"].first()
        cells = (
            cell(plots.filter((pl.col("error_m") == error_m) & (pl.col("families") == name)))
            for error_m, name in columns
        )
        rows.append([size(hectares), f"{100 * held:.2f}" if isinstance(held, float) else "-", *cells])
    head = (f"{'off' if error_m else 'known'}: {name}" for error_m, name in columns)
    return table(["plot", "felled of all, %", *head], rows)


def painted_peers_table(results: Results) -> str:
    """The peers' rule and ours with every family, by size, origin and position error."""
    every = list(landscapes.AVAILABLE)[-1]
    columns = [(origin.name, error_m) for origin in ORIGINS for error_m in ERRORS_M]
    felled_plots = results.painted.filter(pl.col("felled") & (pl.col("families") == every))
    rows: list[Row] = []
    for hectares in landscapes.SIZES:
        cells = [size(hectares)]
        for origin, error_m in columns:
            plots = felled_plots.filter(
                (pl.col("origin") == origin) & (pl.col("ha") == hectares) & (pl.col("error_m") == error_m)
            )
            low, clear = count(plots, pl.col("peer") == LOW), count(plots, pl.col("verdict") == CLEAR)
            cells.append(f"{low.percent} ({clear.percent})")
        rows.append(cells)
    return table(["plot", *(f"{name}, {'off' if error_m else 'known'}" for name, error_m in columns)], rows)


def false_clears(plots: pl.DataFrame) -> str:
    """Of the felled plots, those called not converted."""
    return count(plots.filter("felled"), pl.col("verdict") == CLEAR).bounded


def alarms(plots: pl.DataFrame) -> str:
    """Of the plots without conversion, those not cleared, and those called converted."""
    whole = plots.filter(~pl.col("felled"))
    condemned = count(whole, pl.col("verdict") == CONVERTED)
    return f"{count(whole, pl.col('verdict') != CLEAR).percent}; {condemned.hits}"


def convicted(plots: pl.DataFrame) -> str:
    """Of the felled plots, those called converted without a person."""
    return count(plots.filter("felled"), pl.col("verdict") == CONVERTED).percent


def residual(plots: pl.DataFrame) -> str:
    """Of all cleared plots, how many hold half a hectare converted: p m / (p m + (1 - p) c)."""
    share, wrong = plots["share"].first(), count(plots.filter("felled"), pl.col("verdict") == CLEAR)
    right = count(plots.filter(~pl.col("felled")), pl.col("verdict") == CLEAR)
    if not isinstance(share, float) or not wrong.trials or not right.hits:
        return "-"
    bad = share * wrong.hits / wrong.trials
    return f"{100 * bad / (bad + (1 - share) * right.hits / right.trials):.3f}"
