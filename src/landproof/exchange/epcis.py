"""EPCIS 2.0 documents, in JSON-LD and in XML, and bare events: the format as the registry knows it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.exchange.epcis_facts import Reader
from landproof.exchange.epcis_json import event_of, prefixes_of
from landproof.exchange.epcis_write import write
from landproof.exchange.epcis_xml import event_of_xml, local_name, read_xml
from landproof.exchange.format import Format
from landproof.exchange.found import Fault, Found, Gathering, Known
from landproof.exchange.json_text import read_json
from landproof.exchange.own import NAMESPACE
from landproof.exchange.own_rows import OwnRows
from landproof.exchange.vocabulary import EVENT_TYPES

_EVENTS: Final = "|".join(EVENT_TYPES)
_JSON: Final = re.compile(
    rf'"(?:type|isA|@type)"\s*:\s*"(?:EPCISDocument|EPCISQueryDocument|{_EVENTS})"|"(?:epcisBody|eventList)"\s*:'
)
_XML: Final = re.compile(rf"<(?:[\w.\-]+:)?(?:EPCISDocument|EPCISQueryDocument|EventList|{_EVENTS})[\s/>]")
_HEADER_FIELDS: Final = ("sender", "receiver", "instanceIdentifier")


def recognises(head: str) -> bool:
    """Whether the first part of a file is of such a document."""
    start = head.lstrip("\ufeff \t\r\n")[:1]
    return bool(start in ("{", "[") and _JSON.search(head)) or bool(start == "<" and _XML.search(head))


def read(data: bytes, source: str, name: str, known: Known) -> Found:
    """The rows of a document. Raises `UnreadableInput` for one that is broken as a whole."""
    gathering = Gathering(source, name, "eventList")
    reader = Reader(gathering, known)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        events = _of_xml(gathering, data, name)
    else:
        events = _of_json(gathering, reader.own, read_json(data, name))
    reader.read(events)
    reader.write()
    return gathering.found(len(events))


def _of_xml(gathering: Gathering, data: bytes, name: str) -> list[tuple[int, Any]]:
    root = read_xml(data, name)
    if local_name(root) in EVENT_TYPES:
        return [(1, event_of_xml(root))]
    lists = [each for each in root.iter() if local_name(each) == "EventList"]
    if not lists:
        raise UnreadableInput(text("%(file)s has no list of events. Export it again."), file=name)
    gathering.unread["EPCISHeader"] += sum(local_name(each) == "EPCISHeader" for each in root)
    return list(enumerate((event_of_xml(each) for listed in lists for each in _unwrapped(listed)), start=1))


def _unwrapped(listed: Any) -> Iterator[Any]:
    """EPCIS 1.2 puts later types of events into ``extension``."""
    for each in listed:
        if local_name(each) == "extension":
            yield from _unwrapped(each)
        else:
            yield each


def _of_json(gathering: Gathering, own: OwnRows, content: Any) -> list[tuple[int, Any]]:
    name = gathering.name
    if isinstance(content, list):
        return [(row, _event(each, None, name)) for row, each in enumerate(cast(list[Any], content), start=1)]
    if not isinstance(content, dict):
        raise UnreadableInput(text("%(file)s has no list of events. Export it again."), file=name)
    document = cast(dict[str, Any], content)
    if document.get("type") in EVENT_TYPES:
        return [(1, _event(document, None, name))]
    if "@context" not in document:
        raise _without_context(name)
    prefixes = prefixes_of(document["@context"])
    listed = _event_list(document)
    if listed is None:
        raise UnreadableInput(text("%(file)s has no list of events. Export it again."), file=name)
    for field in document:
        if field in _HEADER_FIELDS or ":" in field:
            gathering.unread[field] += 1
    _header(gathering, own, document.get("epcisHeader"), prefixes)
    return [(row, _event(each, prefixes, name)) for row, each in enumerate(listed, start=1)]


def _event_list(document: Mapping[str, Any]) -> list[Any] | None:
    """The events of a document, also of one that a query gave, or with a single event for a body."""
    body = document.get("epcisBody")
    inner = cast(dict[str, Any], body) if isinstance(body, dict) else {}
    for step in ("queryResults", "resultsBody"):
        if isinstance(inner.get(step), dict):
            inner = cast(dict[str, Any], inner[step])
    if isinstance(inner.get("event"), dict):
        return [inner["event"]]
    listed = inner.get("eventList", document.get("eventList"))
    return cast(list[Any], listed) if isinstance(listed, list) else None


def _event(written: Any, prefixes: Mapping[str, str] | None, name: str) -> Any:
    if not isinstance(written, dict):
        return written
    members = cast(dict[str, Any], written)
    if prefixes is None and "@context" not in members:
        raise _without_context(name)
    return event_of(members, prefixes_of([]) if prefixes is None else prefixes)


def _without_context(name: str) -> UnreadableInput:
    return UnreadableInput(
        text("%(file)s has no @context, so its words have no meaning (EPCIS 2.0, JSON-LD). Export it again."),
        file=name,
    )


def _header(gathering: Gathering, own: OwnRows, header: Any, prefixes: Mapping[str, str]) -> None:
    """Master data: rows of ours are read; of others, how many there are."""
    master = cast(dict[str, Any], header).get("epcisMasterData") if isinstance(header, dict) else None
    vocabularies = cast(dict[str, Any], master).get("vocabularyList") if isinstance(master, dict) else None
    row = 0
    for vocabulary in _objects(vocabularies):
        kind = str(vocabulary.get("type", ""))
        for element in _objects(vocabulary.get("vocabularyElementList")):
            row += 1
            attributes = {
                _attribute(each.get("id"), prefixes): each.get("attribute")
                for each in _objects(element.get("attributes"))
            }
            try:
                ours = own.of_vocabulary(row, kind, attributes)
            except Fault as fault:
                raise UnreadableInput(
                    text("%(file)s holds a row of landproof that cannot be read (%(row)s). Export it again."),
                    file=gathering.name, row=row,
                ) from fault  # fmt: skip
            if not ours:
                gathering.unread[f"epcisMasterData {kind}"] += 1


def _attribute(name: Any, prefixes: Mapping[str, str]) -> str:
    prefix, found, rest = str(name).partition(":")
    return (prefixes[prefix] + rest if found and prefix in prefixes else str(name)).removeprefix(NAMESPACE)


def _objects(value: Any) -> Sequence[dict[str, Any]]:
    listed = cast(list[Any], value) if isinstance(value, list) else []
    return [cast(dict[str, Any], each) for each in listed if isinstance(each, dict)]


FORMAT: Final = Format("epcis", "EPCIS 2.0", recognises, read, write)
