"""What credentials of UNTP 0.6 other than events say: product passports, facilities, certificates, identities."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from landproof.exchange.epcis_checks import moment
from landproof.exchange.epcis_facts import Reader
from landproof.exchange.epcis_parts import is_class
from landproof.exchange.found import Fault, Gathering, Known, Outline
from landproof.exchange.gs1_eudr import country_of
from landproof.exchange.gs1_keys import DOMAIN, key_of
from landproof.exchange.json_text import written_json
from landproof.exchange.new_rows import NewRows
from landproof.exchange.own import id_of

_REGISTERS: Final = {"Business": "party", "Facility": "facility", "Land": "plot", "Product": "product"}
# How the id of a scheme, or its name, tells which of our schemes it is.
_SCHEMES: Final = (
    ("GLN", ("id.gs1.org/414", "id.gs1.org/417", "gln")), ("LEI", ("gleif", "lei")),
    ("national id", ("abr.business.gov.au", "(abn)", "business number")),
)  # fmt: skip
_GROWING: Final = (("/cpc", ("0",)), ("isic", ("01", "02", "A01", "A02")))  # agriculture and forestry


class Credentials:
    """Reads credentials of one document, each at its place in it."""

    def __init__(self, gathering: Gathering, known: Known, reader: Reader) -> None:
        self._to = gathering
        self._known = known
        self._reader = reader
        self._rows = NewRows(gathering, known)
        self._lots = set(known.rows("lots")["lot"].drop_nulls())

    def passport(self, row: int, credential: Mapping[str, Any]) -> None:
        """A product passport: the lot or the thing that it is of. Raises `Fault`."""
        subject = _object(credential, "credentialSubject")
        product = _object(subject, "product")
        uri, batch = _text(product, "id"), product.get("batchNumber")
        found = key_of(id_of(uri))
        if found is not None and found[0] == "GTIN" and isinstance(batch, str) and batch:
            uri = f"{DOMAIN}/01/{found[1]}/10/{batch}"
        elif is_class(uri) or subject.get("granularityLevel") == "model":
            self._to.unread["passport-model"] += 1
            self._unread(subject, "product")
            return
        lot = self._reader.names("lot", uri, row)
        self._reader.lots.seen(lot, row, None)
        cells: dict[str, Any] = {}
        country = country_of(product.get("countryOfProduction"))
        if country is not None:
            cells["country"] = country
        if "productionDate" in product:
            cells["made_on"] = _day(product, "productionDate")
        self._reader.lots.say(lot, row, cells)
        self._to.unread["lot-described"] += lot in self._lots
        self._called(row, "facility", product.get("producedAtFacility"))
        self._called(row, "party", product.get("producedByParty"))
        self._claims(subject)
        self._unread(subject, "product", "conformityClaim")
        read = ("id", "batchNumber", "countryOfProduction", "productionDate", "producedAtFacility",
                "producedByParty")  # fmt: skip
        self._unread(product, *read)

    def facility(self, row: int, credential: Mapping[str, Any]) -> None:
        """A facility record; land that is farmed is a plot, where its outline is given. Raises `Fault`."""
        subject = _object(credential, "credentialSubject")
        facility = _object(subject, "facility")
        uri = _text(facility, "id")
        country = country_of(facility.get("countryOfOperation"))
        where = facility.get("locationInformation")
        place = cast(dict[str, Any], where) if isinstance(where, dict) else {}
        plot = self._reader.names.plot(uri) or (self._reader.names("plot", uri, row) if _grows(facility) else None)
        shape = next(
            (place[name] for name in ("geoBoundary", "geoLocation") if isinstance(place.get(name), dict)), None
        )
        if plot is not None and shape is not None:
            cells = {} if country is None else {"country": country}
            self._to.outlines.append(Outline(row, plot, written_json(shape), cells))
        else:
            self._to.unread["facility-place"] += bool(place)
            self._called(row, "facility", facility, country=country)
        others = facility.get("facilityAlsoKnownAs")
        name = plot if plot is not None and shape is not None else self._reader.names("facility", uri, row)
        kind = "plot" if plot is not None and shape is not None else "facility"
        for other in [facility, *(cast(list[Any], others) if isinstance(others, list) else [])]:
            self._identifier(row, kind, name, other)
        self._called(row, "party", facility.get("operatedByParty"))
        self._claims(subject)
        self._unread(subject, "facility", "conformityClaim")
        read = ("id", "name", "registeredId", "idScheme", "countryOfOperation", "locationInformation",
                "facilityAlsoKnownAs", "operatedByParty")  # fmt: skip
        self._unread(facility, *read)

    def certificate(self, row: int, credential: Mapping[str, Any]) -> None:
        """A certification, of what was found to conform; it proves no custody model by itself. Raises `Fault`."""
        subject = _object(credential, "credentialSubject")
        name = id_of(_text(subject, "id"))
        since, until = _moment_day(credential, "validFrom"), _moment_day(credential, "validUntil")
        holder = self._called(row, "party", subject.get("issuedToParty"))
        listed = subject.get("assessment")
        assessed = [cast(dict[str, Any], each) for each in cast(list[Any], listed) if isinstance(each, dict)] if (
            isinstance(listed, list)) else []  # fmt: skip
        good = [each for each in assessed if each.get("conformance") is True]
        self._to.unread["not-conforming"] += len(assessed) - len(good)
        if subject.get("attestationType") != "certification" or len(good) < len(assessed) or not good:
            self._to.unread[f"attestation {subject.get('attestationType')}"] += 1
            return
        sites = {self._called(row, "facility", each.get("facility")) for each in _parts(good, "assessedFacility")}
        products = {_product(each) for each in _parts(good, "assessedProduct")}
        scheme = subject.get("scope")
        said = cast(dict[str, Any], scheme) if isinstance(scheme, dict) else {}
        named = " ".join(str(said[key]) for key in ("name", "version") if said.get(key))
        self._rows.add(
            "certificates", row, certificate=name, scheme=named or None, holder=holder,
            sites=sorted(each for each in sites if each) or None,
            products=sorted(each for each in products if each) or None,
            valid_from=since, valid_to=until, document=self._to.name,
        )  # fmt: skip
        self._unread(subject, "id", "issuedToParty", "assessment", "scope", "attestationType")

    def identity(self, row: int, credential: Mapping[str, Any]) -> None:
        """What a register calls a party, facility, plot or product. Raises `Fault`."""
        subject = _object(credential, "credentialSubject")
        kind = _REGISTERS.get(str(subject.get("registerType", "Business")))
        if kind is None:
            self._to.unread[f"register {subject.get('registerType')}"] += 1
            return
        uri = _text(subject, "id")
        name = (self._reader.names.plot(uri) if kind == "plot" else None) or self._reader.names(kind, uri, row)
        if kind in ("party", "facility"):
            self._called(row, kind, subject)
        self._identifier(row, kind, name, subject)
        self._unread(subject, "id", "name", "registeredId", "idScheme", "registerType")

    def _called(self, row: int, kind: str, value: Any, *, country: str | None = None) -> str | None:
        """The id of a party or a facility that something names, with a row and its registered number."""
        said = cast(dict[str, Any], value) if isinstance(value, dict) else {}
        if not isinstance(said.get("id"), str):
            return None
        name = self._reader.names(kind, said["id"], row)
        shown = said.get("name")
        table = "parties" if kind == "party" else "facilities"
        cells = {kind: name, "name": shown if isinstance(shown, str) else None, "country": country}
        self._rows.add(table, row, **cells, document=self._to.name)
        self._identifier(row, kind, name, said)
        return name

    def _identifier(self, row: int, kind: str, name: str, value: Any) -> None:
        said = cast(dict[str, Any], value) if isinstance(value, dict) else {}
        number, scheme = said.get("registeredId"), said.get("idScheme")
        if not isinstance(number, str) or not number:
            return
        told = cast(dict[str, Any], scheme) if isinstance(scheme, dict) else {}
        words = f"{told.get('id', '')} {told.get('name', '')} {said.get('id', '')}".lower()
        ours = next(
            (each for each, marks in _SCHEMES if any(mark in words for mark in marks)), "own id of another"
        )
        self._rows.add("identifiers", row, kind=kind, scheme=ours, value=number, id=name, document=self._to.name)

    def _claims(self, subject: Mapping[str, Any]) -> None:
        listed = subject.get("conformityClaim")
        for each in cast(list[Any], listed) if isinstance(listed, list) else []:
            topic = cast(dict[str, Any], each).get("conformityTopic") if isinstance(each, dict) else None
            self._to.unread[f"conformityClaim {topic}"] += 1

    def _unread(self, members: Mapping[str, Any], *read: str) -> None:
        self._to.unread.update(name for name in members if name not in (*read, "type", "id", "@context"))


def _grows(facility: Mapping[str, Any]) -> bool:
    """Whether land is farmed at a facility, or wood grown, by its classification (CPC, ISIC)."""
    listed = facility.get("processCategory")
    for each in cast(list[Any], listed) if isinstance(listed, list) else []:
        said = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        scheme, code = str(said.get("schemeID", "")).lower(), str(said.get("code", ""))
        if any(mark in scheme and code.startswith(codes) for mark, codes in _GROWING):
            return True
    return False


def _parts(assessed: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    found = [each.get(name) for each in assessed]
    listed = [part for each in found if isinstance(each, list) for part in cast(list[Any], each)]
    return [cast(dict[str, Any], part) for part in listed if isinstance(part, dict)]


def _product(part: Mapping[str, Any]) -> str | None:
    said = part.get("product")
    members = cast(dict[str, Any], said) if isinstance(said, dict) else {}
    name = members.get("name", members.get("id"))
    return name if isinstance(name, str) else None


def _object(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = members.get(name)
    if isinstance(value, list) and len(cast(list[Any], value)) == 1:
        value = cast(list[Any], value)[0]
    if not isinstance(value, dict):
        raise Fault("untp-missing", name)
    return cast(dict[str, Any], value)


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Fault("untp-missing", name)
    return value


def _day(members: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(members[name])[:10])
    except ValueError:
        raise Fault("untp-day", name, str(members[name])) from None


def _moment_day(members: Mapping[str, Any], name: str) -> date | None:
    """The day of a moment on its own clocks."""
    if members.get(name) is None:
        return None
    try:
        return moment(str(members[name])).date()
    except (TypeError, ValueError):
        raise Fault("untp-day", name, str(members[name])) from None
