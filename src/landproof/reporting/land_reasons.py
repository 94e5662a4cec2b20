"""Reason codes of land verdicts as sentences, with the area and the days of the verdict that gave them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from landproof.criteria.edition import Edition
from landproof.domain.messages import text
from landproof.land.reasons import REASONS
from landproof.reporting.cells import Cell, Id, Many, Quantity, Sentence, say

CUT_OFF_LIMIT = "cut_off"
# What the sentence of a code takes from the verdict: its placeholder, and the column of `plot_status`.
_FROM_VERDICT = {"m2": "area_m2", "lo": "earliest", "hi": "latest"}
_MEASURED = tuple(code for code, said in REASONS.items() if any(f"%({name})s" in said for name in _FROM_VERDICT))


class LandReasons:
    """The verdicts of one case, to be asked for the sentence behind a code."""

    def __init__(self, plot_status: pl.DataFrame, edition: Edition) -> None:
        limit = edition.limits.get(CUT_OFF_LIMIT)
        self._cut_off = limit.value if limit is not None and isinstance(limit.value, date) else None
        # Only these need the numbers of their verdict; a case may have a hundred million plots without.
        measured = plot_status.filter(pl.col("reasons").list.set_intersection(list(_MEASURED)).list.len() > 0)
        self._verdicts: dict[tuple[str, str], Mapping[str, Any]] = {
            (row["plot"], ", ".join(row["reasons"])): row for row in measured.iter_rows(named=True)
        }

    def of_finding(self, plot: str, codes: str) -> Cell:
        """The codes as a finding gives them, "N-SILENT, N-NONNATURAL", as sentences; "-" stays as it is."""
        listed = codes.split(", ")
        if not set(listed) <= set(REASONS):
            return codes
        return self.of_verdict(listed, self._verdicts.get((plot, codes), {}))

    def of_verdict(self, codes: Sequence[str], verdict: Mapping[str, Any]) -> Cell:
        """The sentences of ``codes``; ``verdict`` is the row of `plot_status` that gave them."""
        said: list[Cell] = [self._sentence(code, verdict) for code in codes]
        return said[0] if len(said) == 1 else Many(tuple(said), between="; ")

    def _sentence(self, code: str, verdict: Mapping[str, Any]) -> Cell:
        sentence = REASONS.get(code)
        if sentence is None:
            return Id(code)
        values: dict[str, Cell] = {"cut_off": self._cut_off}
        for name, column in _FROM_VERDICT.items():
            found = verdict.get(column)
            values[name] = Quantity(Decimal(found)) if isinstance(found, int) else found
        return say(text("%(reason)s (%(code)s)"), reason=Sentence(sentence, values), code=Id(code))
