"""EPCIS 1.2 and 2.0 in XML: events in the shape of the JSON binding, so that both are read the same way."""

from collections.abc import Mapping
from typing import Any, Final, cast

import lxml.etree as etree  # pyright: ignore

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.exchange.vocabulary import PREFIXES

_etree = cast(Any, etree)  # it has no types
_WRAPPERS: Final = ("extension", "baseExtension")  # of EPCIS 1.2: what later editions added
_EPCS: Final = ("epcList", "inputEPCList", "outputEPCList", "childEPCs")
_QUANTITIES: Final = ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList")
_PAIRS: Final = ("bizTransactionList", "sourceList", "destinationList")


def read_xml(data: bytes, file: str) -> Any:
    """The root element. Raises `UnreadableInput`: also for a document type, in which entities are defined."""
    parser = _etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = _etree.fromstring(data, parser)
    except _etree.XMLSyntaxError as why:
        line, column = why.position
        raise UnreadableInput(
            text("%(file)s is not valid XML: line %(line)s, column %(column)s. Export it again."),
            file=file, line=line, column=column,
        ) from None  # fmt: skip
    except ValueError:
        raise UnreadableInput(text("%(file)s is not XML that can be read. Export it again."), file=file) from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableInput(
            text(
                "%(file)s defines a document type, which an EPCIS document never does and which can harm. Nothing "
                "was read; ask the sender for a clean file."
            ),
            file=file,
        )
    return root


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(_etree.QName(element).localname)


def event_of_xml(element: Any) -> dict[str, Any]:
    """One event in the shape of the JSON binding."""
    event: dict[str, Any] = {"type": local_name(element)}
    for child in _children(element):
        _add(event, _name(child), _value(child))
    return event


def _value(element: Any) -> Any:
    name = _name(element)
    if name in _EPCS:
        return [_text(child) for child in _children(element)]
    if name in _QUANTITIES or name == "sensorElementList":
        return [_parts(child) for child in _children(element)]
    if name in _PAIRS:
        return [_pair(child) for child in _children(element)]
    if name == "correctiveEventIDs":
        return [_text(child) for child in _children(element)]
    if name in ("sensorMetadata", "sensorReport") or len(element) or element.attrib:
        return _parts(element)
    return _text(element)


def _parts(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {str(key): _spelled(str(value)) for key, value in element.attrib.items()}
    for child in _children(element):
        _add(found, _name(child), _value(child))
    if not len(element) and (own := _text(element)):
        found["#text"] = own
    return found


def _pair(element: Any) -> dict[str, Any]:
    kind = element.get("type")
    return ({} if kind is None else {"type": _spelled(str(kind))}) | {_name(element): _text(element)}


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    """A name that comes again makes a list, which no reader takes for a single value."""
    if name == "sensorReport" or (name in ("set", "unset") and name not in found):
        found.setdefault(name, []).append(value)
    elif name not in found:
        found[name] = value
    else:
        before: Any = found[name]
        found[name] = [*(cast(list[Any], before) if isinstance(before, list) else [before]), value]


def _children(element: Any) -> list[Any]:
    found: list[Any] = []
    for child in element:
        found.extend(_children(child) if _name(child) in _WRAPPERS else [child])
    return found


def _name(element: Any) -> str:
    return str(element.tag)


def _text(element: Any) -> str:
    return _spelled((element.text or "").strip())


def _spelled(value: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    prefix, found, rest = value.partition(":")
    return prefixes[prefix] + rest if found and prefix in prefixes else value
