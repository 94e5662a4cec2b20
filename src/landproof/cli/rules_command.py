"""`landproof rules [ID]`: what the criteria ask and how it is decided."""

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json
from landproof.domain.errors import UsageError
from landproof.domain.messages import text


@click.command("rules")
@click.argument("rule_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(rule_id: str | None, as_json: bool, lang: str | None) -> None:
    """Explain one rule, or list all of them."""
    from landproof.reference.editions import load_edition
    from landproof.run.explain import explain, markdown

    del lang  # read by chosen_language
    language = chosen_language()
    edition = load_edition()
    if rule_id is None:
        if as_json:
            print_json([explain(each, language) for each in edition.rules])
            return
        for each in edition.rules.values():
            click.echo(f"{each.id:<12} {each.clause.split(';')[0]:<18} {each.title.in_language(language)}")
        return
    if rule_id not in edition.rules:
        near = [each for each in edition.rules if rule_id.upper().removeprefix("DCF-") in each.upper()]
        raise UsageError(
            text("There is no rule %(rule)s. Near it: %(near)s. `landproof rules` lists all of them."),
            rule=rule_id,
            near=", ".join(near[:5]) or say(text("none"), language),
        )
    rule = explain(rule_id, language)
    if as_json:
        print_json(rule)
    else:
        click.echo(markdown(rule, language))
