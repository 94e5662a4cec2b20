"""What a finding is about, as people call it: a sourcing position by its goods, origin and supplier."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.messages import text
from landproof.domain.vocabulary import ENTITY, HARMS
from landproof.reporting.cells import Cell, Country, Id, ListName, Word, say
from landproof.reporting.commodities import COMMODITIES

# Subjects that are words of a closed list and no company's identifiers.
_SUBJECT_WORDS = frozenset((ENTITY, *HARMS, *COMMODITIES))


def commodity_cell(commodity: str | None) -> Cell:
    """A commodity as a word; that of a product without a recipe says what is unknown."""
    if commodity is None:
        return None
    return Word("unknown commodity" if commodity == UNKNOWN_COMMODITY else commodity)


def country_cell(country: str | None) -> Cell:
    """A country by its code, or unknown."""
    return None if country is None else Country(country)


def id_cell(value: str | None) -> Cell:
    """An identifier, or unknown."""
    return None if value is None else Id(value)


class Subjects:
    """The sourcing positions, origins and lists of one case, by the keys that findings name."""

    def __init__(self, positions: pl.DataFrame, origin_risk: pl.DataFrame) -> None:
        keys = ("supplier", "commodity", "country", "feed_for")
        named = positions.select("position", *keys, "list", "from_2030").with_columns(
            alone=pl.struct(keys).is_unique()
        )
        self._positions = {row["position"]: row for row in named.iter_rows(named=True)}
        self._origins = {
            f"{commodity}|{country or '?'}|{origin_list or '?'}": (commodity, country, origin_list)
            for commodity, country, origin_list in origin_risk.select("commodity", "country", "list").iter_rows()
        }
        self._lists = {origin[2] for origin in self._origins.values()}

    def cell(self, subject: str) -> Cell:
        """``subject`` as people call it; an identifier that is not a key of ours stays as its owner wrote it."""
        position = self._positions.get(subject)
        if position is not None:
            return position_cell(position, alone=position["alone"])
        origin = self._origins.get(subject)
        if origin is not None:
            return _from_list(*origin)
        if subject in self._lists:
            return ListName(subject)
        kind, _, name = subject.partition(":")
        if kind == "commodity" and name:
            return commodity_cell(name)
        if subject == UNKNOWN_COMMODITY:
            return commodity_cell(subject)
        return Word(subject) if subject in _SUBJECT_WORDS else Id(subject)


def _from_list(commodity: str | None, country: str | None, origin_list: str | None) -> Cell:
    return say(
        text("%(commodity)s from %(country)s (%(list)s)"),
        commodity=commodity_cell(commodity),
        country=country_cell(country),
        list=None if origin_list is None else ListName(origin_list),
    )


def position_cell(position: Mapping[str, Any], *, alone: bool = True) -> Cell:
    """A sourcing position by its goods, origin and supplier; unless ``alone``, with its list and its years too."""
    goods: dict[str, Cell] = {
        "commodity": commodity_cell(position["commodity"]),
        "country": country_cell(position["country"]),
        "supplier": id_cell(position["supplier"]),
    }
    said = say(text("%(commodity)s from %(country)s, supplier %(supplier)s"), **goods)
    if position["feed_for"] is not None:
        product = Id(position["feed_for"])
        sentence = text("%(commodity)s from %(country)s fed for %(product)s, supplier %(supplier)s")
        said = say(sentence, product=product, **goods)
    if alone:
        return said
    years = text("received from 2030 on") if position["from_2030"] else text("received before 2030")
    origin_list = None if position["list"] is None else ListName(position["list"])
    return say(text("%(position)s (%(list)s, %(years)s)"), position=said, list=origin_list, years=say(years))
