"""Events of UNTP 0.6 and of EPCIS 2.0: the same five, with other names and shapes of fields.

UNTP tells the offset of a place only by that of the moment, calls things by id and name, and has no read point.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final, cast

from landproof.exchange.own import NAMESPACE
from landproof.exchange.own_rows import PLACE
from landproof.exchange.vocabulary import CBV, EVENT_TYPES

ROWS: Final = f"{NAMESPACE}rows"  # in full: a credential of UNTP may declare no prefix of its own
_OTHER: Final = "{https://test.uncefact.org/vocabulary/untp/}"
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d$", re.ASCII)
_ITEMS: Final = {"epcList": "epcList", "inputEPCList": "inputEPCList", "outputEPCList": "outputEPCList",
                 "childEPCList": "childEPCs"}  # fmt: skip
_QUANTITIES: Final = {
    "quantityList": "epcList", "childQuantityList": "childEPCList", "inputQuantityList": "inputEPCList",
    "outputQuantityList": "outputEPCList",
}  # fmt: skip
_SAME: Final = ("eventTime", "disposition", "bizStep", *_QUANTITIES)
_FORM: Final = ("type", "id", "@context")


def kind_of(event: Mapping[str, Any]) -> str | None:
    """The type of an event; none for what is no event."""
    listed = event.get("type")
    return next(
        (each for each in EVENT_TYPES if isinstance(listed, list) and each in cast(list[Any], listed)), None
    )


def to_epcis(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as EPCIS has it. What is of another shape stays as it is, for the checks of events to refuse."""
    kind = kind_of(event)
    found: dict[str, Any] = {"type": kind or _shown(event.get("type"))}
    for name, value in event.items():
        if value is None or name in _FORM or (name == "action" and kind == "TransformationEvent"):
            continue
        if name == "action":
            found[name] = value.upper() if isinstance(value, str) else value
        elif name in _ITEMS:
            found[_ITEMS[name]] = [_id(each) for each in _listed(value)] if isinstance(value, list) else value
        elif name in _QUANTITIES and isinstance(value, list):
            found[name] = [_class(each) for each in _listed(value)]
        elif name == "parentEPC":
            found["parentID"] = _id(value)
        elif name == "bizLocation":
            found[name] = {"id": value} if isinstance(value, str) else value
        elif name in ("sourceParty", "destinationParty"):
            side = name.removesuffix("Party")
            found[f"{side}List"] = [{"type": "owning_party", side: _id(value)}]
        elif name == ROWS:
            found[PLACE] = value
        else:
            found[name if name in _SAME else f"{_OTHER}{name}"] = value
    if isinstance(event.get("id"), str):
        found["eventID"] = event["id"]
    offset = _OFFSET.search(str(event.get("eventTime", "")))
    found["eventTimeZoneOffset"] = offset.group() if offset is not None else "+00:00"
    return found


def of_epcis(event: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """An event that landproof wrote as EPCIS, as UNTP has it; ``names`` of products by URI.

    What has no quantity stands among the things, as a quantity of UNTP needs a number.
    """
    kind = event["type"]
    ahead = event["eventTimeZoneOffset"]
    offset = timedelta(hours=int(ahead[1:3]), minutes=int(ahead[4:6])) * (-1 if ahead[0] == "-" else 1)
    local = datetime.fromisoformat(event["eventTime"]).astimezone(timezone(offset))
    found: dict[str, Any] = {"type": [kind, "Event"], "id": event["eventID"], "eventTime": _written(local)}
    if kind != "TransformationEvent":
        found["action"] = event["action"].lower()
    if "bizStep" in event:
        found["bizStep"] = f"{CBV}BizStep-{event['bizStep']}"
    place = event.get("bizLocation", event.get("readPoint"))
    if place is not None:
        found["bizLocation"] = place["id"]
    if "parentID" in event:
        found["parentEPC"] = _item(event["parentID"], names)
    for name, things in _QUANTITIES.items():
        for element in event.get(name, ()):
            uri = element["epcClass"]
            if "quantity" in element:
                found.setdefault(name, []).append({
                    "productId": uri, "productName": names.get(uri, uri), "quantity": element["quantity"],
                    "uom": element["uom"],
                })  # fmt: skip
            else:
                found.setdefault(things, []).append(_item(uri, names))
    if "landproof:rows" in event:
        found[ROWS] = [
            {name.removeprefix("landproof:"): value for name, value in row.items()}
            for row in event["landproof:rows"]
        ]
    return found


def _item(uri: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {"type": ["Item"], "id": uri, "name": names.get(uri, uri)}


def _class(element: Any) -> Any:
    if not isinstance(element, dict):
        return element
    said = cast(dict[str, Any], element)
    kept = {name: value for name, value in said.items() if name in ("quantity", "uom") and value is not None}
    if "quantity" not in kept:
        kept["quantity"] = ""  # which UNTP asks for: the check of quantities refuses it
    return {"epcClass": said.get("productId"), **kept}


def _id(value: Any) -> Any:
    return cast(dict[str, Any], value).get("id") if isinstance(value, dict) else value


def _listed(value: Any) -> list[Any]:
    return cast(list[Any], value)


def _shown(value: Any) -> str:
    return ", ".join(map(str, _listed(value))) if isinstance(value, list) else str(value)


def _written(local: datetime) -> str:
    text = local.isoformat(timespec="microseconds" if local.microsecond % 1000 else "milliseconds")
    return text.replace("+00:00", "Z")
