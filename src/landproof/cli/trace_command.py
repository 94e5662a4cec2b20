"""`landproof trace CASE NAME`: what is behind a lot, a purchase line or a product; what a plot went into."""

from pathlib import Path
from typing import Any

import click

from landproof.cli.language import chosen_language, printable, say
from landproof.cli.printing import print_json, print_table
from landproof.domain.errors import UsageError
from landproof.domain.messages import text

SHOWN = 20
_KINDS = {"lot": text("Lot"), "line": text("Purchase line"), "product": text("Product"), "plot": text("Plot")}
_OBSTACLES = {
    "unknown origin": text("part of it comes from nobody knows where"),
    "lot not on file": text("part of it comes from a lot that nobody has described"),
    "plot not on file": text("part of it comes from a plot that is not on file"),
    "country only": text("of part of it only the country is known"),
    "no custody model": text("a step does not say how goods were kept apart"),
    "custody not proven": text("neither a certificate nor site records prove how goods were kept apart at a step"),
    "controlled blending": text("a step blends it with other goods"),
    "mass balance": text("a step balances mass and mixes it with other goods"),
    "book and claim": text("a step sells certificates apart from the goods"),
    "plot not shown unconverted": text("a plot is not shown to be free of deforestation and conversion"),
    "loop": text("a lot is made of itself"),
}
_TOLD = {
    "day missing": text("a day is missing"),
    "left before it arrived": text("left before it arrived"),
    "place unknown before": text("nobody knows where the animals were on %(unknown)s days before"),
    "days overlap": text("at the place before for %(overlap)s more days"),
}


@click.command("trace")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.option("--forward", is_flag=True, help=text("Follow a lot or a plot to what it went into."))
@click.option("--back", is_flag=True, help=text("Follow a lot, a line or a product back to its plots (as usual)."))
@click.option(
    "--without", metavar="FACT", help=text("Say what would be different if this delivery or event did not count.")
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["lot", "line", "product", "plot"]),
    help=text("What NAME is, where several things have it."),
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON, all rows."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(
    case: Path,
    name: str | None,
    forward: bool,
    back: bool,
    without: str | None,
    kind: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Follow NAME (a lot, line, product or plot) through the chain; without NAME, say what stands in the way."""
    from landproof.casefile.case import open_case
    from landproof.run import trace, trace_without

    del lang  # read by chosen_language
    language = chosen_language()
    if forward and back:
        raise UsageError(text("Give --forward or --back, not both."))
    if without is not None and (name is not None or forward or back):
        raise UsageError(text("Give --without alone: it goes through all that the delivery or event is in."))
    chain = trace.open_chain(open_case(case))
    if without is not None:
        content, show = trace_without.without(chain, without), _show_without
    elif name is None:
        content, show = trace.obstacles(chain), _show_obstacles
    else:
        asked = trace.find(chain, name, kind)
        if asked.kind == "plot" and back:
            raise UsageError(text("A plot is where a chain begins. Follow it forward."))
        if forward or asked.kind == "plot":
            content, show = trace.forward(asked), _show_forward
        else:
            content, show = trace.back(asked), _show_back
    if as_json:
        print_json(content)
    else:
        show(content, language)


def _tonnes(grams: int) -> str:
    return f"{grams / 1_000_000:,.3f} t"


def _show_back(content: dict[str, Any], language: str) -> None:
    whole = content["mass_g"]
    custody = content["custody"]
    rows = [
        [say(text("Mass"), language), _tonnes(whole)],
        [say(text("Traced to plots"), language), _part(content["from_plots_g"], whole)],
        [say(text("Traced to a country only"), language), _part(content["from_country_g"], whole)],
        [say(text("Not traced"), language), _part(content["unknown_g"], whole)],
        [say(text("Weakest custody model"), language), _custody(custody, language)],
        *_unweighed(content, language),
    ]
    print_table([say(_KINDS[content["asked"]["kind"]], language), printable(content["asked"]["id"])], rows)
    plots = content["plots"]
    if plots:
        click.echo()
        print_table(
            [
                say(text("Plot"), language),
                say(text("Country"), language),
                say(text("Mass"), language),
                say("deforestation", language),
                say("conversion", language),
            ],
            [
                [
                    plot["plot"],
                    plot["country"] or "",
                    _tonnes(plot["mass_g"]) if plot["mass_g"] else say(text("may be in it"), language),
                    *(say(verdict, language) for verdict in plot["verdicts"].values()),
                ]
                for plot in plots[:SHOWN]
            ],
        )
        _more(len(plots), language)
    if content["holdings"]:
        click.echo()
        heads = [
            text("Animal lot"), text("Establishment (plot)"), text("Role"), text("Arrived on"), text("Left on"),
        ]  # fmt: skip
        print_table(
            [*(say(head, language) for head in heads), ""],
            [_holding(row, language) for row in content["holdings"][:SHOWN]],
        )
        _more(len(content["holdings"]), language)
    if content["feed"]:
        click.echo()
        print_table(
            [say(text("Feed"), language), say(text("Feed commodity"), language), say(text("Feed lot"), language),
             say(text("Mass"), language), say(text("Traced to plots"), language), ""],
            [_fed(row, language) for row in content["feed"][:SHOWN]],
        )  # fmt: skip
        _more(len(content["feed"]), language)
    _say_obstacles(
        [*content["in_the_way"], *(each for row in content["feed"] for each in row["in_the_way"])], language
    )


def _holding(row: dict[str, Any], language: str) -> list[str]:
    return [
        row["lot"],
        row["establishment"] or "",
        say(row["role"], language) if row["role"] else "",
        row["arrived_on"] or "",
        row["left_on"] or "",
        "; ".join(
            say(_TOLD[odd], language) % {"unknown": row["unknown_days"], "overlap": row["overlap_days"]}
            for odd in row["told"]
        ),
    ]


def _fed(row: dict[str, Any], language: str) -> list[str]:
    whole = row["mass_g"]
    return [
        row["feed"],
        row["commodity"] or "",
        row["lot"] or "",
        say(text("unknown"), language) if whole is None else _tonnes(whole),
        _part(row["from_plots_g"], whole or 0),
        say(text("an estimate, which proves nothing"), language) if row["estimate"] else "",
    ]


def _show_forward(content: dict[str, Any], language: str) -> None:
    click.echo(printable(f"{say(_KINDS[content['asked']['kind']], language)} {content['asked']['id']}"))
    if content["products"]:
        products = say(text("Products: %(products)s"), language)
        click.echo(printable(products % {"products": ", ".join(content["products"])}))
    else:
        click.echo(say(text("Nothing that was bought has it in it."), language))
    if content["lines"]:
        click.echo()
        print_table(
            [say(text("Purchase line"), language), say(text("Product"), language), say(text("Supplier"), language),
             say(text("Lot"), language), say(text("Quantity"), language), say(text("Its share"), language)],
            [
                [row["line"], row["product"] or "", row["supplier"] or "", row["lot"],
                 _tonnes(row["quantity_g"] or 0), _share(row["share"], language)]
                for row in content["lines"][:SHOWN]
            ],
        )  # fmt: skip
        _more(len(content["lines"]), language)
    if content["feed"]:
        click.echo()
        print_table(
            [say(text("Feed"), language), say(text("Animal product"), language), say(text("Feed lot"), language),
             say(text("Its share"), language)],
            [
                [row["feed"], row["product"] or "", row["lot"], _share(row["share"], language)]
                for row in content["feed"][:SHOWN]
            ],
        )  # fmt: skip
        _more(len(content["feed"]), language)
    if content["lots"]:
        click.echo()
        print_table(
            [say(text("Lot"), language), say(text("Mass"), language), say(text("Its share"), language)],
            [
                [row["lot"], _tonnes(row["mass_g"]), _share(row["share"], language)]
                for row in content["lots"][:SHOWN]
            ],
        )
        _more(len(content["lots"]), language)


def _show_without(content: dict[str, Any], language: str) -> None:
    lots = content["lots"]
    if not lots:
        click.echo(say(text("Nothing would be different."), language))
        return
    heads = [
        text("Lot"),
        text("Traced to plots"),
        text("Not traced"),
        text("Weakest custody model"),
        text("Proven"),
    ]
    print_table(
        [say(head, language) for head in heads],
        [[printable(each["lot"]), *_change(each["before"], each["after"], language)] for each in lots[:SHOWN]],
    )
    _more(len(lots), language)
    names = ", ".join(printable(product) for product in content["products"])
    click.echo()
    click.echo(f"{say(text('Products with such lots'), language)}: {names or '–'}")


def _change(before: dict[str, Any] | None, after: dict[str, Any] | None, language: str) -> list[str]:
    """Each figure as it is, and as it would be."""
    said = [_figures(each, language) for each in (before, after)]
    return [one if one == other else f"{one} → {other}" for one, other in zip(*said, strict=True)]


def _figures(lot: dict[str, Any] | None, language: str) -> list[str]:
    if lot is None:
        return ["–"] * 4
    custody = {"weakest": lot["custody"], "proven": lot["custody_proven"]}
    yes_no = say("no" if lot["in_the_way"] else "yes", language)
    return [_tonnes(lot["from_plots_g"]), _tonnes(lot["unknown_g"]), _custody(custody, language), yes_no]


def _show_obstacles(content: dict[str, Any], language: str) -> None:
    whole = content["bought_g"]
    print_table(
        [say(text("Bought"), language), _tonnes(whole)],
        [
            [say(text("Nothing in the way"), language), _part(content["proven_g"], whole)],
            [say(text("One thing in the way"), language), _part(_alone(content), whole)],
            [say(text("Several things in the way"), language), _part(content["several_g"], whole)],
            [say(text("Lines without a lot"), language), _part(content["without_lot_g"], whole)],
            [say(text("Bought above what the lots weigh"), language), _part(content["beyond_g"], whole)],
            *_unweighed(content, language),
        ],
    )
    if content["alone"]:
        click.echo()
        click.echo(say(text("What would free most if it alone were mended:"), language))
        print_table(
            [say(text("Would free"), language), say(text("In the way"), language), say(text("Where"), language)],
            [
                [_tonnes(each["mass_g"]), say(_OBSTACLES[each["obstacle"]], language), _where(each)]
                for each in content["alone"]
            ],
            indent="  ",
        )
        if any(each["obstacle"] == "country only" for each in content["alone"]):
            click.echo(
                say(
                    text("Plots are asked of all goods here; the report says where the country will do."), language
                )
            )


def _alone(content: dict[str, Any]) -> int:
    others = ("proven_g", "several_g", "without_lot_g", "beyond_g")
    return content["bought_g"] - sum(content[name] for name in others)


def _unweighed(content: dict[str, Any], language: str) -> list[list[str]]:
    """Lines of unknown mass are told, since no sum holds them."""
    count = content["lines_without_mass"]
    return [[say(text("Lines without a mass, in no sum"), language), f"{count:,}"]] if count else []


def _say_obstacles(found: list[dict[str, Any]], language: str) -> None:
    if not found:
        click.echo()
        click.echo(say(text("Nothing is in the way of a proof."), language))
        return
    click.echo()
    click.echo(say(text("In the way of a proof, the nearest first:"), language))
    for each in found[:SHOWN]:
        way = " ← ".join(each["way"])
        click.echo(printable(f"  {_sentence(each, language)}" + (f" ({way})" if len(each["way"]) > 1 else "")))
    _more(len(found), language)


def _sentence(each: dict[str, Any], language: str) -> str:
    said, where = say(_OBSTACLES[each["obstacle"]], language), _where(each)
    return f"{said}: {where}" if where else said


def _where(each: dict[str, Any]) -> str:
    fact: dict[str, Any] = each["fact"] or {}
    named: list[str | None] = [
        each["at"],
        _tonnes(each["of_g"]) if each.get("of_g") else None,
        fact.get("delivery") or fact.get("event"),
        fact.get("facility"),
        fact.get("on"),
    ]
    return ", ".join(part for part in named if part)


def _custody(custody: dict[str, Any], language: str) -> str:
    model = say(custody["weakest"], language) if custody["weakest"] else say(text("not stated"), language)
    return model if custody["proven"] else f"{model} ({say(text('not proven at every step'), language)})"


def _part(grams: int, whole: int) -> str:
    return f"{_tonnes(grams)} ({grams / whole:.2%})" if whole else _tonnes(grams)


def _share(share: float, language: str) -> str:
    return f"{share:.4%}" if share else say(text("may be in it"), language)


def _more(count: int, language: str) -> None:
    if count > SHOWN:
        left = say(text("… and %(count)s more; --json prints all."), language)
        click.echo(left % {"count": f"{count - SHOWN:,}"})
