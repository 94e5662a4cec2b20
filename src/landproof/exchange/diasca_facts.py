"""What entities of DIASCA say in the tables of a case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Any, Final, cast

import polars as pl

from landproof.exchange.diasca_fields import metadata_of, moment
from landproof.exchange.diasca_ids import NO_ORIGIN, NO_OWNER, named_in, uuid_of
from landproof.exchange.epcis_parts import Part, merged
from landproof.exchange.found import Fault, Gathering, Known, Outline
from landproof.exchange.json_text import written_json
from landproof.exchange.mass import MOST_GRAMS, amount, grams
from landproof.exchange.new_rows import NewRows
from landproof.exchange.on_file import OnFile

Entity = tuple[int, Mapping[str, Any]]  # its place in the document, and its members
Entities = Mapping[str, Sequence[Entity]]  # by kind

_UNITS: Final[Mapping[str, str]] = {"kg": "KGM", "mt": "TNE"}
_ROLES: Final[Mapping[str, str]] = {
    "cooperative": "cooperative", "processor": "processor", "trader": "trader", "exporter": "trader",
    "importer": "trader", "certifier": "certification body",
}  # fmt: skip
_PROOF_ROLES: Final[Mapping[str, str]] = {"certifies": "certification body", "audits": "verifier"}
_FACILITIES: Final = ("factory", "warehouse", "processing_facility", "distribution_center", "port")
_NOT_DONE: Final = ("cancelled", "pending")
_NOT_IN_FORCE: Final = ("disputed", "expired", "revoked")
_OUTLINES: Final = ("Polygon", "MultiPolygon")
_IDENTIFIERS: Final = (("gln", "GLN"), ("registration_id", "national id"), ("tax_id", "national id"))


class Facts:
    """Reads the entities of one document, all of which are as their schemas want them."""

    def __init__(self, gathering: Gathering, known: Known, entities: Entities) -> None:
        self._to = gathering
        self._known = known
        self._rows = NewRows(gathering, known)
        self._on_file = OnFile(gathering, known)
        self._all = entities
        self._ours = named_in(each for listed in entities.values() for _, each in listed)
        called = known.rows("identifiers").filter(pl.col("scheme") == "own id of another")
        called = called.select("kind", "value", "id").unique()
        called = called.filter(pl.col("id").n_unique().over("kind", "value") == 1)
        self._called = {(kind, value): name for kind, value, name in called.iter_rows()}
        self._plots: set[str] = set(known.plots)
        self._facilities: set[str] = set(known.rows("facilities")["facility"].drop_nulls())
        self._units: dict[str, str] = {}  # by lot: what quantities of it are counted in
        self._events: dict[str, list[tuple[int, dict[str, Any], list[Part]]]] = {}

    def read(self) -> None:
        """All of it. Refused entities leave no row."""
        for kind, read in (
            ("enterprise", self._enterprise), ("site", self._site), ("relationship", self._relationship),
            ("lot", self._lot),
        ):  # fmt: skip
            for row, members in self._all.get(kind, ()):
                self._attempt([row], read, row, members)
        of_events = self._by_event()
        done = {each["transaction_id"].lower(): (row, each) for row, each in self._all.get("transaction", ())}
        for event, rows in of_events.items():
            self._attempt([row for row, _ in rows], self._lineage, event, rows, done)
        for name, (row, members) in done.items():
            if name not in of_events:
                self._attempt([row], self._transaction, row, members)
        for name, told in sorted(self._events.items()):
            self._attempt([row for row, _, _ in told], self._write, name, told)
        for row, members in self._all.get("claim", ()):
            self._claim(row, members)
        for kind in ("evidence", "person"):
            self._to.unread[kind] += len(self._all.get(kind, ()))

    def _attempt(self, rows: Sequence[int], what: Callable[..., None], *given: Any) -> None:
        try:
            what(*given)
        except Fault as fault:
            for row in rows:
                self._to.reject(row, fault, "")

    def _name(self, kind: str, written: str) -> str:
        """What a UUID is called in the case: by our own id, by the identifiers on file, or by itself."""
        ours = self._ours.get(written.lower())
        if ours is not None and ours[0] == kind:
            return ours[1]
        return self._called.get((kind, written), self._called.get((kind, written.lower()), written.lower()))

    def _party(self, members: Mapping[str, Any], field: str) -> str | None:
        written = members.get(field)
        return None if written is None or written.lower() == uuid_of(NO_OWNER) else self._name("party", written)

    def _enterprise(self, row: int, members: Mapping[str, Any]) -> None:
        if "stub" in metadata_of(members):
            return
        party = self._name("party", members["enterprise_id"])
        self._rows.add("parties", row, party=party, name=members["legal_name"], document=self._to.name)
        for field, scheme in _IDENTIFIERS:
            if members.get(field):
                self._rows.add("identifiers", row, kind="party", scheme=scheme, value=members[field], id=party,
                               document=self._to.name)  # fmt: skip
        role = _ROLES.get(members["enterprise_type"])
        if role is None:
            self._to.unread[f"enterprise_type {members['enterprise_type']}"] += 1
        else:
            self._rows.add("party_roles", row, party=party, role=role, document=self._to.name)
        self._note(members, "enterprise", "legal_address", "parent_enterprise_id")

    def _site(self, row: int, members: Mapping[str, Any]) -> None:
        kind, shape = members["type"], members.get("geometry")
        if uuid_of(NO_ORIGIN) == members["site_id"].lower():
            return
        outlined = isinstance(shape, dict) and cast(dict[str, Any], shape).get("type") in _OUTLINES
        if kind == "plot" or (kind == "farm" and outlined):
            self._plot(row, members)
        elif kind in _FACILITIES:
            facility = self._name("facility", members["site_id"])
            self._facilities.add(facility)
            if "stub" not in metadata_of(members):
                cells = {"name": members["name"], "country": members.get("country"), "document": self._to.name}
                self._rows.add("facilities", row, facility=facility, **cells)
            self._note(members, "site", "geometry", "latitude", "size")
        else:
            self._to.unread[f"site {kind}"] += 1
        self._note(members, "site", "parent_id", "owner_enterprise_id", "address", "altitude", "region")
        self._to.unread["person"] += members.get("owner_person_id") is not None

    def _plot(self, row: int, members: Mapping[str, Any]) -> None:
        plot = self._name("plot", members["site_id"])
        self._plots.add(plot)
        shape, east, north = (members.get(name) for name in ("geometry", "longitude", "latitude"))
        if shape is None and east is not None and north is not None:
            shape = {"type": "Point", "coordinates": [east, north]}
        if shape is None:
            self._to.unread["plot-no-place"] += 1
            return
        cells = {"country": members["country"]} if members.get("country") else {}
        if members["type"] == "farm":
            cells["boundary_of"] = "property"
        if members.get("size") is not None:
            if members.get("size_unit", "hectares") in ("hectares", "ha"):
                cells["area_ha"] = str(members["size"])
            else:
                self._to.unread[f"size_unit {members['size_unit']}"] += 1
        self._to.outlines.append(Outline(row, plot, written_json(shape), cells))

    def _relationship(self, row: int, members: Mapping[str, Any]) -> None:
        role, party = _PROOF_ROLES.get(members["type"]), self._party(members, "source_enterprise_id")
        if role is None or party is None:
            self._to.unread[f"relationship {members['type']}"] += 1
            return
        since, until = (_day(members.get(name)) for name in ("start_date", "end_date"))
        self._rows.add("party_roles", row, party=party, role=role, valid_from=since, valid_to=until,
                       document=self._to.name)  # fmt: skip

    def _lot(self, row: int, members: Mapping[str, Any]) -> None:
        lot, unit = self._name("lot", members["lot_id"]), members["unit"]
        self._units[lot] = unit
        mass = self._mass(members["quantity"], unit)
        self._to.unread["piece"] += unit not in _UNITS
        word = members["product_type"].partition("_")[0]
        commodity = "coffee" if members["product_type"] in _COFFEE else "cocoa" if word == "cocoa" else None
        said = metadata_of(members).get("commodity")
        first, last = members.get("harvest_date"), members.get("harvest_date_end")
        held = self._known.rows("lots").filter(pl.col("lot") == lot)["mass_g"]
        if held.len() and mass in (None, held.max()):
            self._to.unread["row-known"] += 1
        else:
            self._to.unread["lot-known"] += held.len() > 0
            self._rows.add(
                "lots", row, lot=lot, mass_g=mass, holder=self._party(members, "owner_enterprise_id"),
                commodity=said if isinstance(said, str) else commodity,
                made_on=_day(first) if last in (None, first) else None,
            )  # fmt: skip
        self._to.unread["harvest-days"] += last not in (None, first)
        self._note(members, "lot", "disposition")
        if "names" not in metadata_of(members):
            self._to.unread["origin-site"] += 1
            self._note(members, "lot", "batch_number")

    def _by_event(self) -> dict[str, list[Entity]]:
        found: dict[str, list[Entity]] = {}
        for row, members in self._all.get("lot_lineage", ()):
            found.setdefault(members["event_id"].lower(), []).append((row, members))
        return found

    def _lineage(self, event: str, rows: Sequence[Entity], done: Mapping[str, Entity]) -> None:
        """One event of all its rows: a lot in several of them, as many to many need it, counts once."""
        row, (_, about) = min(each for each, _ in rows), done.get(event, (0, {}))
        if about.get("status") in _NOT_DONE:
            self._to.unread["not-done"] += 1
            return
        parts = [
            *self._side(rows, "input", "input_lot_id", "input_qty"),
            *self._side(rows, "output", "output_lot_id", "output_qty"),
        ]
        kind, name = self._ours.get(event, ("event", event))
        if kind == "delivery":
            source, into = ((part.lot, part.mass) for part in parts[:2])
            self._delivery(row, name, cast(str, into[0]), about, input_lot=source[0], mass_g=source[1])
            return
        processes = {str(members["transformation_type"]) for _, members in rows}
        cells = self._about(about) | {
            "kind": "aggregation" if about.get("type") == "aggregate" else "transformation",
            "process": next(iter(processes)) if len(processes) == 1 else None,
        }
        self._events.setdefault(name, []).append((row, cells, parts))

    def _side(self, rows: Iterable[Entity], role: str, lot_field: str, quantity_field: str) -> list[Part]:
        told: dict[str, set[Decimal]] = {}
        units: dict[str, str] = {}
        written: dict[str, str] = {}
        for _, members in rows:
            lot = self._name("lot", members[lot_field])
            told.setdefault(lot, set()).add(Decimal(members[quantity_field]))
            written[lot] = members[quantity_field]
            units[lot] = self._units.get(lot, str(metadata_of(members).get("unit", "")))
        found: list[Part] = []
        for lot, quantities in sorted(told.items()):
            if len(quantities) > 1:
                raise Fault("lineage-differs", quantity_field, lot)
            self._to.unread["piece" if units[lot] else "no-unit"] += units[lot] not in _UNITS
            found.append(Part(role, lot, None, self._mass(written[lot], units[lot])))
        return found

    def _transaction(self, row: int, members: Mapping[str, Any]) -> None:
        kind, ours = members["type"], metadata_of(members)
        if members.get("status") in _NOT_DONE:
            self._to.unread["not-done"] += 1
            return
        lot = None if members.get("lot_id") is None else self._name("lot", members["lot_id"])
        mass = self._mass(members.get("quantity"), members.get("unit") or "")
        name = self._ours.get(members["transaction_id"].lower(), ("", ""))
        plots = {self._name("plot", members[end]) for end in _ENDS if members.get(end) is not None} & self._plots
        plot = plots.pop() if len(plots) == 1 else None
        if name[0] == "delivery" and lot is not None:
            self._delivery(row, name[1], lot, members, plot=plot, mass_g=mass)
        elif kind == "harvest" and lot is not None and plot is not None:
            cells = self._about(members) | {"kind": "harvest", "known_by": "declared", "facility": None}
            self._told(row, members, ours, cells, Part("output", lot, plot, mass))
        elif kind in ("transfer", "sale") and lot is not None:
            cells = self._about(members) | {
                "kind": "transfer",
                "holder": self._party(members, "target_enterprise_id"),
            }
            self._told(row, members, ours, cells, Part("input", lot, None, mass))
        else:
            self._to.unread["commissioning" if kind == "harvest" else f"transaction {kind}"] += 1

    def _told(
        self, row: int, members: Mapping[str, Any], ours: Mapping[str, Any], cells: dict[str, Any], part: Part
    ) -> None:
        """A part of an event: landproof writes one transaction for each, and others one for all."""
        said = ours.get("event")
        name = said if isinstance(said, str) and said else self._name("event", members["transaction_id"])
        self._events.setdefault(name, []).append((row, cells, [part]))

    def _about(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """Day, moment and site by a transaction; a lineage row alone tells none of them."""
        at = moment(members["timestamp"]) if members else None
        sites = {self._name("facility", members[end]) for end in _ENDS if members.get(end) is not None}
        sites &= self._facilities
        undated = metadata_of(members).get("moment") == "not known"
        return {
            "kind": None, "on": None if at is None else at.date(), "holder": None, "process": None,
            "known_by": None,
            "at": None if at is None or undated else at.astimezone(UTC),
            "facility": sites.pop() if len(sites) == 1 else None, "document": self._to.name,
        }  # fmt: skip

    def _delivery(self, row: int, name: str, lot: str, about: Mapping[str, Any], **cells: Any) -> None:
        when = self._about(about)
        self._rows.add(
            "deliveries", row, delivery=name, lot=lot, received_on=when["on"], facility=when["facility"],
            sender=self._party(about, "source_enterprise_id"), receiver=self._party(about, "target_enterprise_id"),
            document=self._to.name, **cells,
        )  # fmt: skip

    def _write(self, name: str, told: Sequence[tuple[int, dict[str, Any], list[Part]]]) -> None:
        row = min(each for each, _, _ in told)
        if any(other != told[0][1] for _, other, _ in told):
            raise Fault("same-id", "transaction_id", name)
        cells, parts = told[0][1], merged(part for _, _, each in told for part in each)
        if self._on_file.holds(name, cells, parts):
            self._to.unread["event-known"] += 1
            return
        self._to.add("chain_events", row, event=name, **cells)
        for part in parts:
            self._to.add("event_lots", row, event=name, role=part.role, lot=part.lot, plot=part.plot,
                         mass_g=part.mass)  # fmt: skip

    def _claim(self, row: int, members: Mapping[str, Any]) -> None:
        certified = members["type"] == "certification" and members["subject_type"] == "lot"
        if not certified or members.get("status") in _NOT_IN_FORCE:
            self._to.unread[f"claim {members['type']}"] += 1
            return
        lot = self._name("lot", members["subject_id"])
        self._rows.add("claims", row, claim=members["claim_id"].lower(), lot=lot,
                       traded_on=_day(members.get("claim_date")), document=self._to.name)  # fmt: skip
        self._note(members, "claim", "key", "value", "valid_from", "valid_until")

    def _mass(self, quantity: Any, unit: str) -> int | None:
        number = None if quantity is None else amount(str(quantity))
        exact = None if number is None else grams(number, _UNITS.get(unit, unit))
        if exact is None:
            return None
        if exact > MOST_GRAMS:
            raise Fault("too-heavy", "quantity", str(quantity))
        self._to.unread["rounded"] += exact.denominator > 1
        return round(exact)

    def _note(self, members: Mapping[str, Any], kind: str, *fields: str) -> None:
        for field in fields:
            self._to.unread[f"{kind} {field}"] += members.get(field) is not None


_COFFEE: Final = ("raw_cherry", "parchment", "green_coffee", "roasted_coffee")
_ENDS: Final = ("source_site_id", "target_site_id")


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
