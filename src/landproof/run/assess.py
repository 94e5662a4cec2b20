"""Judges a case and keeps the run with its reports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from landproof.casefile.case import Case
from landproof.criteria.judge import verdict
from landproof.domain.derived import DERIVED
from landproof.domain.outcome import Outcome
from landproof.land.tables import AREAS, LAYERS
from landproof.reference.catalogue import LANGUAGES
from landproof.render.html import render_html
from landproof.render.json import render_json
from landproof.render.pdf import render_pdf
from landproof.render.workbook import render_workbook
from landproof.reporting.assessment import Assessment
from landproof.reporting.build import build_report
from landproof.reporting.nodes import Report
from landproof.run.inputs import Judged, Request, judge_request, pictures_of, request_of
from landproof.run.store import StoredRun, save

Progress = Callable[..., None]
# Short names in file names: report.en.pdf, report.zh.pdf.
FILE_LANGUAGE = {"en": "en", "zh_Hans": "zh"}


@dataclass(frozen=True, slots=True)
class Assessed:
    """A judged case: its verdict, the report as a tree, and where the run is kept."""

    verdict: Outcome
    assessment: Assessment
    report: Report
    run: StoredRun


def assess(
    case: Case,
    *,
    stage: str = "apply",
    as_of: date | None = None,
    readings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Assessed:
    """Judge the present state of ``case``, write the reports, and add a statement that it was assessed.

    Raises `UsageError` as `request_of` does, and `UnreadableInput` when a file of the case is damaged.
    """
    tell = progress or silent
    steps = 2 + 3 * len(LANGUAGES)
    request = request_of(case, stage=stage, as_of=as_of, readings=readings or {})
    tell(0, steps)
    judged = judge_request(case, request)
    tell(1, steps)
    assessment = assessment_of(case, request, judged)
    report = build_report(assessment)
    done = 1
    reports: dict[str, bytes] = {}
    for language in LANGUAGES:
        for name, content in render_all(report, language):
            reports[name] = content
            if not name.endswith(".json"):
                done += 1
                tell(done, steps)
    with case.writing() as writer:
        run = save(case, request, judged, reports, sorted(DERIVED))
        writer.state("assess", {"run": request.run_id})
    tell(steps, steps)
    return Assessed(assessment.verdict, assessment, report, run)


def silent(done: int, total: int, step: str | None = None) -> None:
    """Tell nobody."""
    del done, total, step


def assessment_of(case: Case, request: Request, judged: Judged) -> Assessment:
    """A judged request as the report takes it."""
    application = judged.tables["application"]
    row = application.row(0, named=True) if application.height else {}
    entities = judged.tables["entities"]
    names = dict(entities.select("entity", "name").iter_rows())
    applicant = row.get("entity") or ""
    return Assessment(
        company=names.get(applicant) or applicant or case.folder.name,
        case=row.get("application") or case.folder.name,
        stage=request.run.stage,
        as_of=request.run.as_of,
        period=(request.run.period_start, request.run.period_end),
        edition=request.edition,
        findings=judged.findings,
        tables=judged.tables,
        verdict=verdict(judged.findings, request.edition),
        rejects=judged.tables["rejects"],
        areas=case.read_table(AREAS.name, request.parts.get(AREAS.name, [])),
        layers=case.read_table(LAYERS.name, request.parts.get(LAYERS.name, [])),
        pictures=pictures_of(case, request),
        manifest=request.manifest() | {"run": request.run_id},
    )


def render_all(report: Report, language: str) -> list[tuple[str, bytes]]:
    """The reports of one language: file name and bytes. The PDF carries the JSON report inside."""
    short = FILE_LANGUAGE[language]
    as_json = render_json(report, language).encode()
    return [
        (f"report.{short}.json", as_json),
        (f"report.{short}.html", render_html(report, language).encode()),
        (f"report.{short}.xlsx", render_workbook(report, language)),
        (f"report.{short}.pdf", render_pdf(report, language, {"report.json": as_json})),
    ]
