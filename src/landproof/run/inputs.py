"""What a run is judged on: the tables of a case, frozen by their digests in a manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from landproof import __version__
from landproof.casefile.case import Case
from landproof.casefile.statements import canonical
from landproof.chain.arrays import Flags
from landproof.chain.explain import Explainer
from landproof.chain.flows import read_flows
from landproof.chain.identity import resolved
from landproof.chain.trace import trace_lots
from landproof.criteria.edition import ASSESSED_STAGES, Edition
from landproof.criteria.judge import RunFacts, judge, run_steps
from landproof.domain.derived import LOT_OBSTACLES
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts import FACTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.domain.messages import text
from landproof.domain.rejects import REJECTS
from landproof.domain.vocabulary import MAIN_HARMS
from landproof.land.kept_picture import KeptPicture
from landproof.land.settled import settled
from landproof.land.thresholds import PUBLISHED
from landproof.reference.editions import edition_digest, load_edition, load_origin_lists
from landproof.run.kept_pictures import read_pictures

# Derived tables that do not come from a step: the chain's, and what was measured on rasters.
_CHAIN = ("lot_status", "lot_plots")
_MEASURED = "plot_status"
MANIFEST_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What to judge: all that a stranger must know beside the case folder to get the same findings."""

    edition: Edition
    run: RunFacts
    parts: Mapping[str, list[str]]  # table -> digests of its parts
    documents: Mapping[str, str]  # name -> digest
    measured_plots: tuple[str, ...]  # parts of the plots table that were measured
    pictures: Mapping[str, str]  # plot -> digest of its picture

    def manifest(self) -> dict[str, Any]:
        """The request as plain data; its digest is the run id."""
        return {
            "format": MANIFEST_FORMAT,
            "landproof": __version__,
            "edition": self.edition.id,
            "edition_digest": edition_digest(self.edition.id),
            "readings": self.edition.departures(),
            "stage": self.run.stage,
            "as_of": self.run.as_of.isoformat(),
            "period_start": _iso(self.run.period_start),
            "period_end": _iso(self.run.period_end),
            "tables": {name: list(parts) for name, parts in sorted(self.parts.items())},
            "measured_plots": list(self.measured_plots),
            "pictures": dict(sorted(self.pictures.items())),
            "documents": dict(sorted(self.documents.items())),
        }

    @property
    def run_id(self) -> str:
        """The first 16 hexadecimal digits of the manifest's SHA-256."""
        return run_id(self.manifest())


def run_id(manifest: Mapping[str, Any]) -> str:
    """The id of the run that ``manifest`` describes."""
    return sha256(canonical(manifest).encode()).hexdigest()[:16]


def request_of(case: Case, *, stage: str, as_of: date | None, readings: Mapping[str, str]) -> Request:
    """The present state of ``case`` as a request.

    Raises `UsageError` for an unknown stage or reading, and when neither the command nor the case gives
    an evaluation date: a date is never taken from a clock.
    """
    if stage not in ASSESSED_STAGES:
        raise UsageError(
            text("There is no stage %(stage)s. It may be: %(stages)s."),
            stage=stage,
            stages=", ".join(ASSESSED_STAGES),
        )
    state = case.state()
    application = case.read_table("application", state.facts.get("application", []))
    if application.height > 1:
        raise UsageError(
            text(
                "The case holds %(count)s applications. A case is one application; undo the import of the others."
            ),
            count=application.height,
        )
    row = application.row(0, named=True) if application.height else {}
    evaluated: date | None = as_of or row.get("evaluated_on")
    if evaluated is None:
        raise UsageError(
            text("The case has no evaluation date. Fill it in the application table, or give --as-of YYYY-MM-DD.")
        )
    edition = load_edition(case.settings["edition"]).choosing(readings)
    run = RunFacts(evaluated, row.get("period_start"), row.get("period_end"), stage)
    measured = state.measured
    return Request(
        edition, run, state.facts, state.documents, tuple(measured.get("plots", ())), measured.get("pictures", {})
    )


def request_from(manifest: Mapping[str, Any]) -> Request:
    """The request that ``manifest`` describes. Raises `UnreadableInput` when it is none we can re-run."""
    try:
        edition = load_edition(manifest["edition"])
        if manifest["edition_digest"] != edition_digest(edition.id):
            raise UnreadableInput(
                text("The run was judged by another text of edition %(edition)s than this version holds."),
                edition=edition.id,
            )
        run = RunFacts(
            date.fromisoformat(manifest["as_of"]),
            _day(manifest["period_start"]),
            _day(manifest["period_end"]),
            manifest["stage"],
        )
        return Request(
            edition.choosing(manifest["readings"]),
            run,
            manifest["tables"],
            manifest["documents"],
            tuple(manifest["measured_plots"]),
            manifest["pictures"],
        )
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise UnreadableInput(
            text("manifest.json is damaged. Restore the run from a copy of the case.")
        ) from error


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings, and every table that they rest on."""

    findings: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]


def judge_request(case: Case, request: Request) -> Judged:
    """Read the tables that ``request`` names and judge them. No clock, no network, no result is read."""
    tables = read_facts(case, request.parts, request.documents)
    asked = pl.concat([tables["purchases"]["lot"], tables["feed"]["lot"]])
    flows = read_flows(tables)
    tables |= dict(zip(_CHAIN, trace_lots(flows, tables, asked), strict=True))
    tables[REJECTS.name] = case.read_table(REJECTS.name, request.parts.get(REJECTS.name, []))
    tables[_MEASURED] = land_status(case, request, tables)
    tables["origin_lists"] = load_origin_lists(request.edition.id)
    complete = run_steps(tables, request.edition, request.run, given=(*_CHAIN, _MEASURED))
    explainer = Explainer(flows, tables, not_clean(flows.plots, tables[_MEASURED]))
    complete[LOT_OBSTACLES.name] = explainer.table(asked, _country_will_do(complete))
    return Judged(judge(complete, request.edition, request.run), complete)


def read_facts(
    case: Case, parts: Mapping[str, Sequence[str]], documents: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Every fact table that ``parts`` amount to, with one id for each thing (`chain.identity`); ``documents``."""
    facts = resolved({name: case.read_table(name, parts.get(name, ())) for name in FACTS})
    return {**facts, "documents": documents_table(documents)}


def land_status(case: Case, request: Request, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``plot_status`` of the plots as they stand in the case, with the reviews that settle it."""
    return settled(
        still_valid(case, request),
        tables["land_reviews"],
        documents_table(request.documents),
        thresholds=PUBLISHED,
        cut_off=request.edition.cut_off,
        as_of=request.run.as_of,
    )


def not_clean(plots: pl.Series, plot_status: pl.DataFrame) -> Flags:
    """Which of ``plots`` are not shown to be free of deforestation and conversion."""
    cleared = plot_status.filter((pl.col("verdict") == "not converted") & pl.col("harm").is_in(MAIN_HARMS))
    clean = cleared.group_by("plot").agg(pl.col("harm").n_unique()).filter(pl.col("harm") == len(MAIN_HARMS))
    return ~plots.is_in(clean["plot"].implode()).to_numpy().astype(np.bool_)


def _country_will_do(tables: Mapping[str, pl.DataFrame]) -> pl.Series:
    """The lots that nothing asks to trace to plots."""
    required = (
        tables["traces"]
        .select("lot", "position")
        .join(tables["depth"].select("position", "required"), on="position", how="left")
    )
    of_lots = (
        required.drop_nulls("lot").group_by("lot").agg((pl.col("required") == "country").fill_null(False).all())
    )
    return of_lots.filter("required")["lot"]


def documents_table(names: Mapping[str, str]) -> pl.DataFrame:
    """``reference, digest`` of every document, by its name and by its digest."""
    rows = {digest: digest for digest in names.values()} | dict(names)
    return pl.DataFrame(
        {"reference": list(rows), "digest": list(rows.values())},
        schema={"reference": pl.String, "digest": pl.String},
    ).sort("reference")


def still_valid(case: Case, request: Request) -> pl.DataFrame:
    """Land verdicts of plots that stand in the case as they were measured.

    A plot whose row has changed since keeps no verdict: it is as if it had never been measured.
    """
    status = case.read_table(_MEASURED, request.parts.get(_MEASURED, []))
    return status if status.is_empty() else _as_measured(case, request, status)


def pictures_of(case: Case, request: Request) -> dict[str, KeptPicture]:
    """The pictures of plots that stand in the case as they were measured.

    A plot loses its picture as it loses its verdict. Raises `UnreadableInput` for one that is damaged or gone.
    """
    if not request.pictures:
        return {}
    pictured = pl.DataFrame({"plot": sorted(request.pictures)}, schema={"plot": pl.String})
    on_file = case.read_table("plots", request.parts.get("plots", [])).select("plot")
    same = _as_measured(case, request, pictured.join(on_file, on="plot", how="semi"))
    return read_pictures(case, request.pictures, same["plot"].to_list())


def _as_measured(case: Case, request: Request, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` of plots that are described as they were when they were measured."""
    parts = request.parts.get("plots", [])
    if list(request.measured_plots) == list(parts):
        return rows
    described = [column.name for column in FACTS["plots"] if column not in PROVENANCE]
    now, then = (case.read_table("plots", each).select(described) for each in (parts, request.measured_plots))
    same = now.join(then, on=described, how="semi", nulls_equal=True)
    return rows.join(same.select("plot"), on="plot", how="semi")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
