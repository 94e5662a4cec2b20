"""Decode rules as ``layers.toml`` writes them, per role."""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.land.decode import (
    Classes,
    ConfidenceDays,
    DayOfYear,
    Days,
    Decoder,
    Meaning,
    Role,
    Seeing,
    YearAndDay,
    YearClasses,
    Years,
)
from landproof.layers.errors import LayerError
from landproof.layers.fields import Entry

_NO_VOTE = {"unclear": Meaning.UNKNOWN, "abstains": Meaning.ABSTAINS}
# role -> key -> meaning.
_CLASSES: Mapping[Role, Mapping[str, Meaning]] = {
    Role.FOREST: {"natural": Meaning.NATURAL, "not_natural": Meaning.NOT_NATURAL, **_NO_VOTE},
    Role.NATURAL: {"natural": Meaning.NATURAL, "not_natural": Meaning.NOT_NATURAL, **_NO_VOTE},
    Role.USE: {
        "agriculture": Meaning.AGRICULTURE,
        "other": Meaning.NOT_AGRICULTURE,
        "other_use": Meaning.OTHER_USE,
        "no_use": Meaning.NO_USE,
        "unclear": Meaning.UNKNOWN,
    },
    Role.PEAT: {"peat": Meaning.PEAT, "not_peat": Meaning.NOT_PEAT, "unclear": Meaning.UNKNOWN},
}
_REQUIRED = {
    Role.FOREST: {"natural", "not_natural"},
    Role.NATURAL: {"natural", "not_natural"},
    Role.USE: {"agriculture"},
    Role.PEAT: {"peat"},
}
# Published limits from which silence counts (conversion-verdict 5.1): clear views in a year, days between two.
_OFTEN: Mapping[str, range] = {
    "optical observations": range(6, 1 << 16),
    "radar observations": range(12, 1 << 16),
    "longest gap": range(121),
}
DATED = frozenset({Role.CHANGE, Role.DEGRADATION})  # their values are dates
_BASELINES = frozenset({Role.FOREST, Role.NATURAL})
_BY_THRESHOLD = {"values", "natural_from"}
_ENCODINGS: Mapping[str, tuple[set[str], set[str]]] = {  # required, optional
    "year": ({"base_year", "none", "last_year", "earliest"}, {"first_year"}),
    "days": ({"epoch", "none", "uncertainty_days"}, {"late_days"}),
    "yyddd": ({"none", "uncertainty_days"}, {"late_days"}),
    "day_of_year": ({"year", "none", "uncertainty_days"}, {"late_days"}),
    "confidence_days": ({"epoch", "confidences", "none", "uncertainty_days"}, {"late_days"}),
    "year_classes": ({"years", "none", "year_starts", "year_ends"}, {"residual", "residual_since", "unclear"}),
}


def keys_of(role: Role, entry: Entry) -> set[str]:
    """The keys of the decode rule that ``entry`` may hold."""
    if role in DATED:
        required, optional = _encoding(entry)
        return {"encoding"} | required | optional
    if role is Role.OBSERVATIONS:
        return {"counts", "values"}
    return set(_CLASSES[role]) | (_BY_THRESHOLD if role in _BASELINES else set[str]())


def decoder_of(role: Role, entry: Entry) -> Decoder:
    """The decode rule of ``entry``. Raises `LayerError` naming the layer when it is not complete."""
    if role in DATED:
        return _dated(entry)
    if role is Role.OBSERVATIONS:
        return _observations(entry)
    if role in _BASELINES and "natural_from" in entry:
        return _by_threshold(entry)
    meanings: dict[int, Meaning] = {}
    ranges: dict[int, str] = {}
    for key, meaning in _CLASSES[role].items():
        if key not in entry and key not in _REQUIRED[role]:
            continue
        for value, label in entry.values(key).items():
            ranges[value] = label
            if meanings.setdefault(value, meaning) is not meaning:
                raise entry.twice(value)
    # A peat map lists peat; what it knows and does not list is land without peat.
    alone = role is Role.PEAT and "not_peat" not in entry
    return Classes(meanings, Meaning.NOT_PEAT if alone else Meaning.UNKNOWN, ranges)


def _observations(entry: Entry) -> Decoder:
    """Whether each of ``values`` is often enough; what it ``counts`` says from where on, or up to where."""
    counted = _OFTEN.get(entry.said("counts"))
    if counted is None:
        raise LayerError(
            text("Layer %(layer)s: counts must be one of %(kinds)s."), layer=entry.name, kinds=", ".join(_OFTEN)
        )
    values = entry.values("values")
    meanings = {value: Meaning.OFTEN if value in counted else Meaning.SELDOM for value in values}
    return Classes(meanings, Meaning.UNKNOWN, {value: str(value) for value in values})


def _by_threshold(entry: Entry) -> Decoder:
    """Natural from ``natural_from`` on, among ``values``: canopy in percent, or a probability."""
    natural_from = entry.whole("natural_from")
    values = sorted(entry.values("values"))
    above, below = ([value for value in values if (value >= natural_from) is wanted] for wanted in (True, False))
    if not above or not below or "natural" in entry or "not_natural" in entry:
        raise LayerError(
            text(
                "Layer %(layer)s: natural_from must part the values in two, and stands alone: without natural and "
                "not_natural."
            ),
            layer=entry.name,
        )  # fmt: skip
    meanings = dict.fromkeys(above, Meaning.NATURAL) | dict.fromkeys(below, Meaning.NOT_NATURAL)
    ranges = {value: f"{part[0]}-{part[-1]}" for part in (above, below) for value in part}
    return Classes(meanings, Meaning.UNKNOWN, ranges)


def _encoding(entry: Entry) -> tuple[set[str], set[str]]:
    encoding = entry.content.get("encoding")
    if not isinstance(encoding, str) or encoding not in _ENCODINGS:
        raise LayerError(
            text("Layer %(layer)s: %(encoding)s is not an encoding of change. Encodings are %(encodings)s."),
            layer=entry.name, encoding=encoding, encodings=", ".join(_ENCODINGS),
        )  # fmt: skip
    return _ENCODINGS[encoding]


def _dated(entry: Entry) -> Decoder:
    required, _ = _encoding(entry)
    for key in sorted(required):
        entry.required(key)
    none = frozenset(entry.values("none"))
    if entry.content["encoding"] == "year":
        first = entry.whole("first_year") if "first_year" in entry else None
        try:
            return Years(
                entry.whole("base_year"), none, entry.whole("last_year"), str(entry.content["earliest"]), first
            )
        except ValueError:
            raise LayerError(
                text(
                    "Layer %(layer)s: earliest is %(earliest)s. Write it as \"10-01 of the year before\" or "
                    "\"01-01 of the year\"."
                ),
                layer=entry.name, earliest=entry.content["earliest"],
            ) from None  # fmt: skip
    if entry.content["encoding"] == "year_classes":
        return _year_classes(entry, none)
    return _alerts(entry, none)


def _alerts(entry: Entry, none: frozenset[int]) -> Decoder:
    seeing = Seeing(
        entry.whole("uncertainty_days"),
        entry.whole("late_days", 0),
        entry.day_if_any("first_day"),
        entry.day_if_any("last_day"),
    )
    match entry.content["encoding"]:
        case "yyddd":
            return YearAndDay(none, seeing)
        case "day_of_year":
            year = entry.whole("year")
            if not 1900 < year < 2200:
                raise LayerError(
                    text("Layer %(layer)s: year must be the year of the file, such as 2021."), layer=entry.name
                )
            return DayOfYear(year, none, seeing)
        case "confidence_days":
            return ConfidenceDays(entry.day("epoch"), entry.wholes("confidences"), none, seeing)
        case _:
            return Days(entry.day("epoch"), none, seeing)


def _year_classes(entry: Entry, none: frozenset[int]) -> Decoder:
    years, residual = entry.values_by_year("years"), entry.values_by_year("residual")
    unclear = frozenset(entry.values("unclear")) if "unclear" in entry else frozenset[int]()
    kinds = (none, years.keys(), residual.keys(), unclear)
    for value in sorted(frozenset[int]().union(*kinds)):
        if sum(value in kind for kind in kinds) > 1:
            raise entry.twice(value)
    since = entry.day("residual_since") if residual else entry.day_if_any("residual_since")
    starts, ends = entry.said("year_starts"), entry.said("year_ends")
    try:
        return YearClasses(years, none, starts, ends, residual, since, unclear)
    except ValueError as why:
        raise LayerError(
            text(
                "Layer %(layer)s: %(written)s is no day of a year. Write it as \"08-01 of the year before\" or "
                "\"07-31 of the year\"."
            ),
            layer=entry.name, written=why,
        ) from None  # fmt: skip
