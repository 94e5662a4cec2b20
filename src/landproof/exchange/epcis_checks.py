"""Whether an event is one: the fields, words and times of EPCIS 2.0 (clauses 7.3 and 7.4) and CBV 2.0."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from landproof.exchange.found import Fault
from landproof.exchange.mass import amount
from landproof.exchange.vocabulary import ACTIONS, BUSINESS_STEPS, DISPOSITIONS, EVENT_TYPES, bare_word

_OFFSET: Final = re.compile(r"[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_ANY: Final = frozenset((
    "type", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "errorDeclaration", "certificationInfo",
    "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList",
    "sourceList", "destinationList", "sensorElementList", "@context", "id", "isA",
))  # fmt: skip
_OBJECT: Final = frozenset(("action", "epcList", "quantityList", "ilmd"))
_PARENT: Final = frozenset(("action", "parentID", "childEPCs", "childQuantityList"))
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "ObjectEvent": _ANY | _OBJECT,
    "AggregationEvent": _ANY | _PARENT,
    "AssociationEvent": _ANY | _PARENT,
    "TransactionEvent": _ANY | {"action", "parentID", "epcList", "quantityList"},
    "TransformationEvent": _ANY | {
        "transformationID", "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "ilmd",
    },
}  # fmt: skip
_TEXTS: Final = (
    "eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "parentID",
    "transformationID",
)  # fmt: skip
_EPCS: Final = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PAIRS: Final = (
    ("bizTransactionList", "bizTransaction"),
    ("sourceList", "source"),
    ("destinationList", "destination"),
)
_PLACES: Final = ("readPoint", "bizLocation")


def faults_of(event: Mapping[str, Any]) -> list[Fault]:
    """All that is wrong with an event; nothing for a good one."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in EVENT_TYPES:
        return [Fault("type", "type", _shown(kind))]
    found = [Fault("unknown-field", name) for name in event if name not in FIELDS[kind] and not _extends(name)]
    found += _shapes(event)
    if found:
        return found
    found += _times(event)
    if kind != "TransformationEvent":
        found += _required(event, "action")
        if event.get("action", "ADD") not in ACTIONS:
            found.append(Fault("action", "action", _shown(event["action"])))
    found += _words(event, "bizStep", "step", BUSINESS_STEPS)
    found += _words(event, "disposition", "disposition", DISPOSITIONS)
    return found + _what(event, kind)


def moment(text: str) -> datetime:
    """A moment as written, with its own offset. Raises `ValueError`."""
    if not _TIME.fullmatch(text) or text[:4] in ("0000", "0001", "9999"):  # which have no day in some places
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _extends(name: str) -> bool:
    return ":" in name or name[:1] in "{_@"


def _required(event: Mapping[str, Any], *names: str) -> list[Fault]:
    return [Fault("missing", name) for name in names if not event.get(name)]


def _times(event: Mapping[str, Any]) -> list[Fault]:
    found = _required(event, "eventTime", "eventTimeZoneOffset")
    if event.get("eventTime"):
        try:
            moment(event["eventTime"])
        except ValueError:
            found.append(Fault("time", "eventTime", _shown(event["eventTime"])))
    offset = event.get("eventTimeZoneOffset")
    if offset and not _OFFSET.fullmatch(offset):
        found.append(Fault("offset", "eventTimeZoneOffset", _shown(offset)))
    return found


def _words(event: Mapping[str, Any], name: str, key: str, standard: frozenset[str]) -> list[Fault]:
    """A bare word, or one of the standard's own namespace, has to be in the standard."""
    written = event.get(name)
    if written is None:
        return []
    word = bare_word(name, written)
    return [] if word is None or word in standard else [Fault(key, name, _shown(written))]


def _what(event: Mapping[str, Any], kind: str) -> list[Fault]:
    if kind == "TransformationEvent":
        inputs = any(event.get(name) for name in ("inputEPCList", "inputQuantityList"))
        outputs = any(event.get(name) for name in ("outputEPCList", "outputQuantityList"))
        if not inputs and not outputs:
            return [Fault("missing", "inputEPCList")]
    if kind in ("AggregationEvent", "AssociationEvent") and event.get("action") in ("ADD", "DELETE"):
        return _required(event, "parentID")
    return []


def _shapes(event: Mapping[str, Any]) -> list[Fault]:
    """Values of another shape than their field has, which no reader of the field could understand."""
    found = [Fault("shape", name, _shown(event[name])) for name in _TEXTS
             if name in event and not isinstance(event[name], str)]  # fmt: skip
    for name in _EPCS:
        listed = event.get(name, [])
        if not _is_list(listed, str):
            found.append(Fault("shape", name, _shown(listed)))
    for name, part in (*((name, "epcClass") for name in _QUANTITIES), *_PAIRS):
        listed = event.get(name, [])
        if not _is_list(listed, dict) or not all(isinstance(each.get(part), str) for each in listed):
            found.append(Fault("shape", name, _shown(listed)))
        elif part == "epcClass":
            found += [fault for each in listed for fault in _quantity(each)]
    for name in _PLACES:
        place = event.get(name)
        if place is not None and not (_is_mapping(place) and isinstance(place.get("id"), str)):
            found.append(Fault("shape", name, _shown(place)))
    declared = event.get("errorDeclaration")
    if declared is not None and not _is_mapping(declared):
        found.append(Fault("shape", "errorDeclaration", _shown(declared)))
    return found


def _quantity(element: Mapping[str, Any]) -> list[Fault]:
    unit = element.get("uom", "")
    if "quantity" not in element:
        return []
    written = element["quantity"]
    number = amount(written.strip()) if isinstance(written, str) else None
    if number is None or number < 0:
        return [Fault("quantity", "quantity", _shown(written))]
    return [] if isinstance(unit, str) else [Fault("shape", "uom", _shown(unit))]


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in cast(list[Any], value))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _shown(value: Any) -> str:
    return str(value)[:80]
