"""Reads the keys of one entry of ``layers.toml``; every refusal names the layer and the key."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from landproof.domain.messages import text
from landproof.layers.errors import LayerError

_RANGE = re.compile(r"(-?\d+)\s*-\s*(-?\d+)")
_LONGEST_RANGE = 70_000  # every value of a 16-bit raster


class Entry:
    """One entry: ``content`` by key, and the ``name`` by which refusals call it."""

    def __init__(self, content: Mapping[str, Any], name: str) -> None:
        self.content = content
        self.name = name

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def said(self, key: str) -> str:
        """A text that must be there."""
        value = self.content.get(key)
        if not isinstance(value, str) or not value.strip():
            raise LayerError(
                text("Layer %(layer)s: %(key)s is missing. Add it as text."), layer=self.name, key=key
            )
        return value.strip()

    def said_if_any(self, key: str) -> str | None:
        """A text, or null where the entry has none."""
        return self.said(key) if key in self else None

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the entry has none."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(each, str) and each.strip() for each in cast(list[Any], value)
        ):
            raise LayerError(
                text("Layer %(layer)s: %(key)s must be a list of texts, such as [\"a\", \"b\"]."),
                layer=self.name, key=key,
            )  # fmt: skip
        return tuple(cast(list[str], value))

    def day(self, key: str) -> date:
        """A day that must be there."""
        value = self.required(key)
        if type(value) is not date:
            raise LayerError(
                text("Layer %(layer)s: %(key)s must be a day, such as 2020-12-31."), layer=self.name, key=key
            )
        return value

    def day_if_any(self, key: str) -> date | None:
        """A day, or null where the entry has none."""
        return self.day(key) if key in self else None

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number from 0 on."""
        value = self.required(key) if default is None else self.content.get(key, default)
        if type(value) is not int or value < 0:
            raise LayerError(text("Layer %(layer)s: %(key)s must be a whole number."), layer=self.name, key=key)
        return value

    def number(self, key: str) -> Decimal:
        """A number, exact as it is written."""
        value = self.required(key)
        if type(value) is int or isinstance(value, Decimal):
            return Decimal(value)
        raise LayerError(text("Layer %(layer)s: %(key)s must be a number."), layer=self.name, key=key)

    def wholes(self, key: str) -> frozenset[int]:
        """A list of whole numbers, such as values that are no data."""
        listed = self.required(key)
        if not isinstance(listed, list) or not all(type(each) is int for each in cast(list[Any], listed)):
            raise LayerError(
                text("Layer %(layer)s: %(key)s must be a list of whole numbers; [] when every value counts."),
                layer=self.name, key=key,
            )  # fmt: skip
        return frozenset(cast(list[int], listed))

    def values(self, key: str) -> dict[int, str]:
        """Whole numbers, each as it is listed: alone, or in a range such as "30-100"."""
        return self.listed(self.required(key), key)

    def values_by_year(self, key: str) -> dict[int, int]:
        """The year of each value of a table such as ``{ 2021 = [33] }``; empty where the entry has none."""
        table = self.content.get(key, {})
        years: dict[int, int] = {}
        for year, listed in cast(dict[str, Any], table).items() if isinstance(table, dict) else [("", None)]:
            if not re.fullmatch(r"\d{4}", year):
                raise LayerError(
                    text("Layer %(layer)s: %(key)s must list values by year, such as { 2021 = [33] }."),
                    layer=self.name, key=key,
                )  # fmt: skip
            for value in self.listed(listed, key):
                if years.setdefault(value, int(year)) != int(year):
                    raise self.twice(value)
        return years

    def listed(self, listed: object, key: str) -> dict[int, str]:
        """``listed`` as whole numbers, each as it is listed."""
        found: dict[int, str] = {}
        for each in cast(list[Any], listed) if isinstance(listed, list) else [None]:
            span = _RANGE.fullmatch(each) if isinstance(each, str) else None
            if type(each) is int:
                found[each] = str(each)
            elif span and 0 <= int(span[2]) - int(span[1]) < _LONGEST_RANGE:
                found |= dict.fromkeys(range(int(span[1]), int(span[2]) + 1), f"{span[1]}-{span[2]}")
            else:
                raise LayerError(
                    text(
                        "Layer %(layer)s: %(key)s must be a list of whole numbers or ranges, such as "
                        "[1, \"30-100\"]."
                    ),
                    layer=self.name, key=key,
                )  # fmt: skip
        return found

    def tables(self, key: str) -> list["Entry"]:
        """The tables of ``[[layer.key]]``; empty where the entry has none."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in cast(list[Any], value)):
            raise LayerError(
                text("Layer %(layer)s: %(key)s must be tables, each under [[layer.%(key)s]]."),
                layer=self.name, key=key,
            )  # fmt: skip
        return [Entry(each, f"{self.name}, {key}") for each in cast(list[dict[str, Any]], value)]

    def must_have_only(self, known: set[str]) -> None:
        """Refuse keys that nobody reads: a misspelt key would otherwise be as good as none."""
        for key in sorted(set(self.content) - known):
            raise LayerError(
                text("Layer %(layer)s: there is no key %(key)s. Remove it, or correct its name."),
                layer=self.name, key=key,
            )  # fmt: skip

    def required(self, key: str) -> Any:
        """The value of a key that must be there."""
        if key not in self.content:
            raise LayerError(
                text("Layer %(layer)s: %(key)s is missing, so its values cannot be decoded. Add it."),
                layer=self.name,
                key=key,
            )
        return self.content[key]

    def twice(self, value: int) -> LayerError:
        """The refusal of a value that is listed twice."""
        return LayerError(
            text("Layer %(layer)s: the value %(value)s has two meanings. List it once."),
            layer=self.name, value=value,
        )  # fmt: skip
