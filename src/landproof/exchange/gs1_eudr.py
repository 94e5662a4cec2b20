"""What GS1's EUDR messages say beside events: plots of land, what is known of lots, numbers of statements.

GS1 Standard for the EU Deforestation Regulation (September 2025): `gs1:masterDataAvailableFor` in an event,
`gs1:Place` for a plot of land, `gs1:RegulatoryNotification` for the numbers of a statement.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from landproof.exchange.found import Fault, Outline

_NUMBER: Final = r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"
_POSITION: Final = re.compile(rf"\[?\s*({_NUMBER})\s*[,\s]\s*({_NUMBER})\s*\]?", re.ASCII)
_POSITIONS: Final = re.compile(rf"\s*\[?\s*{_POSITION.pattern}(?:[\s,]+{_POSITION.pattern})*\s*\]?\s*", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# EUDR, Annex I, in the words of the criteria; wood may be pulp or timber, which the word does not tell.
_COMMODITIES: Final[Mapping[str, str]] = {
    "Cattle": "beef", "Cocoa": "cocoa", "Coffee": "coffee", "OilPalm": "palm oil", "Palm": "palm oil",
    "Soya": "soy", "Soy": "soy", "Rubber": "rubber",
}  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "DUE_DILIGENCE_STATEMENT": "due diligence statement",
    "SIMPLIFIED_DECLARATION": "simplified declaration",
}


@dataclass(slots=True)
class MasterData:
    """What an entry says: cells of the lot ``uri``, of its plot, statements, and names of what was not read."""

    uri: str
    lot: dict[str, Any] = field(default_factory=dict[str, Any])
    geometry: str | None = None
    plot: dict[str, str] = field(default_factory=dict[str, str])
    statements: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    unread: list[str] = field(default_factory=list[str])


def local(name: str) -> str:
    """A name without its namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def entries(event: Mapping[str, Any]) -> Iterator[MasterData]:
    """The entries of ``masterDataAvailableFor`` of an event. Raises `Fault`."""
    for name, value in event.items():
        if local(name) != "masterDataAvailableFor":
            continue
        for each in _listed(value):
            if not isinstance(each, dict) or not isinstance(_members(each).get("id"), str):
                raise Fault("shape", name)
            yield entry(_members(each))


def entry(written: Mapping[str, Any]) -> MasterData:
    """One entry of master data, or a `gs1:Place`. Raises `Fault`."""
    found = MasterData(str(written["id"]))
    for name, value in written.items():
        read = _READERS.get(local(name))
        if local(name) in ("id", "type", "@context") or name.startswith("_"):
            continue
        if read is None or not read(found, value):
            found.unread.append(name)
    return found


def statement(information: Any, unread: list[str]) -> Iterator[dict[str, str]]:
    """The statements that ``regulatoryInformation`` names, with what stands beside them put under ``unread``."""
    for regulation in _listed(information):
        if not isinstance(regulation, dict):
            continue
        for name, value in cast(dict[str, Any], regulation).items():
            if local(name) not in ("regulatoryIdentifier", "regulationType", "regulatoryAct"):
                unread.append(name)
            if local(name) != "regulatoryIdentifier":
                continue
            for each in _listed(value):
                yield _statement(cast(dict[str, Any], each) if isinstance(each, dict) else {}, unread)


def _statement(written: Mapping[str, Any], unread: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in written.items():
        key = local(name)
        if key == "regulatoryReferenceNumber":
            found["reference_number"] = str(value)
        elif key == "regulatoryVerificationNumber":
            found["verification_number"] = str(value)
        elif key == "regulatoryIdentifierType":
            word = _KINDS.get(_id(value).rpartition("-")[2])
            if word is None:
                unread.append(name)
            else:
                found["kind"] = word
        elif key != "applicableProducts":
            unread.append(name)
    if not found.get("reference_number"):
        raise Fault("no-reference", "regulatoryReferenceNumber")
    return found


def outline(row: int, plot: str, found: MasterData) -> Outline | None:
    """The outline or the point of a plot that an entry gives."""
    return None if found.geometry is None else Outline(row, plot, found.geometry, found.plot)


def country_of(value: Any) -> str | None:
    """The ISO 3166-1 alpha-2 code that a country of origin gives; none for any other."""
    if isinstance(value, dict):
        return country_of({local(name): each for name, each in _members(value).items()}.get("countryCode", ""))
    return value if isinstance(value, str) and _COUNTRY.fullmatch(value) else None


def _country(found: MasterData, value: Any) -> bool:
    code = country_of(value)
    if code is not None:
        found.lot["country"] = code
    return code is not None


def _harvested(found: MasterData, value: Any) -> bool:
    try:
        found.lot["made_on"] = date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Fault("time", "harvestDate", str(value)) from None
    return True


def _commodity(found: MasterData, value: Any) -> bool:
    word = _COMMODITIES.get(local(str(value)))
    if word is not None:
        found.lot["commodity"] = word
    return word is not None


def _statements(found: MasterData, value: Any) -> bool:
    found.statements += statement(value, found.unread)
    return True


def _geometry(found: MasterData, value: Any) -> bool:
    shape = cast(dict[str, Any], value) if isinstance(value, dict) else {}
    said = {local(name): str(each) for name, each in shape.items()}
    if "polygon" in said:
        found.geometry = f'{{"type":"Polygon","coordinates":[{_ring(said["polygon"])}]}}'
    elif "latitude" in said and "longitude" in said:
        position = _ring(f"{said['longitude']},{said['latitude']}")
        found.geometry = f'{{"type":"Point","coordinates":{position[1:-1]}}}'
    return found.geometry is not None


def _ring(written: str) -> str:
    written = " ".join(written.split())  # long gaps would take the pattern long
    if not _POSITIONS.fullmatch(written):
        raise Fault("place", "polygon")  # its value is not repeated: coordinates stay out of lists
    return "[" + ",".join(f"[{x},{y}]" for x, y in _POSITION.findall(written)) + "]"


def _area(found: MasterData, value: Any) -> bool:
    if isinstance(value, dict):
        said = {local(name): str(each) for name, each in cast(dict[str, Any], value).items()}
        if said.get("unitCode") != "HAR" or "value" not in said:
            return False
        value = said["value"]
    found.plot["area_ha"] = str(value)
    return True


def _address(found: MasterData, value: Any) -> bool:
    """The country alone: what else an address says may be a person's."""
    for each in _listed(value):
        for name, part in cast(dict[str, Any], each).items() if isinstance(each, dict) else ():
            if local(name) == "addressCountry" and isinstance(part, dict):
                code = {local(key): said for key, said in cast(dict[str, Any], part).items()}.get("countryCode")
                if isinstance(code, str) and _COUNTRY.fullmatch(code):
                    found.plot["country"] = code
    return False


_READERS: Final[Mapping[str, Any]] = {
    "countryOfOrigin": _country, "harvestDate": _harvested, "hasCommodityType": _commodity,
    "regulatoryInformation": _statements, "geo": _geometry, "areaHectares": _area, "hasAreaSize": _area,
    "address": _address,
}  # fmt: skip


def _id(value: Any) -> str:
    if isinstance(value, dict):
        said = cast(dict[str, Any], value)
        return str(said.get("id", said.get("@id", "")))
    return str(value)


def _members(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value)


def _listed(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else [value]
