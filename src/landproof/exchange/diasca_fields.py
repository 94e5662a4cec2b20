"""The nine entities of DIASCA's semantic core, version 2, and what may stand in their fields (its JSON Schemas).

Persons are not looked into: what is wrong with one would be personal data in a list.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from landproof.exchange.found import Fault
from landproof.exchange.json_text import Number
from landproof.exchange.mass import amount

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field may hold; ``kind`` is uuid, text, date, moment, number, object or flag."""

    kind: str
    required: bool = False
    null: bool = False
    words: tuple[str, ...] = ()
    longest: int | None = None
    pattern: str | None = None
    above: int | None = None  # exclusive
    least: int | None = None
    most: int | None = None


def _need(kind: str, **limits: Any) -> Rule:
    return Rule(kind, required=True, **limits)


def _may(kind: str, **limits: Any) -> Rule:
    return Rule(kind, null=True, **limits)


def _word(words: str, *, required: bool = False) -> Rule:
    return Rule("text", required=required, words=tuple(words.split()))


_RECORD: Final[Mapping[str, Rule]] = {
    "metadata": _may("object"), "created_by_system": _need("text"), "created_by_actor": _may("text"),
    "source_system": _may("text"), "created_at": _need("moment"),
}  # fmt: skip
_UPDATED: Final = {"updated_at": _may("moment")}
_AUTHORITIES: Final = ("self_reported", "cooperative_registry", "government_registry", "third_party_auditor",
                       "external_provider")  # fmt: skip
# The list of authorities leaves out null where the type allows it: null is refused there, as the schema says.
_AUTHORITY: Final = {"authority_type": Rule("text", words=_AUTHORITIES)}
_FREE_AUTHORITY: Final = {"authority_type": _may("text")}
_STATES: Final = "active inactive pending_verification archived"

FIELDS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "lot_lineage": {
        "lineage_id": _need("uuid"), "event_id": _need("uuid"), "input_lot_id": _need("uuid"),
        "output_lot_id": _need("uuid"), "input_qty": _need("number", above=0),
        "output_qty": _need("number", above=0),
        "transformation_type": _word("split merge process blend package grade", required=True),
        "conversion_factor": _may("number"), **_RECORD,
    },
    "evidence": {
        "evidence_id": _need("uuid"), "claim_id": _need("uuid"),
        "type": _word("document image satellite audit_report lab_result sensor_data gps_trace survey "
                      "self_declaration blockchain", required=True),
        "source_name": _need("text", longest=200), "source_provider": _may("text", longest=200),
        "description": _may("text"), "url": _may("text"), "file_hash": _may("text", pattern="^[a-fA-F0-9]{64}$"),
        "confidence_score": _may("number", least=0, most=1), "observation_date": _may("date"),
        "submission_date": _may("date"), "observation_data": _may("object"), **_RECORD, **_FREE_AUTHORITY,
        **_UPDATED,
    },
    "claim": {
        "claim_id": _need("uuid"),
        "type": _word("certification quality compliance deforestation_free risk sustainability survey_response "
                      "indicator observation", required=True),
        "subject_type": _word("person enterprise site lot transaction claim", required=True),
        "subject_id": _need("uuid"), "key": _need("text", longest=100), "value": _may("text"),
        "value_type": _word("string number boolean date json"), "unit": _may("text", longest=50),
        "category": _may("text", longest=100), "status": _word("pending verified disputed expired revoked"),
        "confidence_score": _may("number", least=0, most=1), "claim_date": _may("date"),
        "valid_from": _may("date"),
        "valid_until": _may("date"), "source": _may("text", longest=200), "source_type": _may("text", longest=50),
        "methodology": _may("text"), **_RECORD, **_AUTHORITY, **_UPDATED,
    },
    "relationship": {
        "relationship_id": _need("uuid"),
        "type": _word("employs owns manages member_of supplies certifies audits", required=True),
        "source_person_id": _may("uuid"), "source_enterprise_id": _may("uuid"), "target_person_id": _may("uuid"),
        "target_enterprise_id": _may("uuid"), "site_id": _may("uuid"), "role": _may("text", longest=50),
        "start_date": _may("date"), "end_date": _may("date"), "status": _word("active inactive archived"),
        **_RECORD, **_FREE_AUTHORITY, **_UPDATED,
    },
    "transaction": {
        "transaction_id": _need("uuid"),
        "type": _word("harvest receive aggregate process store transfer transport sale inspection certification "
                      "export_tx import_tx", required=True),
        "description": _may("text", longest=200), "timestamp": _need("moment"),
        "source_enterprise_id": _may("uuid"),
        "target_enterprise_id": _may("uuid"), "source_site_id": _may("uuid"), "target_site_id": _may("uuid"),
        "lot_id": _may("uuid"), "product_name": _may("text", longest=100),
        "product_sku": _may("text", longest=100),
        "product_gtin": _may("text", pattern="^[0-9]{8,14}$"), "product_category": _may("text", longest=100),
        "quantity": _may("number", above=0), "unit": _may("text", longest=50), "production_date": _may("date"),
        "expiry_date": _may("date"), "sales_order_ref": _may("text", longest=50),
        "purchase_order_ref": _may("text", longest=50), "status": _word("completed in_transit cancelled pending"),
        **_RECORD, **_FREE_AUTHORITY, **_UPDATED,
    },
    "lot": {
        "lot_id": _need("uuid"),
        "product_type": _word("raw_cherry parchment green_coffee roasted_coffee cocoa_fresh cocoa_dried "
                              "cocoa_processed other", required=True),
        "origin_site_id": _need("uuid"), "harvest_date": _may("date"), "harvest_date_end": _may("date"),
        "quantity": _need("number", above=0), "unit": _word("kg mt bags liters", required=True),
        "owner_enterprise_id": _need("uuid"), "batch_number": _may("text", longest=100),
        "disposition": _may("text", longest=50),
        "status": _word("active consumed split merged quarantined archived"),
        **_RECORD, **_FREE_AUTHORITY, **_UPDATED,
    },
    "site": {
        "site_id": _need("uuid"), "name": _need("text", longest=100),
        "type": _word("plot farm factory warehouse processing_facility distribution_center office port",
                      required=True),
        "parent_id": _may("uuid"), "owner_person_id": _may("uuid"), "owner_enterprise_id": _may("uuid"),
        "address": _may("text"), "latitude": _may("number", least=-90, most=90),
        "longitude": _may("number", least=-180, most=180), "altitude": _may("number"), "geometry": _may("object"),
        "size": _may("number", least=0), "size_unit": Rule("text"), "country": _may("text", pattern="^[A-Z]{2}$"),
        "region": _may("text", longest=100), "is_headquarters": Rule("flag"), "status": _word(_STATES),
        **_RECORD, **_AUTHORITY, **_UPDATED,
    },
    "enterprise": {
        "enterprise_id": _need("uuid"), "legal_name": _need("text", longest=200),
        "enterprise_type": _word("cooperative processor trader exporter importer retailer certifier government "
                                 "ngo", required=True),
        "registration_id": _may("text", longest=100), "legal_address": _may("text"),
        "tax_id": _may("text", longest=100), "gln": _may("text", pattern="^[0-9]{13}$"),
        "parent_enterprise_id": _may("uuid"), "status": _word(_STATES), **_RECORD, **_AUTHORITY, **_UPDATED,
    },
}  # fmt: skip
# What each is called by; the first that an entity has tells what it is, as a transaction names a lot, too.
OWN_IDS: Final[Mapping[str, str]] = {
    "lineage_id": "lot_lineage", "evidence_id": "evidence", "claim_id": "claim", "relationship_id": "relationship",
    "transaction_id": "transaction", "lot_id": "lot", "site_id": "site", "enterprise_id": "enterprise",
    "person_id": "person",
}  # fmt: skip


def kind_of(members: Mapping[str, Any]) -> str | None:
    """Which of the nine an object is, by the ids that it has."""
    return next((kind for name, kind in OWN_IDS.items() if name in members), None)


def faults_of(kind: str, members: Mapping[str, Any]) -> list[Fault]:
    """All that is wrong with an entity by its schema; nothing for a good one, and for a person."""
    rules = FIELDS.get(kind)
    if rules is None:
        return []
    found = [Fault("entity-field", name) for name in members if name not in rules]
    for name, rule in rules.items():
        value = members.get(name)
        if name not in members:
            found += [Fault("entity-missing", name)] if rule.required else []
        elif value is None:
            found += [] if rule.null else [Fault("entity-value", name, "null")]
        elif not _fits(value, rule):
            # Where a place is wrong its value is not repeated: coordinates stay out of lists.
            hidden = name in ("geometry", "latitude", "longitude")
            found.append(Fault("entity-value", name, "…" if hidden else str(value)[:80]))
    return found


def _fits(value: Any, rule: Rule) -> bool:
    if rule.kind == "number":
        return isinstance(value, Number) and _in_range(amount(value), rule)
    if rule.kind in ("object", "flag"):
        return isinstance(value, dict if rule.kind == "object" else bool)
    if not isinstance(value, str) or isinstance(value, Number):
        return False
    if rule.kind != "text":
        return _reads(value, rule.kind)
    return (
        (not rule.words or value in rule.words)
        and (rule.longest is None or len(value) <= rule.longest)
        and (rule.pattern is None or re.search(rule.pattern.removesuffix("$") + r"\Z", value) is not None)
    )


def _in_range(number: Decimal | None, rule: Rule) -> bool:
    return (
        number is not None
        and (rule.above is None or number > rule.above)
        and (rule.least is None or number >= rule.least)
        and (rule.most is None or number <= rule.most)
    )


def _reads(value: str, kind: str) -> bool:
    if kind == "uuid":
        return _UUID.fullmatch(value) is not None
    pattern, read = (_DATE, date.fromisoformat) if kind == "date" else (_MOMENT, moment)
    try:
        read(value)
        return pattern.fullmatch(value) is not None
    except (ValueError, OverflowError):
        return False


def moment(written: str) -> datetime:
    """A moment of RFC 3339 on its own clocks. Raises `ValueError`."""
    whole, _, fraction = written.upper().partition(".")
    if fraction:
        zone = max(fraction.find("Z"), fraction.find("+"), fraction.find("-"))
        whole += f".{fraction[:zone][:6]:0<6}{fraction[zone:]}"
    found = datetime.fromisoformat(whole.replace("Z", "+00:00"))
    found.timestamp()  # refuses what lies beyond the calendar in UTC
    return found


def metadata_of(members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What landproof itself put beside an entity; nothing in those of others."""
    beside = members.get("metadata")
    ours = cast(dict[str, Any], beside).get("landproof") if isinstance(beside, dict) else None
    return cast(dict[str, Any], ours) if isinstance(ours, dict) else {}
