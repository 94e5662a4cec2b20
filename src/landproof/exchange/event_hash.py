"""The event hash of CBV 2.0, section 8.9: the same event has the same id, however it is written.

An event is what `epcis_json` and `epcis_xml` make of it: a mapping with the names of the EPCIS 2.0 JSON binding,
extensions under ``{namespace}name``, every number and truth value as text.

Where the text of section 8.9 and the tool that its authors publish differ, the tool's published vectors decide:
lists of business transactions, sources and destinations stand with what the order does not name.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Final, cast

from landproof.exchange.gs1_keys import digital_link
from landproof.exchange.vocabulary import CBV, VOCABULARY, full_word

Event = Mapping[str, Any]
_IGNORED: Final = ("type", "recordTime", "eventID", "errorDeclaration", "@context")
_QUANTITY: Final = ("epcClass", "quantity", "uom")
_METADATA: Final = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT: Final = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
    "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
# What follows what; of an element with parts, the parts and theirs.
_Order = Sequence[tuple[str, Any]]


def _plain(*names: str) -> _Order:
    return [(name, ()) for name in names]


_ORDER: Final[_Order] = [
    *_plain("eventTime", "eventTimeZoneOffset", "certificationInfo", "parentID"),
    ("epcList", "epc"), ("inputEPCList", "epc"), ("childEPCs", "epc"),
    ("quantityList", _plain(*_QUANTITY)), ("childQuantityList", _plain(*_QUANTITY)),
    ("inputQuantityList", _plain(*_QUANTITY)), ("outputEPCList", "epc"),
    ("outputQuantityList", _plain(*_QUANTITY)),
    *_plain("action", "transformationID", "bizStep", "disposition"),
    ("persistentDisposition", _plain("set", "unset")),
    ("readPoint", _plain("id")), ("bizLocation", _plain("id")),
    ("sensorElementList", [("sensorMetadata", _plain(*_METADATA)), ("sensorReport", _plain(*_REPORT))]),
]  # fmt: skip
_ELEMENT_OF: Final[Mapping[str, str]] = {
    "quantityList": "quantityElement", "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement", "outputQuantityList": "quantityElement",
    "sensorElementList": "sensorElement",
}  # fmt: skip
_PAIRS: Final[Mapping[str, str]] = {
    "bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination",
}  # fmt: skip
_OLD_WORDS: Final = tuple((f"urn:epcglobal:cbv:{old}:", f"{CBV}{new}-") for old, new in (
    ("bizstep", "BizStep"), ("disp", "Disp"), ("btt", "BTT"), ("sdt", "SDT"), ("er", "ER"),
))  # fmt: skip
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def event_hash(event: Event) -> str:
    """``ni:///sha-256;...?ver=CBV2.0`` of an event."""
    return f"ni:///sha-256;{hashlib.sha256(pre_hash(event).encode()).hexdigest()}?ver=CBV2.0"


def pre_hash(event: Event) -> str:
    """The canonical string of an event, before it is hashed."""
    said, rest = _in_order(event, _ORDER, own_extensions=False)
    left = [_unordered(name, value, "") for name, value in rest.items() if name not in _IGNORED]
    return f"eventType={event['type']}{said}{_sorted(left)}"


def _in_order(
    value: Mapping[str, Any], order: _Order, *, own_extensions: bool = True
) -> tuple[str, dict[str, Any]]:
    """What ``value`` says in ``order``, and what the order does not name; extensions stay with their element."""
    said: list[str] = []
    rest = dict(value)
    for name, parts in order:
        if name not in rest:
            continue
        text, left = _element(name, rest.pop(name), parts)
        said.append(text)
        if left:
            rest[name] = left
    if own_extensions:
        extensions = [name for name in rest if name.startswith("{")]
        said.append(_sorted(_unordered(name, rest.pop(name), "") for name in extensions))
    return "".join(said), rest


def _element(name: str, value: Any, parts: Any) -> tuple[str, Any]:
    """One element in order, and what of it the order does not name."""
    if parts == "epc":
        texts = _sorted(f"epc={_canonical(each, '')}" for each in cast(list[str], value))
        return (name + texts if texts else ""), None
    if not parts:
        return _sorted(_said(name, each) for each in _list(value)), None
    inner = _ELEMENT_OF.get(name)
    if inner is None and name == "sensorReport":
        found = [_in_order(each, parts) for each in _list(value)]
        return _sorted(name + text for text, _ in found if text), [left for _, left in found if left]
    if inner is None:
        text, left = _in_order(value, parts)
        return (name + text if text else ""), left
    found = [_in_order(each, parts) for each in _list(value)]
    texts = _sorted(inner + text for text, _ in found if text)
    return (name + texts if texts else ""), [left for _, left in found if left]


def _said(name: str, value: Any) -> str:
    text = "" if isinstance(value, dict) else str(value).strip()
    if not text:
        return ""
    if "time" in name.lower() and "offset" not in name.lower():
        return f"{name}={_moment(text)}"
    return f"{name}={_canonical(text, name)}"


def _unordered(name: str, value: Any, inside: str) -> str:
    """An element that the order does not name, with all its parts in the order of their texts."""
    if name in _PAIRS:
        pairs = [
            "".join(_unordered(key, each[key], name) for key in ("type", _PAIRS[name]) if key in each)
            + _sorted(_unordered(key, each[key], name) for key in each if key not in ("type", _PAIRS[name]))
            for each in _list(value)
        ]
        return name + _sorted(pairs)
    if name in _ELEMENT_OF:
        return name + _sorted(_unordered(_ELEMENT_OF[name], each, name) for each in _list(value))
    if isinstance(value, list):
        return _sorted(_unordered(name, each, inside) for each in cast(list[Any], value))
    if isinstance(value, dict):
        parts = cast(dict[str, Any], value)
        own = str(parts.get("#text", "")).strip()
        inner = _sorted(_unordered(key, each, name) for key, each in parts.items() if key != "#text")
        return name + (f"={_canonical(own, '')}" if own else "") + inner
    text = str(value).strip()
    return f"{name}={_canonical(text, inside if name == 'type' else '')}" if text else name


def _canonical(text: str, name: str) -> str:
    """One spelling of words of the vocabulary, numbers and GS1 keys."""
    text = full_word(name, text.strip()) if name in VOCABULARY else text.strip()
    for old, new in _OLD_WORDS:
        text = text.replace(old, new)
    if _NUMBER.fullmatch(text):
        # In binary, as the published vectors have it: 24 digits of a string value lose their last ones there.
        number = float(text)
        if isfinite(number):
            return str(int(number)) if number.is_integer() else repr(number)
    return digital_link(text)


def _moment(text: str) -> str:
    """UTC to the millisecond; a text that is no moment with an offset stays as it is."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None or at.year == 9999:
            return text
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    thousandths = round(at.microsecond / 1000)
    return (at.replace(microsecond=0) + timedelta(milliseconds=thousandths)).isoformat(
        timespec="milliseconds"
    ).removesuffix("+00:00") + "Z"


def _list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else [value]


def _sorted(texts: Iterable[str]) -> str:
    return "".join(sorted(texts))
