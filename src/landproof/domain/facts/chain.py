"""The chain: lots, what was delivered into them, and where they were processed."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind

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

TABLES = (LOTS, DELIVERIES, FACILITIES)
