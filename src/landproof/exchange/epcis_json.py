"""EPCIS 2.0 in JSON-LD: events with extensions under ``{namespace}name`` and every value as text.

Contexts are never fetched. Prefixes that the document itself declares, and those of the EPCIS context, are spelled
out; other prefixes stay as written.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from landproof.exchange.json_text import Number
from landproof.exchange.own import NAMESPACE
from landproof.exchange.vocabulary import PREFIXES

_OWN: Final = f"{{{NAMESPACE}}}"
_COMMENTS: Final = ("comment", "rdfs:comment")  # JSON-LD has them; an event says nothing by them


def prefixes_of(context: Any, known: Mapping[str, str] = PREFIXES) -> Mapping[str, str]:
    """The prefixes that a ``@context`` declares, beside those ``known``."""
    found = dict(known)
    for each in cast(list[Any], context) if isinstance(context, list) else [context]:
        if isinstance(each, dict):
            declared = cast(dict[str, Any], each)
            found |= {name: uri for name, uri in declared.items() if isinstance(uri, str) and name[:1] != "@"}
    return found


def event_of(written: Mapping[str, Any], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """One event; its own ``@context`` counts beside that of the document."""
    inner = prefixes_of(written["@context"], prefixes) if "@context" in written else prefixes
    members = {name: value for name, value in written.items() if name != "@context"}
    event: dict[str, Any] = _spelled(members, inner)
    return event


def _spelled(value: Any, prefixes: Mapping[str, str], *, own: bool = False) -> Any:
    """``own``: within rows of landproof, whose cells are texts, never names."""
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for name, each in cast(dict[str, Any], value).items():
            if each is not None and name not in _COMMENTS:
                full = _name(name, prefixes)
                found[full] = _spelled(each, prefixes, own=own or full.startswith(_OWN))
        return found
    if isinstance(value, list):
        return [_spelled(each, prefixes, own=own) for each in cast(list[Any], value) if each is not None]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number) or own:
        return value
    prefix, found_one, rest = str(value).partition(":")
    return prefixes[prefix] + rest if found_one and prefix in prefixes else str(value)


def _name(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, found, rest = name.partition(":")
    return f"{{{prefixes[prefix]}}}{rest}" if found and prefix in prefixes else name
