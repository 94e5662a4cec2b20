"""Credentials of UNTP 0.6 (UN Transparency Protocol), plain or in an envelope, and bare events of it.

Nothing is verified: a signature needs the keys of its issuer, which are at an address.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import Message, text
from landproof.exchange.epcis_facts import Reader
from landproof.exchange.epcis_json import event_of, prefixes_of
from landproof.exchange.format import Format
from landproof.exchange.found import Fault, Found, Gathering, Known
from landproof.exchange.json_text import read_json
from landproof.exchange.own import TABLE
from landproof.exchange.untp_events import ROWS, kind_of, to_epcis
from landproof.exchange.untp_facts import Credentials
from landproof.exchange.untp_write import write
from landproof.exchange.vocabulary import EVENT_TYPES

_TYPES: Final = (
    "VerifiableCredential", "VerifiablePresentation", "EnvelopedVerifiableCredential",
    "EnvelopedVerifiablePresentation", *EVENT_TYPES,
)  # fmt: skip
# In a list, as UNTP writes them; in EPCIS a type is one word.
_SAYS: Final = re.compile(rf'"type"\s*:\s*(?:\[[^\]]*"(?:{"|".join(_TYPES)})"|"(?:{"|".join(_TYPES[:4])})")')
_ENVELOPE: Final = re.compile(
    r"data:application/(?:v[cp][-+](?:ld\+)?)?jwt(?:;[\w=\-]+)*,([\w\-]+)\.([\w\-]+)\.[\w\-]*", re.ASCII
)
_VERSION: Final = re.compile(r"/untp/(?:[a-z]+/)?v?(\d+\.\d+)")
_DEEPEST: Final = 4  # envelopes in presentations in envelopes
_READ: Final = "0.6"
_NOT_CHECKED: Final = text(
    "Signatures, issuers and revocations of credentials are not checked: what they say counts as handed in."
)


def recognises(head: str) -> bool:
    """Whether the first part of a file is of such a document."""
    return head.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") and bool(_SAYS.search(head))


def read(data: bytes, source: str, name: str, known: Known) -> Found:
    """The rows of a document. Raises `UnreadableInput` for one that is broken as a whole."""
    gathering = Gathering(source, name, "credentialSubject")
    try:
        count = _read(read_json(data, name), gathering, known)
    except RecursionError:
        raise UnreadableInput(text("%(file)s is nested too deeply. Export it again."), file=name) from None
    gathering.notes.append(Message(_NOT_CHECKED))
    drawn = {each.row for each in gathering.outlines}
    return gathering.found(count - len(drawn))  # plots are counted with the outlines


def _read(content: Any, gathering: Gathering, known: Known) -> int:
    reader = Reader(gathering, known)
    others = Credentials(gathering, known, reader)
    readers: Mapping[str, Callable[[int, Mapping[str, Any]], None]] = {
        "DigitalProductPassport": others.passport, "DigitalFacilityRecord": others.facility,
        "DigitalConformityCredential": others.certificate, "DigitalIdentityAnchor": others.identity,
    }  # fmt: skip
    events: list[tuple[int, Any]] = []
    rows: list[Any] = []
    count = 0
    for each in _credentials(content, gathering, _DEEPEST):
        credential = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        types = _types(credential)
        fault = _fault(credential, types, readers)
        if fault is None and "DigitalTraceabilityEvent" in types:
            subject = credential.get("credentialSubject")
            listed = cast(list[Any], subject) if isinstance(subject, list) else [subject]
            events += [(count + number, _event(event, gathering)) for number, event in enumerate(listed, start=1)]
            count += len(listed)
            ours = credential.get(ROWS)
            rows += cast(list[Any], ours) if isinstance(ours, list) else []
            continue
        count += 1
        if fault is None and kind_of(credential) is not None:
            events.append((count, _event(credential, gathering)))
            continue
        try:
            if fault is not None:
                raise fault
            next(readers[kind] for kind in readers if kind in types)(count, credential)
        except Fault as found:
            gathering.reject(count, found, "")
    _own(rows, count, gathering, reader)
    reader.read(events)
    reader.write()
    return count


def _credentials(content: Any, gathering: Gathering, deepest: int) -> Iterator[Any]:
    """Every credential of a document, out of lists, presentations and envelopes."""
    if isinstance(content, list):
        for each in cast(list[Any], content):
            yield from _credentials(each, gathering, deepest)
        return
    members = cast(dict[str, Any], content) if isinstance(content, dict) else {}
    types = _types(members)
    if deepest and any(each.startswith("Enveloped") for each in types):
        inner = _opened(members, gathering)
        yield from [members] if inner is None else _credentials(inner, gathering, deepest - 1)
    elif deepest and "VerifiablePresentation" in types and "verifiableCredential" in members:
        yield from _credentials(members["verifiableCredential"], gathering, deepest - 1)
    else:
        yield content


def _opened(members: Mapping[str, Any], gathering: Gathering) -> Any:
    """The payload of an envelope; None for one that cannot be opened."""
    found = _ENVELOPE.fullmatch(str(members.get("id", "")))
    if found is None:
        return None
    payload = found.group(2)
    try:
        content = read_json(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), gathering.name)
    except (UnreadableInput, binascii.Error, ValueError):
        return None
    gathering.unread["enveloped"] += 1
    claims = cast(dict[str, Any], content) if isinstance(content, dict) else {}
    return claims.get("vc", claims.get("vp", content))  # the older profile puts the credential into a claim


def _types(members: Mapping[str, Any]) -> list[str]:
    listed = members.get("type")
    return [str(each) for each in (cast(list[Any], listed) if isinstance(listed, list) else [listed]) if each]


def _fault(credential: Mapping[str, Any], types: list[str], readers: Mapping[str, Any]) -> Fault | None:
    """Why a credential is none that can be read."""
    if any(each.startswith("Enveloped") for each in types):
        return Fault("untp-envelope", "id")
    versions = _VERSION.findall(str(credential.get("@context", "")))
    other = next((each for each in versions if each != _READ), None)
    if other is not None:
        return Fault("untp-version", "@context", other)
    known = {*readers, "DigitalTraceabilityEvent"} & set(types)
    if not known and kind_of(credential) is None:
        return Fault("untp-type", "type", ", ".join(each for each in types if each != "VerifiableCredential"))
    return None


def _event(written: Any, gathering: Gathering) -> Any:
    """An event as EPCIS has it; what is none stays, for the checks of events to refuse."""
    if not isinstance(written, dict):
        return written
    members = cast(dict[str, Any], written)
    gathering.unread["utc"] += ROWS not in members and str(members.get("eventTime", ""))[-1:] == "Z"
    return event_of(to_epcis(members), prefixes_of([]))


def _own(rows: list[Any], count: int, gathering: Gathering, reader: Reader) -> None:
    """Rows of landproof that no event carries; they stand behind all places of the document."""
    for number, each in enumerate(rows, start=count + 1):
        cells = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        table = TABLE + str(cells.get("table"))
        try:
            reader.own.of_vocabulary(number, table, {key: value for key, value in cells.items() if key != "table"})
        except Fault as fault:
            raise UnreadableInput(
                text("%(file)s holds a row of landproof that cannot be read (%(row)s). Export it again."),
                file=gathering.name, row=number - count,
            ) from fault  # fmt: skip


FORMAT: Final = Format("untp", "UNTP 0.6", recognises, read, write)
