"""Questions on the terminal about what a file does not tell."""

import sys

import click

from landproof.cli.language import say
from landproof.domain.facts import FACTS
from landproof.domain.messages import Message, text
from landproof.intake.asking import Ask, Heading, Place, Question, WhichTable

_LONGEST = 60


def somebody_is_there() -> bool:
    """Whether a person sees what is asked and can answer: both ends are a terminal."""
    # A program without a console has no streams at all, whatever their types say.
    streams = (getattr(sys, "stdin", None), getattr(sys, "stderr", None))
    return all(stream is not None and stream.isatty() for stream in streams)


def asker(language: str) -> Ask:
    """Puts a question to the person at the terminal, on standard error, as a numbered choice."""

    def ask(question: Question) -> int | None:
        for line in _introduction(question, language):
            click.echo(line, err=True)
        for number, choice in enumerate(_choices(question, language), start=1):
            click.echo(f"{number:4}  {choice}", err=True)
        return _answer(_prompt(question, language), len(question.choices), language)

    return ask


def _introduction(question: Question, language: str) -> list[str]:
    where = _where(question.place)
    if isinstance(question, WhichTable):
        unclear = text("%(where)s: it is not clear which table this is (rows: %(rows)s). Its columns: %(columns)s")
        columns = ", ".join(_one_line(name) for name in question.headings)
        values = {"where": where, "rows": str(question.place.rows), "columns": columns}
        return ["", say(Message(unclear, values), language)]
    sentence = (
        text("%(where)s: several columns look like %(column)s (%(name)s).")
        if question.several
        else text(
            "%(where)s: no column was recognised as %(column)s (%(name)s), which every row of %(table)s needs."
        )
    )
    table = FACTS[question.table]
    label, title = (say(each, language) for each in (table[question.column].label, table.title))
    return [
        "",
        say(
            Message(sentence, {"where": where, "column": label, "name": question.column, "table": title}), language
        ),
    ]


def _choices(question: Question, language: str) -> list[str]:
    if isinstance(question, WhichTable):
        return [f"{say(FACTS[name].title, language)} ({name})" for name in question.choices]
    return [_heading(choice, language) for choice in question.choices]


def _heading(heading: Heading, language: str) -> str:
    name, sample = _one_line(heading.name), _one_line(heading.sample)
    if not sample:
        return name
    return say(Message(text("%(column)s (such as %(value)s)"), {"column": name, "value": sample}), language)


def _prompt(question: Question, language: str) -> str:
    sentence = (
        text("Which table is it? A number, or 0 to leave the sheet out")
        if isinstance(question, WhichTable)
        else text("Which column is it? A number, or 0 if none is")
    )
    return say(sentence, language)


def _answer(prompt: str, most: int, language: str) -> int | None:
    while True:
        try:
            written: str = click.prompt(prompt, default="0", err=True)
        except UnicodeError:
            written = ""
        except click.Abort:
            click.echo(err=True)
            click.echo(say(text("Stopped. Nothing of this file was imported."), language), err=True)
            raise
        if written.strip().isdecimal() and int(written) <= most:
            return int(written) - 1 if int(written) else None
        again = Message(text("Please answer with a number from 0 to %(most)s."), {"most": str(most)})
        click.echo(say(again, language), err=True)


def _where(place: Place) -> str:
    return _one_line(f"{place.file}, {place.sheet}" if place.sheet else place.file)


def _one_line(written: str) -> str:
    """What stands in a file, without line breaks or anything that would steer the terminal."""
    line = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(written.split())
    )
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
