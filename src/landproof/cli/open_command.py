"""`landproof open CASE RULE [SUBJECT]`: from a finding to its rows."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table
from landproof.domain.errors import UsageError
from landproof.domain.messages import Message, text

ROWS_SHOWN = 20


@click.command("open")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("rule")
@click.argument("subject", required=False)
@click.option("--run", "run_name", metavar="RUN", help=text("A run of the case; the latest one by default."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON, all rows."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(
    case: Path, rule: str, subject: str | None, run_name: str | None, as_json: bool, lang: str | None
) -> None:
    """Show the findings of RULE, and the rows behind the one on SUBJECT."""
    import polars as pl

    from landproof.casefile.case import open_case
    from landproof.criteria.registry import RULES
    from landproof.run.open_number import findings_of, rows_behind
    from landproof.run.sentences import finding_sentence, names_of
    from landproof.run.store import find_run

    del lang  # read by chosen_language
    language = chosen_language()
    opened = open_case(case)
    run = find_run(opened, run_name)
    if rule not in RULES:
        raise UsageError(text("There is no rule %(rule)s. `landproof rules` lists all of them."), rule=rule)
    findings = findings_of(run, rule, subject)
    only = findings["subject"].unique()
    behind = rows_behind(opened, run, rule, str(only[0])) if len(only) == 1 else []
    if as_json:
        print_json(
            {
                "findings": findings.to_dicts(),
                "rows": {
                    each.table: each.rows.select(pl.exclude(pl.Binary).cast(pl.String)).to_dicts()
                    for each in behind
                },
            }
        )
        return
    names = names_of(run)
    for row in findings.head(ROWS_SHOWN).iter_rows(named=True):
        click.echo(f"{row['rule']} | {row['subject']}: {say(row['outcome'], language)}")
        click.echo(f"  {finding_sentence(row, language, names)}")
        if row["whole"] is not None:
            click.echo(f"  {row['part']} / {row['whole']} {row['unit'] or ''}".rstrip())
        for reading in row["readings"]:
            click.echo(f"  {reading}")
    if findings.height > ROWS_SHOWN:
        more = Message(
            text("%(count)s more findings. Name a subject to open one."),
            {"count": str(findings.height - ROWS_SHOWN)},
        )
        click.echo(say(more, language))
    for each in behind:
        head = Message(
            text("%(table)s: %(count)s of %(total)s rows"),
            {"table": each.table, "count": str(each.rows.height), "total": str(each.of)},
        )
        click.echo("\n" + say(head, language))
        shown = each.rows.head(ROWS_SHOWN).select(pl.exclude(pl.Binary))
        filled = [name for name in shown.columns if shown[name].null_count() < shown.height]
        if shown.height:
            print_table(filled, [[_cell(value) for value in row] for row in shown.select(filled).iter_rows()])


def _cell(value: object) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
