"""DIASCA's semantic core, version 2: documents of its entities, as the registry knows the format."""

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.exchange.diasca_facts import Entity, Facts
from landproof.exchange.diasca_fields import OWN_IDS, faults_of, kind_of
from landproof.exchange.diasca_write import write
from landproof.exchange.format import Format
from landproof.exchange.found import Fault, Found, Gathering, Known
from landproof.exchange.json_text import read_json, written_json

_ID: Final = re.compile(rf'"(?:{"|".join(OWN_IDS)})"\s*:\s*"[0-9a-fA-F]{{8}}-[0-9a-fA-F-]{{27}}"')


def recognises(head: str) -> bool:
    """Whether the first part of a file is of such a document."""
    start = head.lstrip("\ufeff \t\r\n")[:1]
    return start in ("{", "[") and '"created_by_system"' in head and bool(_ID.search(head))


def read(data: bytes, source: str, name: str, known: Known) -> Found:
    """The rows of a document. Raises `UnreadableInput` for one that is broken as a whole."""
    try:
        return _read(read_json(data, name), Gathering(source, name, ""), known)
    except RecursionError:
        raise UnreadableInput(text("%(file)s is nested too deeply. Export it again."), file=name) from None


def _read(content: Any, gathering: Gathering, known: Known) -> Found:
    written = list(enumerate(_entities(content, gathering), start=1))
    if not written:
        raise UnreadableInput(text("%(file)s holds no entity of DIASCA. Export it again."), file=gathering.name)
    entities: dict[str, dict[str, list[Entity]]] = {}
    broken: set[str] = set()  # events of which a row is refused: without it nobody knows what went in
    for row, each in written:
        members = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        kind = kind_of(members)
        if kind is None:
            gathering.reject(row, Fault("entity", "", str(cast(object, each))), "")
            continue
        faults = faults_of(kind, members)
        for fault in faults:
            gathering.reject(row, fault, "")
        if not faults:
            own = next(name for name, of in OWN_IDS.items() if of == kind)
            entities.setdefault(kind, {}).setdefault(str(members[own]).lower(), []).append((row, members))
        elif kind == "lot_lineage":
            broken.add(str(members.get("event_id")).lower())
    distinct = {kind: _distinct(kind, by_id, broken, gathering) for kind, by_id in entities.items()}
    for row, members in distinct.get("lot_lineage", ()):
        if members["event_id"].lower() in broken:
            gathering.reject(row, Fault("lineage-partner", "event_id", members["event_id"]), "")
    good = {
        kind: [each for each in listed if each[0] not in gathering.rejected] for kind, listed in distinct.items()
    }
    Facts(gathering, known, good).read()
    drawn = {each.row for each in gathering.outlines}
    return gathering.found(len(written) - len(drawn))  # plots are counted with the outlines


def _entities(content: Any, gathering: Gathering) -> Iterator[Any]:
    """Every entity of a document, in lists and wrappers of any name."""
    if isinstance(content, list):
        for each in cast(list[Any], content):
            yield from _entities(each, gathering) if isinstance(each, list) else [each]
        return
    if not isinstance(content, dict):
        return
    members = cast(dict[str, Any], content)
    if kind_of(members) is not None:
        yield members
        return
    for name, each in members.items():
        if isinstance(each, dict | list):
            yield from _entities(each, gathering)
        else:
            gathering.unread[name] += 1


def _distinct(kind: str, by_id: dict[str, list[Entity]], broken: set[str], gathering: Gathering) -> list[Entity]:
    """Each entity once; different ones of one id are all refused, as nobody knows which is meant."""
    kept: list[Entity] = []
    for name, same in by_id.items():
        if len({written_json(dict(sorted(members.items()))) for _, members in same}) > 1 and kind != "person":
            for row, members in same:
                gathering.reject(row, Fault("entity-twice", "", name), "")
                broken.add(str(members.get("event_id")).lower())
            continue
        kept.append(same[0])
        gathering.unread["entity-again"] += len(same) - 1
    return kept


FORMAT: Final = Format("diasca", "DIASCA 2", recognises, read, write)
