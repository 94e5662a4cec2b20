"""The results page: the figures of a run, set into ``page.md``."""

import os
import platform
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from benchmarks.accuracy import curve
from benchmarks.accuracy.painted import FAMILIES, ORIGINS
from benchmarks.accuracy.run import ERRORS_M, Results
from benchmarks.accuracy.tables import (
    MOST_FALSE_CLEARS,
    SceneRow,
    alarms,
    convicted,
    curve_table,
    false_clears,
    painted_peers_table,
    painted_table,
    peers_table,
    reached_on_curve,
    residual,
    scene_rows,
    scene_table,
    straddle_table,
    table,
)

_WIDTH = 118
_TEMPLATE = Path(__file__).with_name("page.md")


@dataclass(frozen=True, slots=True)
class Machine:
    """What it was measured on, and when."""

    name: str
    day: date


def this_machine(day: date) -> Machine:
    """Processor, cores and Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return Machine(f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}", day)


def page(results: Results, machine: Machine) -> str:
    """The whole page, in Markdown."""
    rows = {
        (procedure, error_m): scene_rows(results, procedure, error_m)
        for procedure in ("alone", "lent")
        for error_m in ERRORS_M
    }
    known, off = ERRORS_M
    written = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        day=machine.day,
        machine=machine.name,
        seconds=f"{results.seconds:.0f}",
        processor_seconds=f"{results.processor_seconds:.0f}",
        summary=_summary(rows),
        scene_plots=f"{results.sizes.scene:,}",
        alone_known=scene_table(rows["alone", known]),
        alone_off=scene_table(rows["alone", off]),
        lent_known=scene_table(rows["lent", known]),
        lent_off=scene_table(rows["lent", off]),
        peers=peers_table(results),
        sweep_plots=f"{results.sizes.sweep:,}",
        curves="\n\n".join(_curves(results)),
        curve_words=_wrapped(_curve_words(results)),
        straddle=straddle_table(results),
        origins="; ".join(
            f"*{each.name.capitalize()}* has {each.forest:.0%} forest, {each.grass:.0%} natural grassland and "
            f"{each.clearings:g} clearings per km² from 2021 to 2025"
            for each in ORIGINS
        ),
        families=_families(),
        painted_plots=results.sizes.painted,
        painted="\n\n".join(_painted(results)),
        cases_words=_cases_words(results),
        cases=table(["case", "here", "source"], [[each.name, each.found, each.printed] for each in results.cases]),
    )
    return "\n\n".join(_reflowed(block) for block in written.rstrip("\n").split("\n\n")) + "\n"


def _reflowed(block: str) -> str:
    """A paragraph whose lines grew too long; tables, headings and lists stay as they are."""
    long = any(len(line) > _WIDTH + 2 for line in block.splitlines())
    return _wrapped(" ".join(block.split())) if long and block[0] not in "|#-" else block


def _wrapped(words: str, indent: str = "") -> str:
    return "\n".join(textwrap.wrap(words, _WIDTH, subsequent_indent=indent, break_on_hyphens=False))


def _error(error_m: float) -> str:
    return f"position off by {error_m:g} m" if error_m else "position known"


def _summary(rows: dict[tuple[str, float], list[SceneRow]]) -> str:
    words = {"alone": "series alone", "lent": "baseline lent (no criterion, for comparison)"}
    return "\n".join(
        _wrapped(f"- Rondônia, {words[procedure]}, {_error(error_m)}: {_met(found)}", "  ")
        for (procedure, error_m), found in rows.items()
    )


def _met(rows: Sequence[SceneRow]) -> str:
    missed = [f"{row.hectares:g} ha" for row in rows if row.false_clears.upper > MOST_FALSE_CLEARS]
    wrong = sum(row.false_clears.hits for row in rows)
    of = sum(row.false_clears.trials for row in rows)
    bound = f"bound above 1 % at {', '.join(missed)}" if missed else "bound below 1 % at every size"
    limits = {True: "within the limit", False: "**above the limit**"}
    review = ", ".join(
        f"{row.reviewed.percent} % at {row.hectares:g} ha ({limits[row.reviewed_within]})"
        for row in rows
        if row.reviewed_within is not None
    )
    return f"false clears: {wrong} of {of:,} felled plots, {bound}; to review: {review}."


def _curves(results: Results) -> list[str]:
    words = {"alone": "Series alone", "lent": "Baseline lent"}
    parts: list[str] = []
    for procedure in curve.PROCEDURES:
        for hectares in curve.SIZES:
            parts += [f"{words[procedure]}, {hectares:g} ha:", curve_table(results, procedure, hectares)]
    return parts


def _curve_words(results: Results) -> str:
    found = reached_on_curve(results)
    if found:
        return f"Series alone, both limits are kept (shares, without their bounds) at: {'; '.join(found)}."
    return (
        "Series alone, no point of the curve keeps both limits at 0.5 or 4 ha: even without a fringe, the older "
        "clearings on the plots themselves remain, and a higher floor lets felled land through with them."
    )


def _families() -> str:
    return table(
        [
            "family",
            "misses below 0.5 ha",
            "up to 2 ha",
            "above",
            "invents per km²",
            "shows of harvests",
            "cell",
            "date",
        ],
        [
            [
                family.name,
                *(f"{miss:.0%}" for miss in family.miss),
                f"{family.invents:g}",
                f"{family.harvests:.0%}",
                "30 m" if family.coarse else "10 m",
                "a year" if family.delay_days is None else f"up to {family.delay_days} days late",
            ]
            for family in FAMILIES
        ],
    )


def _painted(results: Results) -> list[str]:
    parts: list[str] = []
    for words, cell in (
        ("False clears, % of felled plots", false_clears),
        ("To review, % of plots without conversion; and how many of them were called converted", alarms),
        ("Called converted without a person, % of felled plots", convicted),
        ("Of all cleared plots, how many hold half a hectare converted, %", residual),
    ):
        parts.append(f"### {words}")
        for origin in ORIGINS:
            parts += [f"{origin.name.capitalize()}:", painted_table(results, origin.name, cell)]
    parts += [
        "### Called low by the peers' perennial rule with the same layers, % of felled plots",
        "All four families in the places of its maps; in parentheses our false clears with the same four.",
        painted_peers_table(results),
    ]
    return parts


def _cases_words(results: Results) -> str:
    wrong = [case.name for case in results.cases if case.found != case.printed]
    if wrong:
        return f"**Not reproduced: {', '.join(wrong)}.**"
    return f"All {len(results.cases)} published or stored figures below are reproduced."
