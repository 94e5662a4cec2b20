"""The chain: lots, what was delivered into them, and where they were processed."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import EVENT_KINDS, EVENT_ROLES, KNOWN_BY, VESSEL_POLICIES

LOTS = fact_table(
    "lots", text("Lots"), "lot",
    required(common.LOT),
    common.COMMODITY,
    common.MASS,
    common.HOLDER,
    common.FACILITY,
    common.COUNTRY_OF_PRODUCTION,
    column("made_on", Kind.DATE, text("Made or harvested on")),
)  # fmt: skip
DELIVERIES = fact_table(
    "deliveries", text("Deliveries"), "delivery",
    required(column("delivery", Kind.ID, text("Delivery"))),
    required(column("lot", Kind.ID, text("Into lot"))),
    column("input_lot", Kind.ID, text("From lot")),
    column("plot", Kind.ID, text("From plot")),
    common.MASS,
    common.CUSTODY,
    column("sender", Kind.ID, text("Sender")),
    column("receiver", Kind.ID, text("Receiver")),
    common.FACILITY,
    common.RECEIVED_ON,
    common.DOCUMENT,
)  # fmt: skip
FACILITIES = fact_table(
    "facilities", text("Processing facilities"), "facility",
    required(common.FACILITY),
    common.NAME,
    common.COUNTRY,
    column("sources_from", Kind.LIST, text("Countries it sources from")),
    *common.CITATION,
)  # fmt: skip

VESSELS = fact_table(
    "vessels", text("Tanks and silos"), "vessel",
    required(common.VESSEL),
    common.FACILITY,
    column("capacity_g", Kind.MASS, text("Capacity")),
    column("policy", Kind.CHOICE, text("How goods leave it"), *VESSEL_POLICIES),
    common.DOCUMENT,
)  # fmt: skip
CHAIN_EVENTS = fact_table(
    "chain_events", text("Events of the chain"), "event",
    required(common.EVENT),
    required(column("kind", Kind.CHOICE, text("Kind of event"), *EVENT_KINDS)),
    column("on", Kind.DATE, text("Day")),
    column("at", Kind.INSTANT, text("Moment")),  # only where the order within a day matters
    common.HOLDER,
    common.FACILITY,
    common.VESSEL,
    column("process", Kind.TEXT, text("Process")),
    common.CUSTODY,
    column("loss_g", Kind.MASS, text("Loss")),
    column("known_by", Kind.CHOICE, text("How the origin is known"), *KNOWN_BY),
    column("voids", Kind.ID, text("Event declared wrong")),
    common.DOCUMENT,
)  # fmt: skip
EVENT_LOTS = fact_table(
    "event_lots", text("Lots of events"), "event role lot plot",
    required(common.EVENT),
    required(column("role", Kind.CHOICE, text("Role"), *EVENT_ROLES)),
    common.LOT,
    common.PLOT,
    common.MASS,
)  # fmt: skip

TABLES = (LOTS, DELIVERIES, FACILITIES, VESSELS, CHAIN_EVENTS, EVENT_LOTS)
