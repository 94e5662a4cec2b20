"""A chain as a document of DIASCA's semantic core, version 2.

The format gives a lot one site of origin and an owner that must be named, a quantity above zero to all that takes
part in an event, and knows no tanks. What it cannot say is left out or stands under a name that says so, and is
listed. An event of which a part cannot be said is left out: with fewer inputs its outputs would look cleaner.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import product
from typing import Any, Final

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.exchange.diasca_fields import FIELDS
from landproof.exchange.diasca_ids import NO_ORIGIN, NO_OWNER, text_of, uuid_of
from landproof.exchange.json_text import Number, written_json
from landproof.exchange.losses import Written, loss_of, losses, rows_of
from landproof.exchange.mass import kilograms
from landproof.exchange.own import written
from landproof.exchange.own_rows import CHAIN

_NEVER: Final = "1970-01-01T00:00:00Z"  # no clock: a chain without days was recorded at no moment of its own
_PROCESSES: Final = FIELDS["lot_lineage"]["transformation_type"].words
_MADE: Final = ("transformation", "aggregation")
_LISTS: Final = {"enterprise": "enterprises", "site": "sites", "lot": "lots", "transaction": "transactions",
                 "lot_lineage": "lot_lineage"}  # fmt: skip

_NO_FIELD: Final = text("The format has no field for it.")
_NO_KIND: Final = text("The format has no such event.")
_NO_MASS: Final = text("The format needs a mass above zero: without one for each part it cannot say it.")
_NO_DAY: Final = text("The format needs a moment: without a day it cannot say it.")
_PARTLY: Final = text("A part of the event cannot be said, and without it the rest would look cleaner than it is.")
_ORIGIN: Final = text(
    "The format gives a lot one site of origin: it has several or none, and a name that says so stands there."
)
_OWNER: Final = text("The format needs an owner: nobody knows it, and a name that says so stands there.")
_VOIDED: Final = text("It is declared wrong, which the format cannot say: it is left out.")
_SEVERAL: Final = text("The lot is on file with several masses: the largest stands.")
_MOMENT: Final = text("The moment is not known: midnight UTC of the day stands in its place.")
_PARTY: Final = text("What kind of enterprise it is, is not in the chain: trader stands in its place.")


class _Writer:
    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._rows = {name: rows_of(tables.get(name, FACTS[name].empty()), name) for name in CHAIN}
        self._parts: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows["event_lots"]:
            self._parts.setdefault(row["event"], []).append(row)
        days = [_when(row.get("at"), row.get("on")) for row in self._rows["chain_events"]]
        days += [_when(None, row["received_on"]) for row in self._rows["deliveries"]]
        self._recorded = max((day for day in days if day is not None), default=_NEVER)
        self._lost: list[dict[str, Any]] = []
        self._found: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in _LISTS}
        self._stubs: set[tuple[str, str]] = set()
        self._into: dict[str, list[dict[str, Any]]] = {}  # what went into a lot, from lots and plots
        outputs = [row for row in self._rows["event_lots"] if row["role"] == "output"]
        for row in [*outputs, *self._rows["deliveries"]]:
            self._into.setdefault(row["lot"], []).append(row)
        self._delivered = [row["delivery"] for row in self._rows["deliveries"]]

    def write(self) -> Written:
        voided = {row["voids"] for row in self._rows["chain_events"] if row["kind"] == "error declaration"}
        for row in self._rows["facilities"]:
            self._facility(row)
        names = [row["event"] for row in self._rows["chain_events"]]
        for row in self._rows["chain_events"]:
            parts = self._parts.get(row["event"], [])
            twice = names.count(row["event"]) > 1  # two of one id: neither counts
            why = _VOIDED if row["event"] in voided or row["kind"] == "error declaration" else None
            self._event(row, parts, _PARTLY if twice and why is None else why)
        for row in self._rows["event_lots"]:
            if row["event"] not in names:
                self._lose("event_lots", row, (), _PARTLY)
        for row in self._rows["deliveries"]:
            self._delivery(row)
        self._lots()
        for row in self._rows["vessels"]:
            self._lose("vessels", row, (), _NO_FIELD)
        document = {
            _LISTS[kind]: [each[key] for key in sorted(each)] for kind, each in self._found.items() if each
        }
        return Written({"diasca.json": written_json(document).encode()}, losses(self._lost))

    def _event(self, row: Mapping[str, Any], parts: Sequence[dict[str, Any]], why: str | None) -> None:
        kind = row["kind"]
        if why is None:
            if kind in _MADE:
                why = self._made_of(row, parts)
            elif kind in ("harvest", "transfer"):
                why = self._moved(row, parts)
            else:
                why = _NO_KIND
        if why is None and row["at"] is None and row["on"] is not None:
            self._lost.append(loss_of("chain_events", row, "at", _MOMENT))
        if why is not None:
            self._lose("chain_events", row, (), why)
            for part in parts:
                self._lose("event_lots", part, (), why)

    def _made_of(self, row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> str | None:
        """A row for each pair of an input and an output, as the format wants it."""
        inputs, outputs = ([part for part in parts if part["role"] == role] for role in ("input", "output"))
        lots = [(part["role"], part["lot"]) for part in parts]
        if any(part["lot"] is None or part["plot"] is not None for part in parts) or len(set(lots)) < len(lots):
            return _PARTLY
        if not inputs or not outputs:
            return _PARTLY
        if any(not part["mass_g"] for part in parts):
            return _NO_MASS
        event = text_of("event", row["event"])
        process = row["process"] if row["process"] in _PROCESSES else "process"
        for one, other in product(inputs, outputs):
            self._line(event, process, one["lot"], one["mass_g"], other["lot"], other["mass_g"])
        carried = {"event", "kind"} | ({"process"} if process == row["process"] else set[str]())
        dated = _when(row["at"], row["on"]) is not None
        if dated:
            kind = "aggregate" if row["kind"] == "aggregation" else "process"
            self._transaction(event, kind, row["at"], row["on"], target_site_id=self._site(row["facility"]))
            carried |= {"on", "at", "facility"}
        elif row["kind"] == "aggregation":
            carried -= {"kind"}
        self._lose("chain_events", row, carried)
        return None

    def _line(self, event: str, process: str, source: str, used: int, into: str, made: int) -> None:
        lots = [text_of("lot", lot) for lot in (source, into)]
        name = text_of("line", json.dumps([event, *lots]))
        self._add("lot_lineage", "lineage_id", name, [event, *lots], {
            "event_id": uuid_of(event), "input_lot_id": uuid_of(lots[0]), "output_lot_id": uuid_of(lots[1]),
            "input_qty": Number(kilograms(used)), "output_qty": Number(kilograms(made)),
            "transformation_type": process,
        }, unit="kg")  # fmt: skip

    def _moved(self, row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> str | None:
        """A harvest or a transfer: a transaction for each lot that takes part."""
        harvest = row["kind"] == "harvest"
        if _when(row["at"], row["on"]) is None:
            return _NO_DAY
        role = "output" if harvest else "input"
        if not parts or any(
            part["role"] != role or part["lot"] is None or (part["plot"] is None) == harvest for part in parts
        ):
            return _PARTLY
        if any(part["mass_g"] == 0 for part in parts):
            return _NO_MASS
        if len({(part["lot"], part["plot"]) for part in parts}) < len(parts):
            return _PARTLY
        carried = {"event", "kind", "on", "at"} | (set[str]() if harvest else {"holder", "facility"})
        for part in parts:
            name = text_of("part", json.dumps([row["event"], part["lot"], part["plot"]]))
            ends: dict[str, Any] = (
                {"source_site_id": self._plot(part["plot"])}
                if harvest
                else {"target_enterprise_id": self._party(row["holder"]),
                      "target_site_id": self._site(row["facility"])}
            )  # fmt: skip
            self._transaction(name, row["kind"], row["at"], row["on"], part["lot"], part["mass_g"],
                              event=row["event"], **ends)  # fmt: skip
        self._lose("chain_events", row, carried | ({"known_by"} if row["known_by"] == "declared" else set[str]()))
        return None

    def _delivery(self, row: Mapping[str, Any]) -> None:
        name, source, plot = (row[each] for each in ("delivery", "input_lot", "plot"))
        dated, event = row["received_on"] is not None, text_of("delivery", name)
        carried = {"delivery", "lot", "input_lot", "plot", "mass_g"}
        why = None
        if (source is not None and not row["mass_g"]) or row["mass_g"] == 0:
            why = _NO_MASS
        elif (source is not None and plot is not None) or self._delivered.count(name) > 1:
            why = _PARTLY
        elif source is None and not dated:
            why = _NO_DAY
        if why is not None:
            self._lose("deliveries", row, (), why)
            return
        if source is not None:
            self._line(event, "merge", source, row["mass_g"], row["lot"], row["mass_g"])
        if dated:
            self._transaction(
                event, "harvest" if plot is not None else "receive", None, row["received_on"],
                row["lot"], row["mass_g"],
                source_enterprise_id=self._party(row["sender"]), target_enterprise_id=self._party(row["receiver"]),
                source_site_id=None if plot is None else self._plot(plot),
                target_site_id=self._site(row["facility"]),
            )  # fmt: skip
            carried |= {"received_on", "facility", "sender", "receiver"}
        self._lose("deliveries", row, carried)

    def _transaction(
        self, name: str, kind: str, at: datetime | None, on: date | None, lot: str | None = None,
        mass: int | None = None, event: str | None = None, **ends: str | None,
    ) -> None:  # fmt: skip
        goods: dict[str, Any] = {} if lot is None else {"lot_id": uuid_of(text_of("lot", lot))}
        if mass is not None:
            goods |= {"quantity": Number(kilograms(mass)), "unit": "kg"}
        ours = ({} if at is not None else {"moment": "not known"}) | ({} if event is None else {"event": event})
        names = [name, *([] if lot is None else [text_of("lot", lot)])]
        said = {key: value for key, value in ends.items() if value is not None}
        members = {"type": kind, "timestamp": _when(at, on), **said, **goods}
        self._add("transaction", "transaction_id", name, names, members, **ours)

    def _lots(self) -> None:
        by_lot: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows["lots"]:
            by_lot.setdefault(row["lot"], []).append(row)
        for lot, rows in by_lot.items():
            row = max(rows, key=lambda each: each["mass_g"] or 0)
            for other in rows:
                if other is not row:
                    self._lose("lots", other, (), _SEVERAL)
            if not row["mass_g"]:
                self._lose("lots", row, (), _NO_MASS)
                continue
            origin = self._origin(lot, row["mass_g"])
            carried = {"lot", "mass_g", "commodity"} | ({"holder"} if row["holder"] is not None else set[str]())
            if origin is None:
                self._lost.append(loss_of("lots", row, "origin_site_id", _ORIGIN))
            if row["holder"] is None:
                self._lost.append(loss_of("lots", row, "owner_enterprise_id", _OWNER))
            harvested = {"harvest_date": row["made_on"].isoformat()} if row["made_on"] and origin else {}
            if harvested:
                carried.add("made_on")
            beside = {} if row["commodity"] is None else {"commodity": row["commodity"]}
            self._add("lot", "lot_id", text_of("lot", lot), [text_of("lot", lot)], {
                "product_type": "other", "quantity": Number(kilograms(row["mass_g"])), "unit": "kg",
                "origin_site_id": self._nowhere() if origin is None else self._plot(origin),
                "owner_enterprise_id": self._party(row["holder"]) or self._nobody(),
                "batch_number": lot if len(lot) <= 100 else None, **harvested,
            }, **beside)  # fmt: skip
            self._lose("lots", row, carried)

    def _origin(self, lot: str, mass: int) -> str | None:
        """The plot that all of a lot comes from; none where it is more than one, or not known of a part."""
        into = self._into.get(lot, [])
        plots = {each["plot"] for each in into if each.get("input_lot") is None}
        whole = all(each["mass_g"] for each in into) and sum(each["mass_g"] or 0 for each in into) >= mass
        return (
            plots.pop() if len(plots) == 1 and whole and not any(each.get("input_lot") for each in into) else None
        )

    def _facility(self, row: Mapping[str, Any]) -> None:
        name = text_of("facility", row["facility"])
        if uuid_of(name) in self._found["site"]:
            self._lose("facilities", row, ())
            return
        shown = row["name"] or row["facility"]
        members = {"name": shown[:100], "type": "processing_facility"}
        country = {} if row["country"] is None else {"country": row["country"]}
        self._add("site", "site_id", name, [name], members | country)
        kept = {"facility", "country", *(["name"] if shown == row["name"] and len(shown) <= 100 else [])}
        self._lose("facilities", row, kept)

    def _site(self, facility: str | None) -> str | None:
        return None if facility is None else self._stub("facility", facility, "site", "processing_facility")

    def _plot(self, plot: str) -> str:
        return self._stub("plot", plot, "site", "plot")

    def _party(self, party: str | None) -> str | None:
        if party is None:
            return None
        if ("party", party) not in self._stubs:
            self._lost.append(loss_of("parties", {"party": party}, "enterprise_type", _PARTY))
        return self._stub("party", party, "enterprise", "trader")

    def _stub(self, of: str, name: str, kind: str, word: str) -> str:
        """An entity of which the chain tells no more than that it is."""
        called = text_of(of, name)
        self._stubs.add((of, name))
        members = {"name": name[:100], "type": word} if kind == "site" else {
            "legal_name": name[:200], "enterprise_type": word,
        }  # fmt: skip
        if uuid_of(called) not in self._found[kind]:
            self._add(kind, f"{kind}_id", called, [called], members, stub=True)
        return uuid_of(called)

    def _nowhere(self) -> str:
        members = {"name": "No single site of origin: see lot_lineage", "type": "office"}
        self._add("site", "site_id", NO_ORIGIN, [NO_ORIGIN], members, stub=True)
        return uuid_of(NO_ORIGIN)

    def _nobody(self) -> str:
        members = {"legal_name": "Owner not known", "enterprise_type": "trader"}
        self._add("enterprise", "enterprise_id", NO_OWNER, [NO_OWNER], members, stub=True)
        return uuid_of(NO_OWNER)

    def _add(
        self, kind: str, field: str, name: str, names: Sequence[str], members: Mapping[str, Any], **ours: Any
    ) -> None:
        self._found[kind][uuid_of(name)] = {
            field: uuid_of(name), **members, "metadata": {"landproof": {"names": list(names), **ours}},
            "created_by_system": "landproof", "created_at": self._recorded,
        }  # fmt: skip

    def _lose(self, table: str, row: Mapping[str, Any], carried: Iterable[str], why: str = _NO_FIELD) -> None:
        self._lost += [loss_of(table, row, name, why) for name in written(table, row) if name not in set(carried)]


def write(tables: Mapping[str, pl.DataFrame]) -> Written:
    """One document of the tables of a chain (`CHAIN`), the same for the same rows in any order."""
    return _Writer(tables).write()


def _when(at: datetime | None, on: date | None) -> str | None:
    """The moment in UTC, or midnight UTC of the day."""
    if at is None and on is None:
        return None
    moment = at.astimezone(UTC) if at is not None else datetime.combine(on or date.min, time(), UTC)
    return moment.isoformat().replace("+00:00", "Z")
