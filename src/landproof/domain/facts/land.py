"""The land: plots, the animals that moved between them, and what happened there."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import LAND_EVENTS, LAND_HARMS, PLOT_USES, SHAPES

PLOTS = fact_table(
    "plots", text("Plots"), "plot",
    required(common.PLOT),
    common.SUPPLIER,
    common.COMMODITY,
    common.COUNTRY,
    column("use", Kind.CHOICE, text("Use"), *PLOT_USES),
    column("shape", Kind.CHOICE, text("Shape"), *SHAPES),
    common.DECLARED_AREA,
    *common.DECIMALS,
    column("property", Kind.ID, text("Property")),
    common.BOUNDARY_OF,
    column("located_by", Kind.CHOICE, text("Located by"), "gnss", "image", "unknown"),
    column("geometry", Kind.GEOMETRY, text("Geometry")),
)  # fmt: skip
MOVEMENTS = fact_table(
    "movements", text("Animal movements"), "movement",
    required(column("movement", Kind.ID, text("Movement"))),
    required(column("lot", Kind.ID, text("Animal lot"))),
    common.STEP,
    column("establishment", Kind.ID, text("Establishment (plot)")),
    column("role", Kind.CHOICE, text("Role"), "birth", "rearing", "pasture", "slaughter"),
    column("arrived_on", Kind.DATE, text("Arrived on")),
    column("left_on", Kind.DATE, text("Left on")),
    common.DOCUMENT,
)  # fmt: skip
LAND_EVENT_RECORDS = fact_table(
    "land_events", text("Events on the land"), "event",
    required(column("event", Kind.ID, text("Event"))),
    required(common.PLOT),
    column("kind", Kind.CHOICE, text("Kind of event"), *LAND_EVENTS),
    *common.BETWEEN_DAYS,
    common.AREA_M2,
    column("from_class", Kind.TEXT, text("Class before")),
    column("to_class", Kind.TEXT, text("Class after")),
    common.USE_AFTER,
    column("permit", Kind.DOCUMENT, text("Permit")),
    column("severity", Kind.LIST, text("Severity"),
           "large and lasting", "irreversible", "change of use", "slight"),
    *common.CITATION,
)  # fmt: skip

# An appeal, or a doubtful plot looked at: two people sign what the land shows (conversion-verdict 7).
LAND_REVIEWS = fact_table(
    "land_reviews", text("Signed reviews of land"), "review",
    required(column("review", Kind.ID, text("Review"))),
    required(common.PLOT),
    required(column("harm", Kind.CHOICE, text("Harm"), *LAND_HARMS)),
    column("outcome", Kind.CHOICE, text("Outcome of the review"), "converted", "not converted"),
    column("looked_at", Kind.CHOICE, text("Looked at"), "image pair", "image series", "photos", "records",
           "land register", "field visit", "other map"),
    column("first_image_on", Kind.DATE, text("First image taken on")),
    column("last_image_on", Kind.DATE, text("Last image taken on")),
    column("reviewer", Kind.ID, text("First reviewer")),
    column("second_reviewer", Kind.ID, text("Second reviewer")),
    column("signed_on", Kind.DATE, text("Signed on")),
    *common.CITATION,
)  # fmt: skip

TABLES = (PLOTS, MOVEMENTS, LAND_EVENT_RECORDS, LAND_REVIEWS)
