"""Words of EPCIS 2.0 and the Core Business Vocabulary 2.0: types of events, steps, dispositions."""

from collections.abc import Mapping
from typing import Final

CBV: Final = "https://ref.gs1.org/cbv/"
GS1: Final = "https://gs1.org/voc/"
PREFIXES: Final[Mapping[str, str]] = {"gs1": GS1, "cbv": CBV}  # that the context of EPCIS 2.0 defines

EVENT_TYPES: Final = (
    "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent",
)  # fmt: skip
ACTIONS: Final = ("ADD", "OBSERVE", "DELETE")
# CBV 2.0, section 7.1.2.
BUSINESS_STEPS: Final = frozenset((
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
    "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying", "disassembling",
    "dispensing", "encoding", "entering_exiting", "holding", "inspecting", "installing", "killing", "loading",
    "other", "packing", "picking", "receiving", "removing", "repackaging", "repairing", "replacing",
    "reserving", "retail_selling", "sampling", "sensor_reporting", "shipping", "staging_outbound",
    "stock_taking", "stocking", "storing", "transporting", "unloading", "unpacking", "void_shipping",
))  # fmt: skip
# CBV 2.0, section 7.2.2.
DISPOSITIONS: Final = frozenset((
    "active", "available", "completeness_inferred", "completeness_verified", "conformant", "container_closed",
    "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired", "in_progress",
    "in_transit", "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement",
    "no_pedigree_match", "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved",
    "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable",
    "unknown",
))  # fmt: skip

# Where a bare word may stand, and what it stands for in full.
VOCABULARY: Final[Mapping[str, str]] = {
    "bizStep": f"{CBV}BizStep-", "disposition": f"{CBV}Disp-", "set": f"{CBV}Disp-", "unset": f"{CBV}Disp-",
    "bizTransactionList": f"{CBV}BTT-", "sourceList": f"{CBV}SDT-", "destinationList": f"{CBV}SDT-",
    "component": f"{CBV}Comp-", "type": GS1, "exception": GS1,
}  # fmt: skip


def full_word(name: str, word: str) -> str:
    """A word of the vocabulary in full; one that is a URI or has a prefix stays as it is."""
    return word if ":" in word or "/" in word else VOCABULARY[name] + word


def bare_word(name: str, word: str) -> str | None:
    """The standard word that a full, old or bare spelling stands for; none for a word of another vocabulary."""
    old = {"bizStep": "urn:epcglobal:cbv:bizstep:", "disposition": "urn:epcglobal:cbv:disp:"}.get(name, "\0")
    short = "cbv:" + VOCABULARY[name].removeprefix(CBV)
    for before in (VOCABULARY[name], old, short):
        if word.startswith(before):
            return word.removeprefix(before)
    return None if ":" in word or "/" in word else word
