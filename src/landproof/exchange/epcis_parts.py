"""What every reading of an event has in common: who took part, when and where it happened on its own clocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, cast

from landproof.exchange import gs1_eudr
from landproof.exchange.epcis_checks import moment
from landproof.exchange.gs1_keys import key_of
from landproof.exchange.lots import total
from landproof.exchange.own import id_of
from landproof.exchange.vocabulary import bare_word

_CLASSES: Final = ("GTIN", "ITIP", "CPID", "GRAI", "GCN", "GDTI")  # without a serial or a lot: a kind of thing


@dataclass(frozen=True, slots=True)
class Event:
    """An event, its place in the document, and what it is called."""

    row: int
    said: Mapping[str, Any]
    name: str  # its own id, or its hash
    hash: str

    @property
    def is_declaration(self) -> bool:
        """Whether it declares another event, of the same id, to be wrong."""
        return "errorDeclaration" in self.said


@dataclass(frozen=True, slots=True)
class Part:
    """One row of `EVENT_LOTS`; a part without lot and plot comes from nobody knows where."""

    role: str
    lot: str | None
    plot: str | None
    mass: int | None


def goods_of(said: Mapping[str, Any]) -> list[str]:
    """Every thing and every lot of goods that an event names; not containers, not kinds of things."""
    things = [
        epc for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList") for epc in said.get(name, ())
    ]
    listed = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
    classes = [each["epcClass"] for name in listed for each in said.get(name, ())]
    return things + [each for each in classes if not is_class(each)]


def is_class(uri: str) -> bool:
    """Whether a URI names a kind of things, without a lot or a serial number."""
    key = key_of(id_of(uri))
    return uri.startswith("urn:epc:idpat:") or (key is not None and key[0] in _CLASSES)


def merged(parts: Iterable[Part]) -> list[Part]:
    """One part for each lot and plot of a role: of what is listed twice there is as much as both together."""
    masses: dict[tuple[str, str | None, str | None], list[int | None]] = {}
    for part in parts:
        masses.setdefault((part.role, part.lot, part.plot), []).append(part.mass)
    return [Part(*key, total(found)) for key, found in masses.items()]


def local_moment(said: Mapping[str, Any]) -> datetime:
    """The moment on the clocks of where it happened: its date is the local day."""
    offset = said["eventTimeZoneOffset"]
    sign = -1 if offset[0] == "-" else 1
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return moment(said["eventTime"]).astimezone(timezone(sign * ahead))


def step_of(said: Mapping[str, Any]) -> str | None:
    """The business step as a bare word; one of another vocabulary as it is written."""
    written = said.get("bizStep")
    return None if written is None else bare_word("bizStep", written) or written


def side_of(kind: Any) -> str:
    """The bare word for a type of source or destination."""
    return str(kind).rpartition("SDT-")[2].rpartition(":")[2]


def origin_of(said: Mapping[str, Any]) -> str | None:
    """The country of origin in ilmd, where it is a code that a table holds."""
    lifetime = said.get("ilmd")
    for name, value in cast(dict[str, Any], lifetime).items() if isinstance(lifetime, dict) else ():
        if gs1_eudr.local(name) == "countryOfOrigin":
            return gs1_eudr.country_of(value)
    return None
