"""Cells in the reader's language. Amounts are exact up to here; this is the only place that rounds them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from typing import TypeAlias

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_currency, format_decimal

from landproof.criteria.edition import Bilingual
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reference.catalogue import language_of, translate
from landproof.reference.editions import LATEST, load_countries, load_list_titles
from landproof.render.citations import citation
from landproof.reporting.cells import (
    Amount,
    Area,
    Cell,
    Citation,
    Country,
    Exact,
    Id,
    Key,
    ListName,
    Many,
    Mass,
    Quantity,
    Reference,
    Sentence,
    Share,
    Word,
)
from landproof.reporting.words import OUTCOMES, UNITS, WORDS

UNKNOWN = text("unknown")
_NOTHING = "–"
_BETWEEN_ZH = {", ": "、", "; ": "；"}
# A share is never rounded onto a number that decides or that reads as "none" or "all".
_TELLING = tuple(Decimal(percent) for percent in (0, 1, 10, 25, 50, 90, 100))
_MOST_DECIMALS = 4
_TONNE, _KILOGRAM = Decimal(1_000_000), Decimal(1000)
_WHOLE_MONEY = 1000  # from here on money is shown without decimals

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_Value: TypeAlias = (
    Id | Key | Word | Citation | Country | ListName | Amount | Exact | Share | Mass | Area | Quantity
)
_KINDS: Mapping[type, str] = {Id: "id", Key: "key", Word: "", Citation: "", Country: "", ListName: ""}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text. ``kind`` is "", "id", "key", "number", "unknown", "outcome" or "break" (a new line).

    ``target`` is an anchor.
    """

    text: str
    kind: str = ""
    target: str | None = None
    outcome: Outcome | None = None


class Wording:
    """Formats cells in one language: "en" or "zh_Hans" (any form of zh)."""

    def __init__(self, language: str, edition: str = LATEST) -> None:
        self.language = language_of(language)
        self.locale = Locale.parse(self.language)
        self.tag = {"en": "en", "zh_Hans": "zh-Hans"}[self.language]
        self._countries, self._lists = _names(edition)
        self._said: dict[str, str] = {}
        self._cut: dict[str, list[str]] = {}

    def __call__(self, cell: Cell) -> str:
        """``cell`` as plain text."""
        # A table may hold very many of these, so the commonest go first and make no runs.
        match cell:
            case Id():
                return cell.value
            case Outcome():
                return self.say(OUTCOMES[cell])
            case str():
                return cell
            case Sentence():
                pieces = self._pieces(cell.sentence)
                values = cell.values
                return "".join([self(values[piece]) if place % 2 else piece for place, piece in enumerate(pieces)])
            case Many():
                return self._separator(cell.between).join(map(self, cell.cells)) or _NOTHING
            case _:
                return "".join([run.text for run in self.runs(cell)])

    def runs(self, cell: Cell) -> list[Run]:
        """``cell`` as runs of text, each with what it is and what it opens."""
        match cell:
            case None:
                return [Run(self.say(UNKNOWN), "unknown")]
            case Outcome():
                return [Run(self.say(OUTCOMES[cell]), "outcome", outcome=cell)]
            case str():
                return [Run(cell)] if cell else []
            case int():
                return [Run(self.number(Decimal(cell), 0), "number")]
            case date():
                return [Run(self._date(cell), "number")]
            case Sentence():
                return self._sentence(cell)
            case Many():
                return self._several(cell)
            case Reference():
                return [replace(run, target=cell.target) for run in self.runs(cell.cell)]
            case Bilingual():
                return [Run(cell.in_language(self.language) or cell.en)]
            case _:
                return [Run(self._value(cell), _KINDS.get(type(cell), "number"))]

    def _sentence(self, sentence: Sentence) -> list[Run]:
        found: list[Run] = []
        for place, piece in enumerate(self._pieces(sentence.sentence)):
            if place % 2:
                found += self.runs(sentence.values[piece])
            elif piece:
                found.append(Run(piece))
        return found

    def _pieces(self, sentence: str) -> list[str]:
        """The translated sentence, cut at its placeholders; every second piece is the name of one."""
        pieces = self._cut.get(sentence)
        if pieces is None:
            translated = self.say(sentence)
            pieces = _PLACEHOLDER.split(translated)
            if len(pieces) > 1:
                pieces[::2] = [piece.replace("%%", "%") for piece in pieces[::2]]
            self._cut[sentence] = pieces
        return pieces

    def _separator(self, between: str) -> str:
        """What stands between cells on one line."""
        between = between.replace("\n", "; ")
        return _BETWEEN_ZH.get(between, between) if self.language == "zh_Hans" else between

    def _several(self, many: Many) -> list[Run]:
        found: list[Run] = []
        for place, each in enumerate(many.cells):
            if place:
                line = many.between == "\n"
                found.append(Run("\n", "break") if line else Run(self._separator(many.between)))
            found += self.runs(each)
        return found or [Run(_NOTHING)]

    def _date(self, day: date) -> str:
        return format_date(day, "long" if self.language == "zh_Hans" else "d MMMM y", locale=self.locale)

    def _value(self, cell: _Value) -> str:
        match cell:
            case Id() | Key():
                return cell.value
            case Word():
                return self.say(WORDS[cell.value]) if cell.value in WORDS else cell.value
            case Citation():
                return citation(cell.clause, self.say, chinese=self.language == "zh_Hans")
            case Country():
                names = self._countries.get(cell.code)
                # The report's font draws the curly apostrophe as wide as a Chinese character.
                return names.in_language(self.language).replace("’", "'") if names else cell.code
            case ListName():
                title = self._lists.get(cell.id)
                return (title.in_language(self.language) or title.en) if title else cell.id
            case Amount():
                return self.money(cell)
            case Exact():
                return self._exact(cell)
            case Share():
                return self.percent(cell)
            case Mass():
                return self.mass(cell.grams)
            case Area():
                return self._with_unit(cell.hectares, text("ha"))
            case Quantity():
                return self.number(cell.value)

    def say(self, sentence: str) -> str:
        """A sentence or label without placeholders."""
        said = self._said.get(sentence)
        if said is None:
            said = self._said[sentence] = translate(sentence, self.language)
        return said

    def number(self, value: Decimal, decimals: int | None = None) -> str:
        """A number with at most ``decimals`` decimals, or with all it has."""
        if decimals is not None:
            value = _rounded(value, decimals)
        places = max(0, -int(_stripped(value).as_tuple().exponent))
        return format_decimal(value, "#,##0" + ("." + "0" * places if places else ""), locale=self.locale)

    def _exact(self, amount: Exact) -> str:
        written = self.number(amount.value)
        if amount.unit is None:
            return written
        return f"{written}\u00a0{self.say(UNITS.get(amount.unit) or WORDS.get(amount.unit, amount.unit))}"

    def percent(self, share: Share) -> str:
        """A share in percent with at most one decimal; with more where one would round it onto a telling number.

        Where even four would, it is said to be above or below that number. No trailing zeros.
        """
        with localcontext() as context:
            context.prec = 60
            exact = share.part * 100 / share.whole
            decimals = next(
                (n for n in range(1, _MOST_DECIMALS + 1) if not _misleads(exact, _rounded(exact, n))), 0
            )
            shown = _rounded(exact, decimals)
        sign = "" if decimals else ("> " if exact > shown else "< ")
        figure = self.number(shown)
        return f"{sign}{figure}%" if self.language == "zh_Hans" else f"{sign}{figure}\u00a0%"

    def compact(self, value: Decimal) -> str:
        """A large number in short, for a chart: 7.2M, 720万."""
        return format_compact_decimal(value, fraction_digits=1, locale=self.locale)

    def money(self, amount: Amount) -> str:
        """Money with its currency's code; whole units from 1,000 on, two decimals below."""
        decimals = 0 if abs(amount.value) >= _WHOLE_MONEY else 2
        value = _rounded(amount.value, decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        if amount.currency is None:
            return format_decimal(value, pattern, locale=self.locale)
        return format_currency(
            value, amount.currency, f"¤¤\u00a0{pattern}", locale=self.locale, currency_digits=False
        )

    def mass(self, grams: Decimal) -> str:
        """Tonnes with at most three decimals; below a tonne kilograms."""
        if abs(grams) >= _TONNE:
            return self._with_unit(_rounded(grams / _TONNE, 3), text("t"))
        return self._with_unit(_rounded(grams / _KILOGRAM, 3), text("kg"))

    def _with_unit(self, value: Decimal, unit: str) -> str:
        return f"{self.number(value)}\u00a0{self.say(unit)}"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)


def _stripped(value: Decimal) -> Decimal:
    """Without trailing zeros, and without the exponent that `Decimal.normalize` leaves on whole numbers."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def _misleads(exact: Decimal, shown: Decimal) -> bool:
    return shown in _TELLING and shown != exact


@cache
def _names(edition: str) -> tuple[dict[str, Bilingual], dict[str, Bilingual]]:
    countries = {code: Bilingual(en, zh) for code, en, zh in load_countries(edition).iter_rows()}
    return countries, load_list_titles(edition)
