"""What the company does all year: it monitors land, runs programmes, and publishes."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import HARMS

MONITORING = fact_table(
    "monitoring", text("Monitoring log"), "plot screened_on",
    required(common.PLOT),
    column("enrolled_on", Kind.DATE, text("Enrolled on")),
    column("screened_on", Kind.DATE, text("Screened on")),
    common.DOCUMENT,
)  # fmt: skip
MONITORING_LAYERS = fact_table(
    "monitoring_layers", text("Layers used for monitoring"), "layer",
    required(column("layer", Kind.ID, text("Layer and version"))),
    column("harm", Kind.CHOICE, text("Harm followed"), *HARMS),
    column("licence", Kind.TEXT, text("Licence")),
    column("data_to", Kind.DATE, text("Data up to")),
    column("resolution_m", Kind.NUMBER, text("Resolution in metres")),
    common.DOCUMENT,
)  # fmt: skip
ALERTS = fact_table(
    "alerts", text("Alerts"), "alert",
    required(column("alert", Kind.ID, text("Alert"))),
    common.PLOT,
    column("raised_on", Kind.DATE, text("Raised on")),
    column("state", Kind.CHOICE, text("State"), "open", "triaged", "in action", "closed"),
    column("decision", Kind.TEXT, text("Decision")),
    column("decided_on", Kind.DATE, text("Decided on")),
    common.OWNER,
)  # fmt: skip
PROGRAMMES = fact_table(
    "programmes", text("Human-rights programmes"), "programme",
    required(column("programme", Kind.ID, text("Programme"))),
    column("run_by", Kind.CHOICE, text("Run by"), "entity", "supplier"),
    column("suppliers", Kind.LIST, text("Suppliers covered")),
    column("reaches_producers", Kind.YES_NO, text("Safeguards reach producers")),
    column("covers_iplc", Kind.YES_NO, text("Covers indigenous peoples and local communities")),
    common.OWNER,
    column("capacity_building", Kind.YES_NO, text("Provides investment and capacity building")),
    column("budget", Kind.MONEY, text("Budget")),
    *common.VALIDITY,
    *common.CITATION,
)  # fmt: skip
FIGURES = fact_table(
    "figures", text("Profit and support spend"), "figure",
    required(column("figure", Kind.CHOICE, text("Figure"), "net profit", "support and capacity building")),
    common.AMOUNT,
    common.CURRENCY,
    common.DOCUMENT,
)  # fmt: skip
DISCLOSURES = fact_table(
    "disclosures", text("Disclosures"), "disclosure",
    required(common.DISCLOSURE),
    column("kind", Kind.CHOICE, text("Kind of disclosure"), "verification report", "first-tier suppliers"),
    *common.PERIOD,
    *common.PUBLISHED,
    column("document", Kind.DOCUMENT, text("Archived public copy")),
)  # fmt: skip
DISCLOSED_SUPPLIERS = fact_table(
    "disclosed_suppliers", text("Suppliers published"), "disclosure supplier commodity country",
    required(common.DISCLOSURE),
    required(common.SUPPLIER),
    common.COMMODITY,
    common.COUNTRY,
    column("marked_below_threshold", Kind.YES_NO, text("Marked as below 1 %")),
)  # fmt: skip

TABLES = (MONITORING, MONITORING_LAYERS, ALERTS, PROGRAMMES, FIGURES, DISCLOSURES, DISCLOSED_SUPPLIERS)
