"""A chain as one traceability credential of UNTP 0.6, unsigned: whoever issues it puts in the issuer and signs.

Each event carries its rows under a field of landproof, as its EPCIS document does; what is no event stands beside
them. UNTP cannot declare an event wrong: such a one is no event of the credential, as others would count it.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.exchange.epcis_write import NO_FIELD, Writer
from landproof.exchange.json_text import written_json
from landproof.exchange.losses import Written, loss_of, losses, rows_of
from landproof.exchange.own import id_of, uri_of, written
from landproof.exchange.untp_events import ROWS, of_epcis

_CONTEXT: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://test.uncefact.org/vocabulary/untp/dte/working/",
)
_ISSUER: Final = {
    "type": ["CredentialIssuer"], "id": "urn:x-landproof:issuer:not-stated",
    "name": "Not stated: nobody has signed this credential",
}  # fmt: skip
_NOT_IN_UNTP: Final = text("UNTP has no field for it: only landproof reads it from this credential.")
_WRONG: Final = text("UNTP cannot declare an event wrong: only landproof reads it from this credential.")


def write(tables: Mapping[str, pl.DataFrame]) -> Written:
    """One credential of the tables of a chain (`CHAIN`), the same for the same rows in any order."""
    kept, hidden = _without_wrong(tables)
    writer = Writer(kept)
    writer.collect()
    lost = [{**each, "why": _NOT_IN_UNTP} if each["why"] == NO_FIELD else each for each in writer.lost]
    for table, row in hidden:
        lost += [loss_of(table, row, name, _WRONG) for name in written(table, row)]
    commodities = {row["lot"]: row["commodity"] for row in rows_of(kept["lots"], "lots")} if "lots" in kept else {}
    names = {uri_of("lot", lot): word for lot, word in commodities.items() if word is not None}
    events = [of_epcis(event, names) for event in writer.events]
    for event in writer.events:
        lost += _lost_of(event)
    beside = [{"table": table, **written(table, row)} for table, row in (*writer.undated, *hidden)]
    subject: dict[str, Any] = {"credentialSubject": events} | ({ROWS: beside} if beside else {})
    content = {
        "type": ["DigitalTraceabilityEvent", "VerifiableCredential"],
        "@context": list(_CONTEXT),
        # No clock and no chance: the same chain gives the same credential.
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, written_json(subject))}",
        "issuer": _ISSUER,
        **subject,
    }
    return Written({"traceability-events.json": written_json(content).encode()}, losses(lost))


def _without_wrong(
    tables: Mapping[str, pl.DataFrame],
) -> tuple[dict[str, pl.DataFrame], list[tuple[str, dict[str, Any]]]]:
    """The tables without events that are declared wrong and their declarations, and those rows."""
    events = tables.get("chain_events", FACTS["chain_events"].empty())
    wrong = events.filter(pl.col("kind") == "error declaration")
    names = {*wrong["event"], *wrong["voids"].drop_nulls()}
    kept, hidden = dict(tables), list[tuple[str, dict[str, Any]]]()
    for table in ("chain_events", "event_lots"):
        rows = tables.get(table, FACTS[table].empty())
        taken = pl.col("event").is_in(list(names))
        kept[table] = rows.filter(~taken)
        hidden += [(table, row) for row in rows_of(rows.filter(taken), table)]
    return kept, hidden


def _lost_of(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the event as EPCIS has it says, and UNTP does not."""
    found: list[dict[str, Any]] = []
    for row in event["landproof:rows"]:
        cells = {name.removeprefix("landproof:"): value for name, value in row.items()}
        table = cells.pop("table")
        gone = ["holder", "sender", "receiver"]
        gone += ["facility"] if "bizLocation" in event and "readPoint" in event else []
        if table != "event_lots":
            found += [loss_of(table, cells, name, _NOT_IN_UNTP) for name in gone if name in cells]
    for entry in event.get("gs1:masterDataAvailableFor", ()):
        told = [column for name, column in _MASTER.items() if name in entry]
        found += [loss_of("lots", {"lot": id_of(entry["id"])}, column, _NOT_IN_UNTP) for column in told]
    return found


_MASTER: Final = {"countryOfOrigin": "country", "harvestDate": "made_on"}
