"""Why an event or another part of a document is refused, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from landproof.domain.messages import text


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, and how to mend it."""

    reason: str
    remedy: str


_AGAIN: Final = text("Correct the event where it was made, and export the document again.")
_SCHEMA: Final = text("See the schema of the entity, correct it where it was made, and export it again.")

REASONS: Final[Mapping[str, Reason]] = {
    "no-object": Reason(text("This is no event: %(value)s."), _AGAIN),
    "type": Reason(
        text("%(value)s is no type of event in EPCIS 2.0."),
        text(
            "Types are ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent and AssociationEvent."
        ),
    ),
    "missing": Reason(text("The event has no %(field)s."), _AGAIN),
    "time": Reason(
        text("%(field)s is %(value)s, which is no moment with an offset."),
        text("Write it as in ISO 8601, such as 2026-07-22T06:45:00+02:00."),
    ),
    "offset": Reason(
        text("%(field)s is %(value)s, which is no offset from UTC."), text("Write it as +02:00 or -05:30.")
    ),
    "action": Reason(text("%(field)s is %(value)s."), text("An action is ADD, OBSERVE or DELETE.")),
    "step": Reason(
        text("%(field)s is %(value)s, which is no business step of the vocabulary (CBV 2.0)."),
        text("Take the standard word, or write a step of your own as a URI in your own namespace."),
    ),
    "disposition": Reason(
        text("%(field)s is %(value)s, which is no disposition of the vocabulary (CBV 2.0)."),
        text("Take the standard word, or write a disposition of your own as a URI in your own namespace."),
    ),
    "unknown-field": Reason(
        text("%(field)s is no field of this type of event."),
        text("Check its spelling; a field of your own needs the prefix of a namespace."),
    ),
    "shape": Reason(text("%(field)s is not what it should be: %(value)s."), _AGAIN),
    "quantity": Reason(
        text("%(value)s is no quantity."), text("Write digits with a decimal point, zero or more, such as 1250.5.")
    ),
    "too-heavy": Reason(text("%(value)s is too large to be right."), text("Check the quantity and its unit.")),
    "same-id": Reason(
        text("The id %(value)s stands with two different events of this document."),
        text("Give every event an id of its own. An error is corrected by an error declaration."),
    ),
    "known-id": Reason(
        text("The event %(value)s is on file from a document of the same name, and says something else."),
        text("Import the document with --again if it takes the place of the earlier one."),
    ),
    "own-row": Reason(
        text("%(field)s holds a row of landproof that cannot be read: %(value)s."),
        text("Export the case again with the same version of landproof."),
    ),
    "own-mass": Reason(
        text("The quantities of the event and its row of landproof differ for %(value)s."),
        text("The document was changed after it was exported. Correct both, or leave out the row."),
    ),
    "place": Reason(
        text("%(field)s is no outline that can be read."),
        text("Write longitude and latitude of each corner, as in 13.40,52.51 13.41,52.51, and repeat the first."),
    ),
    "no-reference": Reason(
        text("The notification has no reference number of a statement."),
        text("Ask the sender for the reference number and the verification number."),
    ),
    "entity": Reason(
        text("This is none of the entities of DIASCA: %(value)s."),
        text("Each needs an id of its own kind, such as lot_id or site_id."),
    ),
    "entity-missing": Reason(text("%(field)s is missing."), _SCHEMA),
    "entity-field": Reason(text("%(field)s is no field of this entity."), _SCHEMA),
    "entity-value": Reason(text("%(field)s is %(value)s, which its schema does not allow."), _SCHEMA),
    "entity-twice": Reason(
        text("The id %(value)s stands with two different entities of this document."),
        text("Give every entity an id of its own, or leave out the one that is wrong."),
    ),
    "lineage-differs": Reason(
        text("Lot %(value)s stands in rows of one event with different quantities (%(field)s)."),
        text("Repeat the whole quantity of the lot in each of its rows, or give each step an event of its own."),
    ),
    "lineage-partner": Reason(
        text("Another row of the event %(value)s was refused, and without it nobody knows what went in."),
        text("Correct the other row, and import the document again."),
    ),
    "mill-id": Reason(text("The mill has no %(field)s."), text("Take the row from the published list.")),
    "mill-cells": Reason(
        text("The row has %(value)s cells, which is another number than there are columns."),
        text("Put names that contain the separator into quotation marks."),
    ),
    "mill-twice": Reason(
        text("%(field)s %(value)s stands with two different mills."),
        text("Take the rows from the published list, or leave out the one that is wrong."),
    ),
    "untp-type": Reason(
        text("This is no credential of UNTP 0.6 that can be read; its types are: %(value)s."),
        text(
            "Ask the sender for a traceability event, product passport, facility record, conformity credential or "
            "identity anchor of UNTP 0.6."
        ),
    ),
    "untp-version": Reason(
        text("The credential is made for UNTP %(value)s."), text("Ask the sender for one of UNTP 0.6.")
    ),
    "untp-envelope": Reason(
        text("The envelope cannot be opened: its %(field)s holds no credential as a JWT."),
        text("Ask the sender for the credential itself, or as a data URL of the type application/vc+jwt."),
    ),
    "untp-missing": Reason(text("The credential has no %(field)s."), text("Ask the sender for a whole one.")),
    "untp-day": Reason(
        text("%(field)s is %(value)s, which is no day."), text("Ask the sender to correct the credential.")
    ),
}
