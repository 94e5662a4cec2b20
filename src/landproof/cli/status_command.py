"""`landproof status CASE`: what is in a case."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, printable, say
from landproof.cli.printing import print_json, print_table
from landproof.domain.messages import text


@click.command("status")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--rejects", "with_rejects", is_flag=True, help=text("List every rejected row."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(case: Path, with_rejects: bool, as_json: bool, lang: str | None) -> None:
    """Show what a case holds."""
    from landproof.casefile.case import CONTRACTS, open_case
    from landproof.run.sentences import reject_place, reject_sentence

    del lang  # read by chosen_language
    language = chosen_language()
    opened = open_case(case)
    state = opened.state()
    rows = {name: opened.read_table(name, parts).height for name, parts in sorted(state.facts.items())}
    rejects = opened.read_table("rejects", state.facts.get("rejects", []))
    runs = [statement.content["run"] for statement in opened.statements() if statement.kind == "assess"]
    if as_json:
        print_json(
            {
                "tables": rows,
                "imports": {each.number: each.content["files"] for each in state.imports},
                "rejects": rejects.to_dicts() if with_rejects else rejects.height,
                "runs": runs,
            }
        )
        return
    if not state.imports:
        click.echo(say(text("Nothing is imported yet. `landproof import CASE FILE…` brings files in."), language))
        return
    print_table(
        [say(text("Table"), language), say(text("Rows"), language)],
        [[say(CONTRACTS[name].title, language), f"{count:,}"] for name, count in rows.items()],
    )
    click.echo()
    print_table(
        [say(text("Import"), language), say(text("Files"), language)],
        [[str(each.number), ", ".join(each.content["files"])] for each in state.imports],
    )
    if runs:
        click.echo()
        print_table([say(text("Run"), language)], [[run] for run in dict.fromkeys(runs)])
    if rejects.height and not with_rejects:
        click.echo()
        click.echo(
            say(text("`landproof status CASE --rejects` lists the rejected rows and what to do."), language)
        )
    if with_rejects:
        click.echo()
        for row in rejects.iter_rows(named=True):
            place = ", ".join(part for part in (row["source_name"], reject_place(row, language)) if part)
            click.echo(printable(f"{place}: {reject_sentence(row, language)}"))
