"""What a report is made from: one judged case, complete, and nothing that has to be fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from landproof.criteria.edition import Edition
from landproof.criteria.registry import COMMON_REASONS, RULES
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.outcome import Outcome
from landproof.domain.rejects import no_rejects
from landproof.land.kept_picture import KeptPicture
from landproof.reporting.land_reasons import LandReasons
from landproof.reporting.subjects import Subjects
from landproof.reporting.values import Names


@dataclass(frozen=True)
class Assessment:
    """A judged case.

    ``stage`` is apply, board or year; ``period`` is the evaluated period, either end of which may be unknown.
    ``tables`` holds facts, derived tables and, when present, ``documents`` (reference, digest).
    ``manifest`` keys read here: ``run`` (run id), ``landproof`` (version of the package), ``edition_digest``,
    ``tables`` (name to digests of its parts), ``pictures`` (plot to digest, of those in the field ``pictures``).
    ``areas`` and ``layers`` are those of `landproof.land.tables`. ``pictures``: of plots that stand in the case
    as they were measured.
    ``reasons`` maps rule to reason key to sentence; left out, it is what the registered rules declare.
    """

    company: str
    case: str
    stage: str
    as_of: date
    period: tuple[date | None, date | None]
    edition: Edition
    findings: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    verdict: Outcome
    rejects: pl.DataFrame = field(default_factory=no_rejects)
    areas: pl.DataFrame | None = None
    layers: pl.DataFrame | None = None
    pictures: Mapping[str, KeptPicture] = field(default_factory=dict[str, KeptPicture])
    manifest: Mapping[str, Any] = field(default_factory=dict[str, Any])
    reasons: Mapping[str, Mapping[str, str]] | None = None

    def table(self, name: str) -> pl.DataFrame:
        """A fact or derived table; one without rows when the case has none."""
        found = self.tables.get(name)
        return found if found is not None else {**FACTS, **DERIVED}[name].empty()

    def sentence_of(self, rule: str, reason: str) -> str:
        """The sentence behind a reason key. Raises `KeyError` for a reason that the rule did not declare."""
        return self._declared[rule][reason]

    @cached_property
    def _declared(self) -> Mapping[str, Mapping[str, str]]:
        declared = self.reasons or {name: entry.reasons for name, entry in RULES.items()}
        return {rule: {**COMMON_REASONS, **declared.get(rule, {})} for rule in self.edition.rules}

    @cached_property
    def names(self) -> Names:
        """What findings are about and what land verdicts say, in words."""
        subjects = Subjects(self.table("positions"), self.table("origin_risk"))
        return Names(subjects, LandReasons(self.table("plot_status"), self.edition))

    @cached_property
    def currency(self) -> str | None:
        """The reporting currency, when exactly one is stated."""
        stated = self.table("application")["currency"].drop_nulls().unique().to_list()
        return stated[0] if len(stated) == 1 else None
