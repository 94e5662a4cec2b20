"""What events of EPCIS 2.0 say in the tables of a case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import Any, Final, cast

import polars as pl

from landproof.domain.facts.chain import CHAIN_EVENTS, EVENT_LOTS
from landproof.exchange import epcis_parts, gs1_eudr
from landproof.exchange.epcis_checks import faults_of, moment
from landproof.exchange.epcis_parts import Event, Part, goods_of, is_class, local_moment, merged, step_of
from landproof.exchange.event_hash import event_hash
from landproof.exchange.found import Fault, Gathering, Known
from landproof.exchange.lots import Lots, total
from landproof.exchange.mass import MOST_GRAMS, amount, grams
from landproof.exchange.names import Names
from landproof.exchange.on_file import OnFile
from landproof.exchange.own import id_of
from landproof.exchange.own_rows import PLACE, OwnRows

_MOVING: Final = ("shipping", "receiving")
_OWNERS: Final = ("owning_party", "possessing_party")
# Read, or no more than how the document was made.
_USED: Final = frozenset((
    "type", "eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "readPoint", "bizLocation",
    "epcList", "quantityList", "childEPCs", "childQuantityList", "parentID", "inputEPCList", "inputQuantityList",
    "outputEPCList", "outputQuantityList", "transformationID", "sourceList", "destinationList",
    "errorDeclaration", "ilmd", "@context",
))  # fmt: skip


class Reader:
    """Reads the events of one document."""

    def __init__(self, gathering: Gathering, known: Known) -> None:
        self.names = Names(known)
        self.lots = Lots()
        self.own = OwnRows(gathering, known)
        self._to = gathering
        self._known = known
        self._on_file = OnFile(gathering, known)
        self._events: dict[str, list[tuple[int, dict[str, Any], list[Part]]]] = {}
        self._outlined: dict[str, str] = {}  # plots of this document by URI
        self._facilities: dict[str, int] = {}
        self._parties: dict[str, int] = {}

    def read(self, written: Sequence[tuple[int, Any]]) -> None:
        """Events with their places in the document: each is read, or refused with all its faults."""
        good = self._distinct([event for row, each in written if (event := self._checked(row, each)) is not None])
        for event in good:
            if PLACE not in event.said:
                self._attempt(event, self._master_data)
        good = [event for event in good if event.row not in self._to.rejected]
        packed = self._packed(good)
        declared = {event.name for event in good if event.is_declaration}
        present = {event.name for event in good if not event.is_declaration}
        for event in good:
            if PLACE in event.said:
                self._attempt(event, self._own)
            elif event.is_declaration:
                self._attempt(event, partial(self._declaration, present))
            else:
                self._attempt(event, partial(self._event, declared, packed))
            self._note_unread(event)

    def place(self, row: int, found: gs1_eudr.MasterData) -> None:
        """A plot of land by its master data."""
        plot = self.names("plot", found.uri, row)
        outline = gs1_eudr.outline(row, plot, found)
        if outline is None:
            raise Fault("missing", "geo")
        self._outlined[id_of(found.uri)] = plot
        self._to.outlines.append(outline)
        self._to.unread.update(found.unread)

    def statement(self, row: int, lots: Sequence[str], supplier: str | None, cells: Mapping[str, str]) -> None:
        """The numbers of a statement, once for each lot that they cover."""
        for lot in lots or (None,):
            self._to.add("eudr_statements", row, lot=lot, supplier=supplier, document=self._to.name, **cells)

    def write(self) -> None:
        """Everything that takes the whole document to know."""
        for name, told in sorted(self._events.items()):
            try:
                self._write_event(name, told)
            except Fault as fault:
                for row, _, _ in told:
                    self._to.reject(row, fault)
        others = (("facilities", "facility", self._facilities), ("parties", "party", self._parties))
        for table, column, met in others:
            on_file = set(self._known.rows(table)[column].drop_nulls())
            for name, row in sorted(met.items()):
                if name not in on_file:
                    self._to.add(table, row, **{column: name})
        self.lots.write(self._to, self._known)
        self.names.write(self._to, self._to.name)

    def _own(self, event: Event) -> None:
        self.own.of_event(event.row, event.said)

    def _attempt(self, event: Event, what: Callable[[Event], None]) -> None:
        if event.row in self._to.rejected:
            return
        try:
            what(event)
        except Fault as fault:
            self._to.reject(event.row, fault)

    def _checked(self, row: int, written: Any) -> Event | None:
        if not isinstance(written, dict):
            self._to.reject(row, Fault("no-object", "", str(written)))
            return None
        said = cast(dict[str, Any], written)
        faults = faults_of(said)
        for fault in faults:
            self._to.reject(row, fault)
        if faults:
            return None
        hashed = event_hash(said)
        return Event(row, said, said.get("eventID") or hashed, hashed)

    def _distinct(self, events: Sequence[Event]) -> list[Event]:
        """Each event once; different events of one id are all refused, as nobody knows which is meant."""
        by_id: dict[tuple[str, bool], list[Event]] = {}
        for event in events:
            # Several declarations may be of one event, and rows of ours tell events apart by themselves.
            name = event.hash if PLACE in event.said else event.name
            by_id.setdefault((name, event.is_declaration), []).append(event)
        kept: list[Event] = []
        for same in by_id.values():
            if len({event.hash for event in same}) > 1:
                for event in same:
                    self._to.reject(event.row, Fault("same-id", "eventID", event.name))
                continue
            kept.append(same[0])
            self._to.unread["event-again"] += len(same) - 1
        return sorted(kept, key=lambda event: event.row)

    def _master_data(self, event: Event) -> None:
        found = list(gs1_eudr.entries(event.said))
        origin = epcis_parts.origin_of(event.said)
        if not found and origin is None:
            return
        lots = {self.names("lot", epc, event.row) for epc in goods_of(event.said)}
        told: list[tuple[str, gs1_eudr.MasterData]] = []
        for each in found:
            name = self.names("lot", each.uri, event.row) if id_of(each.uri) in lots else id_of(each.uri)
            told.append((name, each))
        for name, each in told:
            if name in lots:
                self.lots.say(name, event.row, each.lot)
                for statement in each.statements:
                    self.statement(event.row, [name], None, statement)
                self._to.unread.update(each.unread)
            elif each.geometry is not None:
                self.place(event.row, each)
            else:
                self._to.unread.update(each.unread)
        if origin is not None:
            for lot in lots:
                self.lots.say(lot, event.row, {"country": origin})

    def _event(self, declared: set[str], packed: set[tuple[str, str]], event: Event) -> None:
        kind = event.said["type"]
        if kind == "ObjectEvent":
            self._object(event)
        elif kind == "TransformationEvent":
            self._transformation(event, declared)
        elif kind == "AggregationEvent":
            self._aggregation(event, packed)
        elif kind == "TransactionEvent":
            self._transfer(event)
        else:
            self._to.unread["association"] += 1

    def _object(self, event: Event) -> None:
        said, step = event.said, step_of(event.said)
        parts = self._parts(event, "output", "epcList", "quantityList")
        plots = self._plots_of(event)
        if said["action"] == "ADD":
            for part in parts:
                self.lots.made(cast(str, part.lot), event.row, part.mass, local_moment(said).date())
            if not plots:
                self._to.unread["commissioning"] += 1
                return
        elif said["action"] == "OBSERVE" and step in _MOVING:
            self._transfer(event)
            return
        else:
            for part in parts:
                self.lots.seen(cast(str, part.lot), event.row, part.mass)
            if said["action"] == "DELETE" or not plots or not parts:
                self._to.unread["deletion" if said["action"] == "DELETE" else "observation"] += 1
                return
        # Of several plots nobody says how much came from which.
        grown = [
            replace(part, plot=plot, mass=part.mass if len(plots) == 1 else None)
            for part in parts
            for plot in plots
        ]
        self._emit(event, event.name, "harvest", grown, at_plot=True)

    def _transformation(self, event: Event, declared: set[str]) -> None:
        inputs = self._parts(event, "input", "inputEPCList", "inputQuantityList", classes=True)
        outputs = self._parts(event, "output", "outputEPCList", "outputQuantityList")
        for part in inputs:
            if part.lot is not None:
                self.lots.seen(part.lot, event.row, part.mass)
        for part in outputs:
            self.lots.made(cast(str, part.lot), event.row, part.mass, local_moment(event.said).date())
        joined = event.said.get("transformationID")
        whole = joined is not None and event.name not in declared
        self._to.unread["joined"] += whole
        self._emit(event, id_of(joined) if whole and joined else event.name, "transformation", [*inputs, *outputs])

    def _aggregation(self, event: Event, packed: set[tuple[str, str]]) -> None:
        said = event.said
        if said["action"] == "OBSERVE":
            if step_of(said) in _MOVING:
                self._transfer(event)
            else:
                self._to.unread["observation"] += 1
            return
        children = self._parts(event, "input", "childEPCs", "childQuantityList", classes=True)
        parent = self.names("lot", said["parentID"], event.row)
        if not children:
            self._to.unread["unnamed-children"] += 1
            return
        if said["action"] == "ADD":
            mass = total(part.mass for part in children)
            for part in children:
                if part.lot is not None:
                    self.lots.seen(part.lot, event.row, part.mass)
            self.lots.made(parent, event.row, mass)
            self._emit(event, event.name, "aggregation", [*children, Part("output", parent, None, mass)])
            return
        # What keeps its name while it is packed comes out as what it was; to say that it was made of the
        # container would make it of itself.
        new = [part for part in children if part.lot is not None and (parent, part.lot) not in packed]
        self._to.unread["unpacking"] += len(children) - len(new)
        if new:
            mass = total(part.mass for part in new)
            for part in new:
                self.lots.made(cast(str, part.lot), event.row, part.mass)
            outputs = [replace(part, role="output") for part in new]
            self._emit(event, event.name, "aggregation", [Part("input", parent, None, mass), *outputs])

    def _transfer(self, event: Event) -> None:
        parts = [
            *self._parts(event, "input", "epcList", "quantityList"),
            *self._parts(event, "input", "childEPCs", "childQuantityList"),
        ]
        parent = event.said.get("parentID")
        if parent is not None:
            parts.append(Part("input", self.names("lot", parent, event.row), None, None))
        for part in parts:
            self.lots.seen(cast(str, part.lot), event.row, part.mass)
        self._emit(event, event.name, "transfer", parts, holder=self._owner(event))

    def _declaration(self, present: set[str], event: Event) -> None:
        written = event.said["errorDeclaration"].get("declarationTime", "")
        try:
            at = moment(written)
        except (TypeError, ValueError):
            raise Fault("time", "declarationTime", str(written)) from None
        joined = event.said.get("transformationID")
        # A part that is only known by its declaration voids all that was joined with it.
        voids = id_of(joined) if joined is not None and event.name not in present else event.name
        cells = {"kind": "error declaration", "on": at.date(), "at": at.astimezone(UTC), "voids": voids,
                 "document": self._to.name}  # fmt: skip
        self._events.setdefault(f"{event.name}#errorDeclaration", []).append((event.row, cells, []))

    def _emit(
        self, event: Event, name: str, kind: str, parts: Iterable[Part], *,
        at_plot: bool = False, holder: str | None = None,
    ) -> None:  # fmt: skip
        at = local_moment(event.said)
        step = step_of(event.said)
        cells = {
            "kind": kind, "on": at.date(), "at": at.astimezone(UTC), "holder": holder, "process": step,
            "accepted_on": at.date() if (kind, step) == ("transfer", "receiving") else None,
            "facility": None if at_plot else self._facility(event), "document": self._to.name,
            "known_by": "declared" if at_plot else None,
        }  # fmt: skip
        self._events.setdefault(name, []).append((event.row, cells, list(parts)))

    def _write_event(self, name: str, told: Sequence[tuple[int, dict[str, Any], list[Part]]]) -> None:
        """One event of all its parts: what they differ in nobody knows, and its day is that of the last."""
        row = min(each for each, _, _ in told)
        cells = {key: value if all(other[key] == value for _, other, _ in told) else None
                 for key, value in told[0][1].items()}  # fmt: skip
        last = max((each for _, each, _ in told), key=lambda each: each["at"])
        cells |= {"on": last["on"], "at": last["at"]}
        parts = merged(part for _, _, each in told for part in each)
        if self._on_file.holds(name, cells, parts):
            self._to.unread["event-known"] += 1
            return
        self._to.add(CHAIN_EVENTS.name, row, event=name, **cells)
        for part in parts:
            cells = {"role": part.role, "lot": part.lot, "plot": part.plot, "mass_g": part.mass}
            self._to.add(EVENT_LOTS.name, row, event=name, **cells)

    def _parts(self, event: Event, role: str, epcs: str, quantities: str, *, classes: bool = False) -> list[Part]:
        """The goods of a list of things and of a list of quantities; kinds of things only where ``classes``."""
        found = [Part(role, self.names("lot", epc, event.row), None, None) for epc in event.said.get(epcs, ())]
        for element in event.said.get(quantities, ()):
            mass = self._mass(element)
            if is_class(element["epcClass"]):
                self._to.unread["class"] += 1
                if classes:
                    found.append(Part(role, None, None, mass))
                continue
            found.append(Part(role, self.names("lot", element["epcClass"], event.row), None, mass))
        return merged(found)

    def _mass(self, element: Mapping[str, Any]) -> int | None:
        if "quantity" not in element:
            return None
        number = amount(element["quantity"].strip())
        exact = None if number is None else grams(number, element.get("uom", ""))
        if exact is None:
            self._to.unread["piece"] += 1
            return None
        if exact > MOST_GRAMS:
            raise Fault("too-heavy", "quantity", str(element["quantity"]))
        self._to.unread["rounded"] += exact.denominator > 1
        return round(exact)

    def _plots_of(self, event: Event) -> list[str]:
        """The plots that an event names: by outlines of its own, or else by the place where it happened."""
        given = [id_of(each.uri) for each in gs1_eudr.entries(event.said) if each.geometry is not None]
        found = {self._outlined[uri] for uri in given if uri in self._outlined}
        for name in () if found else ("readPoint", "bizLocation"):
            uri = event.said.get(name, {}).get("id")
            plot = None if uri is None else self._outlined.get(id_of(uri)) or self.names.plot(uri)
            if plot is not None:
                found.add(plot)
        return sorted(found)

    def _facility(self, event: Event) -> str | None:
        places = [event.said[name]["id"] for name in ("readPoint", "bizLocation") if name in event.said]
        self._to.unread["business location"] += len({id_of(place) for place in places}) > 1
        if not places:
            return None
        facility = self.names("facility", places[0], event.row)
        self._facilities.setdefault(facility, event.row)
        return facility

    def _owner(self, event: Event) -> str | None:
        """Who owns the goods, or else has them, after the event."""
        held = {
            epcis_parts.side_of(each.get("type")): each["destination"]
            for each in event.said.get("destinationList", ())
        }
        uri = next((held[kind] for kind in _OWNERS if kind in held), None)
        if uri is None:
            return None
        party = self.names("party", uri, event.row)
        self._parties.setdefault(party, event.row)
        self._to.unread["sources and destinations"] -= 1
        return party

    def _packed(self, events: Sequence[Event]) -> set[tuple[str, str]]:
        """Which lots were packed into what, in this document and in the case."""
        found: set[tuple[str, str]] = set()
        for event in events:
            if event.said["type"] == "AggregationEvent" and event.said["action"] == "ADD":
                parent = self.names("lot", event.said["parentID"], event.row)
                for epc in goods_of(event.said):
                    found.add((parent, self.names("lot", epc, event.row)))
        held = self._known.rows(EVENT_LOTS.name)
        kinds = (
            self._known.rows(CHAIN_EVENTS.name).filter(pl.col("kind") == "aggregation").select("event").unique()
        )
        rows = held.join(kinds, on="event", how="semi").select("event", "role", "lot")
        pairs = rows.filter(pl.col("role") == "output").join(rows.filter(pl.col("role") == "input"), on="event")
        return found | {(parent, child) for parent, child in pairs.select("lot", "lot_right").iter_rows()}

    def _note_unread(self, event: Event) -> None:
        """Every field that says something which no table holds, by its name; rows of ours say all of it."""
        if PLACE in event.said:
            return
        for name, value in event.said.items():
            if name in _USED or gs1_eudr.local(name) == "masterDataAvailableFor":
                continue
            self._to.unread[name] += 1 if not isinstance(value, list) else len(cast(list[Any], value))
        lifetime = event.said.get("ilmd")
        if isinstance(lifetime, dict):
            names = [name for name in cast(dict[str, Any], lifetime) if gs1_eudr.local(name) != "countryOfOrigin"]
            self._to.unread.update(f"ilmd {name}" for name in names)
        for side in ("sourceList", "destinationList"):
            self._to.unread["sources and destinations"] += len(event.said.get(side, ()))
