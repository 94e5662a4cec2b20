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
    column("accepted_on", Kind.DATE, text("Accepted on")),  # of a transfer: the receiver holds it from then
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

# What a process gives, as a share of the mass that goes in. An empty process stands for all.
CONVERSION_FACTORS = fact_table(
    "conversion_factors", text("Conversion factors"), "process from_commodity to_commodity valid_from",
    column("process", Kind.TEXT, text("Process")),
    required(column("from_commodity", Kind.ID, text("From commodity"))),
    required(column("to_commodity", Kind.ID, text("To commodity"))),
    column("low_share", Kind.SHARE, text("Least share of what went in")),
    column("high_share", Kind.SHARE, text("Largest share of what went in")),
    *common.CITATION,
    *common.VALIDITY,
)  # fmt: skip
# What a hectare can plausibly give in a crop year. An empty country stands for all.
PLAUSIBLE_YIELDS = fact_table(
    "plausible_yields", text("Plausible yields"), "commodity country",
    required(common.COMMODITY),
    common.COUNTRY,
    column("kg_per_ha", Kind.NUMBER, text("Largest plausible yield in kilograms per hectare and crop year")),
    column("crop_year_month", Kind.COUNT, text("Month in which the crop year starts (1 to 12)")),
    *common.CITATION,
)  # fmt: skip

TABLES = (
    LOTS, DELIVERIES, FACILITIES, VESSELS, CHAIN_EVENTS, EVENT_LOTS, CONVERSION_FACTORS, PLAUSIBLE_YIELDS,
)  # fmt: skip
