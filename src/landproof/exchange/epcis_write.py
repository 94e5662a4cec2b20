"""A chain as an EPCIS 2.0 document in JSON-LD: events for others, and rows of landproof for its way back.

Each event says in fields of EPCIS what they can hold, and carries its rows under ``landproof:rows``. What has no
moment can be no event: it stands in the master data, in a vocabulary of landproof for each table.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.exchange.epcis_json import event_of, prefixes_of
from landproof.exchange.event_hash import event_hash
from landproof.exchange.json_text import Number, written_json
from landproof.exchange.losses import Written, loss_of, losses, rows_of
from landproof.exchange.mass import kilograms
from landproof.exchange.own import NAMESPACE, TABLE, is_uri, uri_of, written
from landproof.exchange.own_rows import CHAIN
from landproof.exchange.vocabulary import BUSINESS_STEPS

_CONTEXT: Final = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"landproof": NAMESPACE}]
_OFFSETS: Final = tuple(sorted((timedelta(minutes=15 * each) for each in range(-56, 57)), key=abs))
_STEPS: Final = ("harvest", "transformation", "aggregation")
_NO_EVENTS: Final = "1970-01-01T00:00:00Z"  # a document without events was made at no moment of the chain

NO_FIELD: Final = text("EPCIS has no field for it: only landproof reads it from this document.")
_UNDATED: Final = text("Without a day it can be no event: only landproof reads it from this document.")
_MIDNIGHT: Final = text("The moment is not known: midnight UTC of the day stands in its place.")
_NO_LOT: Final = text("An input that is no lot has no place in an event: only landproof reads it.")
_TOGETHER: Final = text("A lot that stands in several rows stands once in the event, with the mass of all.")


class Writer:
    """Makes events of the tables of a chain; ``undated`` rows can be none."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._rows = {name: rows_of(tables.get(name, FACTS[name].empty()), name) for name in CHAIN}
        self._lots = {uri_of("lot", row["lot"]): row for row in self._rows["lots"]}
        self._of_event: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows["event_lots"]:
            self._of_event.setdefault(row["event"], []).append(row)
        self._origins: set[str] = set()  # lots whose country and day stand in an event
        self.lost: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.undated: list[tuple[str, dict[str, Any]]] = []

    def write(self) -> Written:
        """The document, and what it does not carry."""
        self.collect()
        return Written({"chain.jsonld": written_json(self._document()).encode()}, losses(self.lost))

    def collect(self) -> None:
        """Every row as an event or as `undated`."""
        by_id: dict[str, dict[str, Any]] = {}
        declarations: list[dict[str, Any]] = []
        for row in self._rows["chain_events"]:
            if row["on"] is None and row["at"] is None:
                self._without_day("chain_events", row, self._of_event.pop(row["event"], []))
            elif row["kind"] == "error declaration":
                declarations.append(row)
            else:
                parts = self._of_event.pop(row["event"], [])
                body = self._event(row, parts)
                by_id[row["event"]] = self._add(body, row["event"], [("chain_events", row), *_named(parts)])
        for row in declarations:
            self._declaration(row, by_id.get(row["voids"]))
        for rows in self._of_event.values():  # of events that nobody described
            for row in rows:
                self._without_day("event_lots", row, [])
        for row in self._rows["deliveries"]:
            if row["received_on"] is None:
                self._without_day("deliveries", row, [])
            else:
                self._add(self._delivery(row), None, [("deliveries", row)])
        for table in ("lots", "facilities", "vessels"):
            for row in self._rows[table]:
                self.undated.append((table, row))
                carried = ("lot", "country", "made_on") if row.get("lot") in self._origins else ("lot",)
                self._lose(table, row, carried if table == "lots" else ())

    def _document(self) -> dict[str, Any]:
        vocabularies: dict[str, list[dict[str, Any]]] = {}
        for table, row in self.undated:
            cells = [
                {"id": f"landproof:{name}", "attribute": value} for name, value in written(table, row).items()
            ]
            name = uri_of("row", json.dumps([row[key] for key in FACTS[table].key], default=str))
            vocabularies.setdefault(table, []).append({"id": name, "attributes": cells})
        header = [{"type": TABLE + table, "vocabularyElementList": rows} for table, rows in vocabularies.items()]
        return {
            "@context": _CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            # No clock: the same chain gives the same document.
            "creationDate": max((event["eventTime"] for event in self.events), default=_NO_EVENTS),
            **({"epcisHeader": {"epcisMasterData": {"vocabularyList": header}}} if header else {}),
            "epcisBody": {"eventList": self.events},
        }

    def _event(self, row: Mapping[str, Any], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The fields of EPCIS for an event and what took part in it."""
        kind, carried = row["kind"], {"event"} if is_uri(row["event"]) else set[str]()
        body, implied = self._what(kind, parts)
        body |= _when(row["at"], row["on"]) | self._places(row, parts)
        carried |= {"on", "at", "facility"} | ({"kind"} if implied else set())
        if kind == "transfer" and row["holder"] is not None:
            owner = {"type": "owning_party", "destination": uri_of("party", row["holder"])}
            body["destinationList"] = [owner]
            carried.add("holder")
        if row["process"] in BUSINESS_STEPS:
            body["bizStep"] = row["process"]
            carried.add("process")
        self._lose("chain_events", row, carried)
        if row["at"] is None:
            self.lost.append(loss_of("chain_events", row, "at", _MIDNIGHT))
        self._lose_parts(kind, body, parts)
        return body

    def _what(self, kind: str, parts: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
        """The type of an event and its goods; whether its kind is to be seen from them."""
        inputs, outputs = (_goods(part for part in parts if part["role"] == role) for role in ("input", "output"))
        if kind == "harvest":
            return {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": outputs,
                    **self._origin(outputs)}, True  # fmt: skip
        if kind == "aggregation" and len(outputs) == 1 and inputs:
            return {"type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
                    "parentID": outputs[0]["epcClass"], "childQuantityList": inputs}, True  # fmt: skip
        if kind in ("transformation", "aggregation") and (inputs or outputs):
            return {"type": "TransformationEvent", "bizStep": "commissioning", "inputQuantityList": inputs,
                    "outputQuantityList": outputs, **self._origin(outputs)}, kind == "transformation"  # fmt: skip
        step = {"transfer": "shipping", "into vessel": "storing"}.get(kind)
        return {"type": "ObjectEvent", "action": "OBSERVE", **({"bizStep": step} if step else {}),
                "quantityList": _goods(parts)}, kind == "transfer"  # fmt: skip

    def _origin(self, outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Country and day of the lots that were made, as GS1's EUDR messages give them."""
        entries: list[dict[str, Any]] = []
        for element in outputs:
            lot = self._lots.get(element["epcClass"], {})
            entry: dict[str, Any] = {}
            if lot.get("country") is not None:
                entry["countryOfOrigin"] = {"countryCode": lot["country"]}
            if lot.get("made_on") is not None:
                entry["harvestDate"] = lot["made_on"].isoformat()
            if entry:
                self._origins.add(lot["lot"])
                entries.append({"id": element["epcClass"], **entry})
        return {"gs1:masterDataAvailableFor": entries} if entries else {}

    def _places(self, row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if row["facility"] is not None:
            found["readPoint"] = {"id": uri_of("facility", row["facility"])}
        plots = {part["plot"] for part in parts}
        if len(plots) == 1 and None not in plots:
            found["bizLocation"] = {"id": uri_of("plot", cast(str, plots.pop()))}
        return found

    def _delivery(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Goods that went into a lot: made of another, grown on a plot, or received from nobody knows where."""
        source, into = row["input_lot"], row["lot"]
        if source is not None:
            body = {"type": "TransformationEvent", "bizStep": "commissioning",
                    "inputQuantityList": _goods([{"lot": source, "mass_g": row["mass_g"]}]),
                    "outputQuantityList": _goods([{"lot": into, "mass_g": None}])}  # fmt: skip
        else:
            grown = row["plot"] is not None
            body = {"type": "ObjectEvent", "action": "ADD" if grown else "OBSERVE",
                    "bizStep": "commissioning" if grown else "receiving",
                    "quantityList": _goods([row])}  # fmt: skip
        body |= _when(None, row["received_on"]) | self._places(row, [row])
        carried = {"lot", "input_lot", "plot", "mass_g", "received_on", "facility"}
        for side, end in (("sender", "source"), ("receiver", "destination")):
            if row[side] is not None:
                body[f"{end}List"] = [{"type": "owning_party", end: uri_of("party", row[side])}]
                carried.add(side)
        self._lose("deliveries", row, carried)
        return body

    def _declaration(self, row: Mapping[str, Any], voided: Mapping[str, Any] | None) -> None:
        """EPCIS repeats the event that was wrong, with the declaration beside it."""
        declared = {"declarationTime": _when(row["at"], row["on"])["eventTime"]}
        carried = {"kind", "on", "at", *(("voids",) if voided is not None else ())}
        if voided is None:
            voided = {
                "type": "ObjectEvent",
                "action": "OBSERVE",
                "quantityList": [],
                **_when(row["at"], row["on"]),
            }
            if row["voids"] is not None and is_uri(row["voids"]):
                voided["eventID"] = row["voids"]
                carried.add("voids")
        parts = self._of_event.pop(row["event"], [])
        body = {name: value for name, value in voided.items() if name != "landproof:rows"}
        name = body.pop("eventID", None)
        self._add({**body, "errorDeclaration": declared}, name, [("chain_events", row), *_named(parts)])
        self._lose("chain_events", row, carried)

    def _add(
        self, body: dict[str, Any], name: str | None, rows: Iterable[tuple[str, Mapping[str, Any]]]
    ) -> dict[str, Any]:
        """The event with its rows, under its own id where that is a URI, or else under its hash."""
        body["landproof:rows"] = [
            {f"landproof:{key}": value for key, value in {"table": table, **written(table, row)}.items()}
            for table, row in rows
        ]
        usable = name is not None and (is_uri(name) or name.startswith("ni:"))
        hashed = name if usable else event_hash(event_of(body, prefixes_of(_CONTEXT)))
        event = {"eventID": hashed, **body}
        self.events.append(event)
        return event

    def _without_day(self, table: str, row: dict[str, Any], parts: Iterable[dict[str, Any]]) -> None:
        for name, each in ((table, row), *_named(parts)):
            self.undated.append((name, each))
            self._lose(name, each, (), _UNDATED)

    def _lose_parts(self, kind: str, body: Mapping[str, Any], parts: Sequence[dict[str, Any]]) -> None:
        lots = [part["lot"] for part in parts]
        for part in parts:
            seen = kind in (*_STEPS, *(["transfer"] if part["role"] == "input" else []))
            if part["lot"] is None or (kind == "harvest" and part["role"] == "input"):
                self._lose("event_lots", part, ("event",), _NO_LOT)
                continue
            carried = {"event", "lot", *(["role"] if seen else []), *(["plot"] if "bizLocation" in body else [])}
            if uri_of("lot", part["lot"]) != body.get("parentID"):
                carried.add("mass_g")
            self._lose("event_lots", part, carried)
            if lots.count(part["lot"]) > 1:
                self.lost.append(loss_of("event_lots", part, "mass_g", _TOGETHER))

    def _lose(self, table: str, row: Mapping[str, Any], carried: Iterable[str], why: str = NO_FIELD) -> None:
        self.lost += [loss_of(table, row, name, why) for name in written(table, row) if name not in set(carried)]


def write(tables: Mapping[str, pl.DataFrame]) -> Written:
    """One document of the tables of a chain (`CHAIN`), the same for the same rows in any order."""
    return Writer(tables).write()


def _named(parts: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [("event_lots", part) for part in parts]


def _goods(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One quantity for each lot; without a number where a part of it is not weighed."""
    masses: dict[str, list[int | None]] = {}
    for part in parts:
        if part["lot"] is not None:
            masses.setdefault(part["lot"], []).append(part["mass_g"])
    found: list[dict[str, Any]] = []
    for lot, listed in masses.items():
        mass = None if None in listed else sum(each or 0 for each in listed)
        weight = {} if mass is None else {"quantity": Number(kilograms(mass)), "uom": "KGM"}
        found.append({"epcClass": uri_of("lot", lot), **weight})
    return found


def _when(at: datetime | None, on: date | None) -> dict[str, Any]:
    """The moment, and the offset nearest to UTC at which it falls on the day."""
    moment = at if at is not None else datetime.combine(cast(date, on), time(), UTC)
    moment = moment.astimezone(UTC)
    offset = next((each for each in _OFFSETS if on is None or (moment + each).date() == on), timedelta())
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return {
        "eventTime": moment.isoformat(timespec="microseconds" if moment.microsecond % 1000 else "milliseconds")
        .replace("+00:00", "Z"),
        "eventTimeZoneOffset": f"{sign}{minutes // 60:02d}:{minutes % 60:02d}",
    }  # fmt: skip
