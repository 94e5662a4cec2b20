"""Decode rules as ``layers.toml`` writes them, per role."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from landproof.domain.messages import text
from landproof.land.decode import Classes, Days, Decoder, Meaning, Role, Years
from landproof.layers.errors import LayerError

# role -> key -> meaning; keys that must be there come first.
_CLASSES: Mapping[Role, Mapping[str, Meaning]] = {
    Role.FOREST: {"natural": Meaning.NATURAL, "not_natural": Meaning.NOT_NATURAL},
    Role.NATURAL: {"natural": Meaning.NATURAL, "not_natural": Meaning.NOT_NATURAL},
    Role.USE: {
        "agriculture": Meaning.AGRICULTURE,
        "other": Meaning.NOT_AGRICULTURE,
        "other_use": Meaning.OTHER_USE,
        "no_use": Meaning.NO_USE,
    },
    Role.PEAT: {"peat": Meaning.PEAT, "not_peat": Meaning.NOT_PEAT},
}
_REQUIRED = {
    Role.FOREST: {"natural", "not_natural"},
    Role.NATURAL: {"natural", "not_natural"},
    Role.USE: {"agriculture"},
    Role.PEAT: {"peat"},
}
_ENCODINGS: Mapping[str, tuple[set[str], set[str]]] = {  # required, optional
    "year": ({"base_year", "none", "last_year", "earliest"}, set()),
    "days": ({"epoch", "none", "uncertainty_days"}, {"last_day"}),
}
_RANGE = re.compile(r"(-?\d+)\s*-\s*(-?\d+)")
_LONGEST_RANGE = 70_000  # every value of a 16-bit raster


def keys_of(role: Role, entry: Mapping[str, Any], name: str) -> set[str]:
    """The keys of the decode rule that ``entry`` may hold."""
    if role is not Role.CHANGE:
        return set(_CLASSES[role])
    required, optional = _encoding(entry, name)
    return {"encoding"} | required | optional


def decoder_of(role: Role, entry: Mapping[str, Any], name: str) -> Decoder:
    """The decode rule of ``entry``. Raises `LayerError` naming the layer when it is not complete."""
    if role is Role.CHANGE:
        return _change(entry, name)
    meanings: dict[int, Meaning] = {}
    ranges: dict[int, str] = {}
    for key, meaning in _CLASSES[role].items():
        if key not in entry:
            if key in _REQUIRED[role]:
                raise _missing(name, key)
            continue
        for value, label in _values(entry, key, name).items():
            ranges[value] = label
            if meanings.setdefault(value, meaning) is not meaning:
                raise LayerError(
                    text("Layer %(layer)s: the value %(value)s has two meanings. List it once."),
                    layer=name, value=value,
                )  # fmt: skip
    # A peat map lists peat; what it knows and does not list is land without peat.
    alone = role is Role.PEAT and "not_peat" not in entry
    return Classes(meanings, Meaning.NOT_PEAT if alone else Meaning.UNKNOWN, ranges)


def _encoding(entry: Mapping[str, Any], name: str) -> tuple[set[str], set[str]]:
    encoding = entry.get("encoding")
    if not isinstance(encoding, str) or encoding not in _ENCODINGS:
        raise LayerError(
            text("Layer %(layer)s: %(encoding)s is not an encoding of change. Encodings are %(encodings)s."),
            layer=name, encoding=encoding, encodings=", ".join(_ENCODINGS),
        )  # fmt: skip
    return _ENCODINGS[encoding]


def _change(entry: Mapping[str, Any], name: str) -> Decoder:
    required, _ = _encoding(entry, name)
    for key in sorted(required - set(entry)):
        raise _missing(name, key)
    none = frozenset(_values(entry, "none", name))
    if entry["encoding"] == "year":
        base, last = _whole(entry, "base_year", name), _whole(entry, "last_year", name)
        try:
            return Years(base, none, last, str(entry["earliest"]))
        except ValueError:
            raise LayerError(
                text(
                    "Layer %(layer)s: earliest is %(earliest)s. Write it as \"10-01 of the year before\" or "
                    "\"01-01 of the year\"."
                ),
                layer=name, earliest=entry["earliest"],
            ) from None  # fmt: skip
    last_day = _day(entry, "last_day", name) if "last_day" in entry else None
    return Days(_day(entry, "epoch", name), none, _whole(entry, "uncertainty_days", name), last_day)


def _values(entry: Mapping[str, Any], key: str, name: str) -> dict[int, str]:
    """The whole numbers of a list, each as it is listed: alone, or in a range such as "30-100"."""
    listed = entry[key]
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
                    "Layer %(layer)s: %(key)s must be a list of whole numbers or ranges, such as [1, \"30-100\"]."
                ),
                layer=name, key=key,
            )  # fmt: skip
    return found


def _whole(entry: Mapping[str, Any], key: str, name: str) -> int:
    value = entry[key]
    if type(value) is not int or value < 0:
        raise LayerError(text("Layer %(layer)s: %(key)s must be a whole number."), layer=name, key=key)
    return value


def _day(entry: Mapping[str, Any], key: str, name: str) -> date:
    value = entry[key]
    if type(value) is not date:
        raise LayerError(text("Layer %(layer)s: %(key)s must be a day, such as 2020-12-31."), layer=name, key=key)
    return value


def _missing(name: str, key: str) -> LayerError:
    return LayerError(
        text("Layer %(layer)s: %(key)s is missing, so its values cannot be decoded. Add it."), layer=name, key=key
    )
