"""`build_report`: one judged case becomes one tree."""

from landproof.domain.messages import text
from landproof.reporting.amounts import share_or_unknown
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Word, say
from landproof.reporting.chain import traceability
from landproof.reporting.clauses import BY_CLAUSE, clause_sections
from landproof.reporting.closing import gaps, readings, rejects, sources
from landproof.reporting.contradictions import contradictions
from landproof.reporting.effects import obstacles
from landproof.reporting.findings import all_findings, numbered
from landproof.reporting.first_page import first_page, headline, next_steps
from landproof.reporting.land import land
from landproof.reporting.nodes import Note, Report, Section, Sheet
from landproof.reporting.provable import provability
from landproof.reporting.spend import materiality, origin_risk


def build_report(assessment: Assessment) -> Report:
    """The report on ``assessment``, in no language yet. Pure: the same assessment gives the same tree."""
    findings = numbered(assessment.findings)
    found = provability(assessment)
    share = share_or_unknown(found.provable, found.in_scope)
    in_the_way = obstacles(assessment, findings, found)
    steps, steps_table = next_steps(assessment, in_the_way, found.in_scope)
    spent, materiality_table = materiality(assessment)
    origins, origin_table = origin_risk(assessment)
    chain, positions_table, blocked_table = traceability(assessment, found, findings)
    opposed, opposed_table = contradictions(assessment)
    plots, plots_table = land(assessment, found, findings)
    refused, rejects_table = rejects(assessment)
    read, readings_table = readings(assessment)
    rests_on, sources_table = sources(assessment)
    return Report(
        company=assessment.company,
        case=assessment.case,
        stage=Word(assessment.stage),
        as_of=assessment.as_of,
        period=assessment.period,
        edition=assessment.edition.id,
        edition_title=assessment.edition.title,
        run=str(assessment.manifest.get("run", "")),
        version=str(assessment.manifest.get("landproof", "")),
        verdict=assessment.verdict,
        headline=headline(assessment, share, in_the_way),
        provable=share,
        sections=(
            first_page(assessment, findings, share, in_the_way),
            steps,
            spent,
            origins,
            chain,
            opposed,
            plots,
            Section("clauses", say(text("Findings by clause")), (Note(say(BY_CLAUSE)),)),
            *clause_sections(assessment, findings),
            refused,
            gaps(assessment, findings),
            read,
            rests_on,
        ),
        sheets=(
            Sheet(text("What to do next"), steps_table),
            Sheet(text("Findings"), all_findings(assessment, findings)),
            Sheet(text("Materiality"), materiality_table),
            Sheet(text("Origin risk"), origin_table),
            Sheet(text("Traceability"), positions_table),
            Sheet(text("Blocked products"), blocked_table),
            Sheet(text("What cannot all be true"), opposed_table),
            Sheet(text("Plots"), plots_table),
            Sheet(text("Rejects"), rejects_table),
            Sheet(text("Readings"), readings_table),
            Sheet(text("Sources"), sources_table),
        ),
    )


__all__ = ["build_report"]
