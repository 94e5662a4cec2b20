"""GS1's EUDR documents that are no events: notifications of statements, and master data of plots of land."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.exchange.epcis_facts import Reader
from landproof.exchange.format import Format
from landproof.exchange.found import Fault, Found, Gathering, Known
from landproof.exchange.gs1_eudr import entry, local, statement
from landproof.exchange.gs1_keys import DOMAIN
from landproof.exchange.json_text import read_json
from landproof.exchange.names import location, party

_TYPE: Final = re.compile(r'"@?type"\s*:\s*"(?:gs1:)?(?:RegulatoryNotification|Place)"')


def recognises(head: str) -> bool:
    """Whether the first part of a file is of such a document."""
    return head.lstrip("\ufeff \t\r\n")[:1] == "{" and bool(_TYPE.search(head))


def read(data: bytes, source: str, name: str, known: Known) -> Found:
    """The plot or the statement of a document. Raises `UnreadableInput` for one that is broken as a whole."""
    content = read_json(data, name)
    members = cast(dict[str, Any], content) if isinstance(content, dict) else {}
    kind = local(str(members.get("type", members.get("@type", ""))))
    gathering = Gathering(source, name, "")
    reader = Reader(gathering, known)
    if kind not in ("Place", "RegulatoryNotification"):
        raise UnreadableInput(
            text("%(file)s says at no top level that it is a place or a notification. Export it again."), file=name
        )
    table = "plots" if kind == "Place" else "eudr_statements"
    try:
        if kind == "Place":
            _place(reader, members)
        else:
            _notification(reader, gathering, members)
        reader.write()
    except Fault as fault:
        gathering.reject(1, fault, table)
    return gathering.found(0 if gathering.outlines else 1)  # a plot is counted with the outlines


def _place(reader: Reader, members: Mapping[str, Any]) -> None:
    said = {local(name): value for name, value in members.items()}
    uri = said.get("id") or (location(str(said["locationGLN"])) if "locationGLN" in said else None)
    if not isinstance(uri, str):
        raise Fault("missing", "id")
    written = {name: value for name, value in members.items() if local(name) not in ("locationGLN", "@id")}
    reader.place(1, entry({**written, "id": uri}))


def _notification(reader: Reader, gathering: Gathering, members: Mapping[str, Any]) -> None:
    said = {local(name): value for name, value in members.items() if not name.startswith(("_", "@"))}
    supplier = _party(said.get("messageSender"))
    name = None if supplier is None else reader.names("party", party(supplier), 1)
    information = said.get("regulatoryInformation")
    unread: list[str] = []
    found = list(statement(information, unread))
    if not found:
        raise Fault("no-reference", "regulatoryReferenceNumber")
    lots = [reader.names("lot", uri, 1) for uri in _lots(information)]
    for each in found:
        reader.statement(1, lots, name, each)
    gathering.unread.update(unread)
    gathering.unread.update(
        name for name in said if name not in ("type", "messageSender", "regulatoryInformation")
    )


def _lots(information: Any) -> list[str]:
    """The lots of goods that a statement covers, wherever the message lists them; a product alone is no lot."""
    found: list[str] = []
    waiting: list[Any] = [information]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(cast(list[Any], value))
        elif isinstance(value, dict):
            said = {local(name): each for name, each in cast(dict[str, Any], value).items()}
            if said.get("gtin") and said.get("hasBatchLotNumber"):
                found.append(f"{DOMAIN}/01/{str(said['gtin']).zfill(14)}/10/{said['hasBatchLotNumber']}")
            waiting += reversed(list(said.values()))
    return found


def _party(value: Any) -> str | None:
    members = cast(dict[str, Any], value) if isinstance(value, dict) else {}
    gln = {local(name): each for name, each in members.items()}.get("partyGLN")
    return gln if isinstance(gln, str) and gln else None


FORMAT: Final = Format("gs1-eudr", "GS1 EUDR", recognises, read)
