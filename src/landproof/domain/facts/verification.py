"""The verification: who verified what, the sample that was drawn, and what the verifier could read and saw."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import HCV_FEATURES

VERIFICATIONS = fact_table(
    "verifications", text("Verifications"), "verification",
    required(column("verification", Kind.ID, text("Verification"))),
    column("verifier", Kind.ID, text("Verifier")),
    column("completed_on", Kind.DATE, text("Completed on")),
    *common.PERIOD,
    column("authorised_by", Kind.CHOICE, text("Authorised by"), "board", "initiative"),
    column("authorised_from", Kind.DATE, text("Authorised from")),
    column("authorised_to", Kind.DATE, text("Authorised to")),
    column("authorised_scope", Kind.CHOICE, text("Authorised for"), "entity", "other"),
    column("independence_document", Kind.DOCUMENT, text("Independence statement")),
    column("authorisation_document", Kind.DOCUMENT, text("Directory entry or agreement")),
    column("document", Kind.DOCUMENT, text("Verification report")),
)  # fmt: skip
SAMPLE_PROTOCOL = fact_table(
    "sample_protocol", text("Sampling protocol"), "protocol",
    required(column("protocol", Kind.ID, text("Protocol"))),
    column("method", Kind.CHOICE, text("Method"), "random", "judgement"),
    column("seed", Kind.TEXT, text("Seed")),
    column("frame_digest", Kind.TEXT, text("Digest of the frame")),
    column("frame_complete", Kind.YES_NO, text("Frame is complete")),
    column("drawn_on", Kind.DATE, text("Drawn on")),
    common.DOCUMENT,
)  # fmt: skip
SAMPLES = fact_table(
    "samples", text("Verifier's sample"), "ticket",
    required(column("ticket", Kind.ID, text("Ticket"))),
    column("stratum", Kind.CHOICE, text("Stratum"), "A", "B"),
    common.SUPPLIER,
    common.COMMODITY,
    common.COUNTRY_OF_PRODUCTION,
    column("mass_g", Kind.MASS, text("Mass sampled")),
    common.LIVESTOCK,
    column("places_verified", Kind.YES_NO, text("Places where animals were kept verified")),
    column("feed_plots_verified", Kind.YES_NO, text("Plots of the feed verified")),
    column("origin_verified", Kind.YES_NO, text("Country of origin verified")),
    column("converted_unit_found", Kind.YES_NO, text("A converted unit was found")),
    common.DOCUMENT,
)  # fmt: skip
DATA_ROOM = fact_table(
    "data_room", text("Data room for the verifier"), "item document",
    required(column("item", Kind.CHOICE, text("Item of clause 3.7"), "i", "ii", "iii", "iv", "v", "vi", "vii")),
    common.DOCUMENT,
    *common.PERIOD,
    column("readable", Kind.YES_NO, text("Verifier could read it")),
)  # fmt: skip
HCV_RECORDS = fact_table(
    "hcv_records", text("Yearly look at HCV, forest types and peat"), "record",
    required(column("record", Kind.ID, text("Record"))),
    common.PLOT,
    column("feature", Kind.CHOICE, text("Feature"), *HCV_FEATURES),
    column("occurs", Kind.YES_NO, text("Occurs on the unit")),
    column("recorded_on", Kind.DATE, text("Recorded on")),
    common.DOCUMENT,
)  # fmt: skip

TABLES = (VERIFICATIONS, SAMPLE_PROTOCOL, SAMPLES, DATA_ROOM, HCV_RECORDS)
