"""The tables that people hand in: what the company, its suppliers, its verifier and the Board state.

Every row also carries ``source`` (digest of the file it came from) and ``source_row`` (its number
there, counted as the file's own program counts), so that every number opens to its row.
"""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind, Table
from landproof.domain.vocabulary import (
    ACTIVITIES,
    ANSWERS,
    CHAINS,
    CUSTODY_MODELS,
    EVIDENCE_TOPICS,
    HARMS,
    LAND_EVENTS,
    PARTY_ROLES,
    PLOT_USES,
    PRODUCT_KINDS,
    RISK_LEVELS,
    SHAPES,
)

_PROVENANCE = (
    Column("source", Kind.ID, text("Source file")),
    Column("source_row", Kind.COUNT, text("Row in the source file")),
)


def _table(name: str, title: str, key: str, *columns: Column) -> Table:
    return Table(name, title, tuple(key.split()), (*columns, *_PROVENANCE))


def _col(name: str, kind: Kind, label: str, *choices: str, required: bool = False) -> Column:
    return Column(name, kind, label, required, tuple(choices))


ENTITIES = _table(
    "entities", text("Legal entities"), "entity",
    _col("entity", Kind.ID, text("Legal entity"), required=True),
    _col("name", Kind.TEXT, text("Name")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("role", Kind.CHOICE, text("Role"), *PARTY_ROLES, required=True),
    _col("controlled_by", Kind.ID, text("Controlled by (IFRS 10)")),
    _col("in_application", Kind.YES_NO, text("Named in the application")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
APPLICATION = _table(
    "application", text("Application and certificate"), "application",
    _col("application", Kind.ID, text("Application"), required=True),
    _col("entity", Kind.ID, text("Legal entity")),
    _col("certification_type", Kind.TEXT, text("Certification type")),
    _col("filed_on", Kind.DATE, text("Application filed on")),
    _col("standard_version", Kind.TEXT, text("Version of the Standard")),
    _col("period_start", Kind.DATE, text("Evaluated period from")),
    _col("period_end", Kind.DATE, text("Evaluated period to")),
    _col("evaluated_on", Kind.DATE, text("Evaluation date")),
    _col("currency", Kind.CURRENCY, text("Reporting currency")),
    _col("board_confirmed_on", Kind.DATE, text("Confirmed by the Board on")),
    _col("certificate_on", Kind.DATE, text("Certificate issued on")),
    _col("verified_on", Kind.DATE, text("First verification completed on")),
    _col("mark_first_used_on", Kind.DATE, text("Mark first used on")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
STANDARD_VERSIONS = _table(
    "standard_versions", text("Register of Standard versions"), "version",
    _col("version", Kind.ID, text("Version of the Standard"), required=True),
    _col("in_force_from", Kind.DATE, text("In force from")),
    _col("in_force_to", Kind.DATE, text("In force to")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
REVENUE = _table(
    "revenue", text("Revenue"), "revenue_line",
    _col("revenue_line", Kind.ID, text("Revenue line"), required=True),
    _col("entity", Kind.ID, text("Legal entity")),
    _col("activity", Kind.CHOICE, text("Activity"), *ACTIVITIES),
    _col("chain", Kind.CHOICE, text("Supply chain"), *CHAINS),
    _col("amount", Kind.MONEY, text("Amount")),
    _col("currency", Kind.CURRENCY, text("Currency")),
    _col("period_start", Kind.DATE, text("Period from")),
    _col("period_end", Kind.DATE, text("Period to")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
COMMITMENTS = _table(
    "commitments", text("Commitments"), "commitment",
    _col("commitment", Kind.ID, text("Commitment"), required=True),
    _col("kind", Kind.CHOICE, text("Kind of commitment"), "no-deforestation-no-conversion", "traceability-2030"),
    _col("entity", Kind.ID, text("Made by")),
    _col("published_on", Kind.DATE, text("Published on")),
    _col("public_at", Kind.TEXT, text("Public address")),
    _col("due_on", Kind.DATE, text("Due on")),
    _col("approved_by", Kind.CHOICE, text("Approved by"), "published", "board-approved"),
    _col("elements", Kind.LIST, text("Elements present"),
         "all group entities", "past", "future", "deforestation", "conversion", "2020-12-31",
         "all agri-food goods"),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
BUSINESS_UNITS = _table(
    "business_units", text("Markets, sites and business units"), "business_unit",
    _col("business_unit", Kind.ID, text("Business unit"), required=True),
    _col("entity", Kind.ID, text("Legal entity")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("buys_agri_food", Kind.YES_NO, text("Buys agri-food goods")),
)  # fmt: skip
SUPPLIERS = _table(
    "suppliers", text("Suppliers"), "supplier",
    _col("supplier", Kind.ID, text("Supplier"), required=True),
    _col("name", Kind.TEXT, text("Name")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("tier", Kind.COUNT, text("Tier")),
    _col("smallholders", Kind.YES_NO, text("Works with smallholders or vulnerable groups")),
    _col("eudr_compliant", Kind.YES_NO, text("Says that it complies with EUDR")),
)  # fmt: skip
PRODUCTS = _table(
    "products", text("Products"), "product",
    _col("product", Kind.ID, text("Product"), required=True),
    _col("name", Kind.TEXT, text("Name")),
    _col("hs_code", Kind.TEXT, text("HS code")),
    _col("kind", Kind.CHOICE, text("Kind of product"), *PRODUCT_KINDS),
    _col("third_party_made", Kind.YES_NO, text("Made by others and resold")),
    _col("exclusion_reason", Kind.TEXT, text("Reason for leaving it out")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
RECIPES = _table(
    "recipes", text("Recipes"), "product commodity",
    _col("product", Kind.ID, text("Product"), required=True),
    _col("commodity", Kind.ID, text("Commodity"), required=True),
    _col("mass_share", Kind.SHARE, text("Share of mass")),
    _col("cost_share", Kind.SHARE, text("Share of cost")),
    _col("derivative", Kind.TEXT, text("Derivative or extract")),
    _col("recycled", Kind.YES_NO, text("Recycled fibre")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
FEED = _table(
    "feed", text("Feed"), "feed",
    _col("feed", Kind.ID, text("Feed record"), required=True),
    _col("product", Kind.ID, text("Animal product")),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("commodity", Kind.ID, text("Feed commodity")),
    _col("no_agri_food_feed", Kind.YES_NO, text("No agri-food feed is used")),
    _col("kg_per_kg", Kind.NUMBER, text("Kilograms of feed good per kilogram of product")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("lot", Kind.ID, text("Feed lot")),
    _col("estimate", Kind.YES_NO, text("Estimated, not documented")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
PURCHASES = _table(
    "purchases", text("Purchases"), "line",
    _col("line", Kind.ID, text("Purchase line"), required=True),
    _col("received_on", Kind.DATE, text("Received on")),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("product", Kind.ID, text("Product")),
    _col("quantity_g", Kind.MASS, text("Quantity")),
    _col("net_spend", Kind.MONEY, text("Net spend")),
    _col("currency", Kind.CURRENCY, text("Currency")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("processed_in", Kind.COUNTRY, text("Country of last processing")),
    _col("lot", Kind.ID, text("Lot")),
    _col("business_unit", Kind.ID, text("Business unit")),
)  # fmt: skip
RATES = _table(
    "rates", text("Exchange rates"), "currency",
    _col("currency", Kind.CURRENCY, text("Currency"), required=True),
    _col("rate", Kind.RATE, text("Units of the reporting currency for one unit")),
    _col("on", Kind.DATE, text("Date of the rate")),
    _col("rate_source", Kind.TEXT, text("Source of the rate")),
)  # fmt: skip
BELOW_THRESHOLD = _table(
    "below_threshold", text("Commodities said to be below 1 %"), "commodity",
    _col("commodity", Kind.ID, text("Commodity"), required=True),
    _col("method_document", Kind.DOCUMENT, text("Method")),
    _col("raw_data_document", Kind.DOCUMENT, text("Raw data")),
)  # fmt: skip
LOTS = _table(
    "lots", text("Lots"), "lot",
    _col("lot", Kind.ID, text("Lot"), required=True),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("mass_g", Kind.MASS, text("Mass")),
    _col("holder", Kind.ID, text("Holder")),
    _col("facility", Kind.ID, text("Facility")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("made_on", Kind.DATE, text("Made or harvested on")),
)  # fmt: skip
DELIVERIES = _table(
    "deliveries", text("Deliveries"), "delivery",
    _col("delivery", Kind.ID, text("Delivery"), required=True),
    _col("lot", Kind.ID, text("Into lot"), required=True),
    _col("input_lot", Kind.ID, text("From lot")),
    _col("plot", Kind.ID, text("From plot")),
    _col("mass_g", Kind.MASS, text("Mass")),
    _col("custody", Kind.CHOICE, text("Custody model"), *CUSTODY_MODELS),
    _col("sender", Kind.ID, text("Sender")),
    _col("receiver", Kind.ID, text("Receiver")),
    _col("facility", Kind.ID, text("Facility")),
    _col("received_on", Kind.DATE, text("Received on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
FACILITIES = _table(
    "facilities", text("Processing facilities"), "facility",
    _col("facility", Kind.ID, text("Facility"), required=True),
    _col("name", Kind.TEXT, text("Name")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("sources_from", Kind.LIST, text("Countries it sources from")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
PLOTS = _table(
    "plots", text("Plots"), "plot",
    _col("plot", Kind.ID, text("Plot"), required=True),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("use", Kind.CHOICE, text("Use"), *PLOT_USES),
    _col("shape", Kind.CHOICE, text("Shape"), *SHAPES),
    _col("area_ha", Kind.AREA, text("Declared area")),
    _col("decimals", Kind.COUNT, text("Decimals of the coordinates as written")),
    _col("decimals_known", Kind.YES_NO, text("Decimals counted on the source text")),
    _col("property", Kind.ID, text("Property")),
    _col("boundary_of", Kind.CHOICE, text("Boundary of"), "field", "property"),
    _col("located_by", Kind.CHOICE, text("Located by"), "gnss", "image", "unknown"),
    _col("geometry", Kind.GEOMETRY, text("Geometry")),
)  # fmt: skip
MOVEMENTS = _table(
    "movements", text("Animal movements"), "movement",
    _col("movement", Kind.ID, text("Movement"), required=True),
    _col("lot", Kind.ID, text("Animal lot"), required=True),
    _col("step", Kind.COUNT, text("Step")),
    _col("establishment", Kind.ID, text("Establishment (plot)")),
    _col("role", Kind.CHOICE, text("Role"), "birth", "rearing", "pasture", "slaughter"),
    _col("arrived_on", Kind.DATE, text("Arrived on")),
    _col("left_on", Kind.DATE, text("Left on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
LAND_EVENT_RECORDS = _table(
    "land_events", text("Events on the land"), "event",
    _col("event", Kind.ID, text("Event"), required=True),
    _col("plot", Kind.ID, text("Plot"), required=True),
    _col("kind", Kind.CHOICE, text("Kind of event"), *LAND_EVENTS),
    _col("earliest", Kind.DATE, text("Earliest day")),
    _col("latest", Kind.DATE, text("Latest day")),
    _col("area_m2", Kind.SQUARE_METRES, text("Area in square metres")),
    _col("from_class", Kind.TEXT, text("Class before")),
    _col("to_class", Kind.TEXT, text("Class after")),
    _col("use_after", Kind.CHOICE, text("Use afterwards"), "agriculture", "other", "none"),
    _col("permit", Kind.DOCUMENT, text("Permit")),
    _col("severity", Kind.LIST, text("Severity"), "large and lasting", "irreversible", "change of use", "slight"),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
CERTIFICATES = _table(
    "certificates", text("Certificates"), "certificate",
    _col("certificate", Kind.ID, text("Certificate"), required=True),
    _col("scheme", Kind.ID, text("Scheme and version")),
    _col("holder", Kind.ID, text("Holder")),
    _col("sites", Kind.LIST, text("Sites in scope")),
    _col("products", Kind.LIST, text("Products or commodities in scope")),
    _col("custody", Kind.CHOICE, text("Custody model"), *CUSTODY_MODELS),
    _col("valid_from", Kind.DATE, text("Valid from")),
    _col("valid_to", Kind.DATE, text("Valid to")),
    _col("registry_checked_on", Kind.DATE, text("Checked in the registry on")),
    _col("contact", Kind.TEXT, text("Contact at the scheme")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
SCHEMES = _table(
    "schemes", text("Schemes as read"), "scheme",
    _col("scheme", Kind.ID, text("Scheme and version"), required=True),
    _col("cut_off", Kind.DATE, text("Cut-off date")),
    _col("covers_forest", Kind.YES_NO, text("Covers forest")),
    _col("covers_natural", Kind.YES_NO, text("Covers other natural ecosystems")),
    _col("reopens", Kind.YES_NO, text("Allows minor conversion or compensation")),
    _col("confirmed_by", Kind.TEXT, text("Reading confirmed by")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
CLAIMS = _table(
    "claims", text("Claims on lots"), "claim",
    _col("claim", Kind.ID, text("Claim"), required=True),
    _col("lot", Kind.ID, text("Lot"), required=True),
    _col("certificate", Kind.ID, text("Certificate")),
    _col("step", Kind.COUNT, text("Step")),
    _col("custody", Kind.CHOICE, text("Custody model"), *CUSTODY_MODELS),
    _col("site", Kind.ID, text("Site")),
    _col("product", Kind.ID, text("Product")),
    _col("traded_on", Kind.DATE, text("Transaction date")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
EUDR_STATEMENTS = _table(
    "eudr_statements", text("EUDR due diligence statements"), "reference_number",
    _col("reference_number", Kind.ID, text("Reference number"), required=True),
    _col("verification_number", Kind.ID, text("Verification number")),
    _col("kind", Kind.CHOICE, text("Kind of statement"), "due diligence statement", "simplified declaration"),
    _col("status", Kind.CHOICE, text("Status"), "available", "submitted", "rejected", "withdrawn", "archived"),
    _col("has_geolocation", Kind.YES_NO, text("Holds coordinates")),
    _col("hs_code", Kind.TEXT, text("HS code")),
    _col("lot", Kind.ID, text("Lot")),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("checked_on", Kind.DATE, text("Status checked on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
RISK_CLASSES = _table(
    "risk_classes", text("Origin risk classified by hand"), "classification",
    _col("classification", Kind.ID, text("Classification"), required=True),
    _col("kind", Kind.CHOICE, text("Kind of risk"), "deforestation", "conversion"),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("level", Kind.CHOICE, text("Level"), *RISK_LEVELS),
    _col("by", Kind.CHOICE, text("Classified by"), "entity", "verifier"),
    _col("on", Kind.DATE, text("Classified on")),
    _col("loss_ha", Kind.AREA, text("Natural-forest loss 2018 to 2022")),
    _col("cover_ha", Kind.AREA, text("Natural-forest cover 2000")),
    _col("dataset_version", Kind.TEXT, text("Data set and version")),
    _col("reviewed_by", Kind.TEXT, text("Reviewed by")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
ASSESSMENTS = _table(
    "assessments", text("Due diligence per unit"), "assessment",
    _col("assessment", Kind.ID, text("Assessment"), required=True),
    _col("plot", Kind.ID, text("Plot")),
    _col("lot", Kind.ID, text("Lot")),
    _col("concluded_on", Kind.DATE, text("Concluded on")),
    _col("risk", Kind.CHOICE, text("Risk found"), "negligible", "not negligible"),
    _col("mitigation", Kind.TEXT, text("Mitigation")),
    _col("inputs", Kind.LIST, text("Inputs considered")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
MONITORING = _table(
    "monitoring", text("Monitoring log"), "plot screened_on",
    _col("plot", Kind.ID, text("Plot"), required=True),
    _col("enrolled_on", Kind.DATE, text("Enrolled on")),
    _col("screened_on", Kind.DATE, text("Screened on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
MONITORING_LAYERS = _table(
    "monitoring_layers", text("Layers used for monitoring"), "layer",
    _col("layer", Kind.ID, text("Layer and version"), required=True),
    _col("harm", Kind.CHOICE, text("Harm followed"), *HARMS),
    _col("licence", Kind.TEXT, text("Licence")),
    _col("data_to", Kind.DATE, text("Data up to")),
    _col("resolution_m", Kind.NUMBER, text("Resolution in metres")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
ALERTS = _table(
    "alerts", text("Alerts"), "alert",
    _col("alert", Kind.ID, text("Alert"), required=True),
    _col("plot", Kind.ID, text("Plot")),
    _col("raised_on", Kind.DATE, text("Raised on")),
    _col("state", Kind.CHOICE, text("State"), "open", "triaged", "in action", "closed"),
    _col("decision", Kind.TEXT, text("Decision")),
    _col("decided_on", Kind.DATE, text("Decided on")),
    _col("owner", Kind.ID, text("Owner")),
)  # fmt: skip
DISCLOSURES = _table(
    "disclosures", text("Disclosures"), "disclosure",
    _col("disclosure", Kind.ID, text("Disclosure"), required=True),
    _col("kind", Kind.CHOICE, text("Kind of disclosure"), "verification report", "first-tier suppliers"),
    _col("period_start", Kind.DATE, text("Period from")),
    _col("period_end", Kind.DATE, text("Period to")),
    _col("published_on", Kind.DATE, text("Published on")),
    _col("public_at", Kind.TEXT, text("Public address")),
    _col("document", Kind.DOCUMENT, text("Archived public copy")),
)  # fmt: skip
DISCLOSED_SUPPLIERS = _table(
    "disclosed_suppliers", text("Suppliers published"), "disclosure supplier commodity country",
    _col("disclosure", Kind.ID, text("Disclosure"), required=True),
    _col("supplier", Kind.ID, text("Supplier"), required=True),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("marked_below_threshold", Kind.YES_NO, text("Marked as below 1 %")),
)  # fmt: skip
VERIFICATIONS = _table(
    "verifications", text("Verifications"), "verification",
    _col("verification", Kind.ID, text("Verification"), required=True),
    _col("verifier", Kind.ID, text("Verifier")),
    _col("completed_on", Kind.DATE, text("Completed on")),
    _col("period_start", Kind.DATE, text("Period from")),
    _col("period_end", Kind.DATE, text("Period to")),
    _col("authorised_by", Kind.CHOICE, text("Authorised by"), "board", "initiative"),
    _col("authorised_from", Kind.DATE, text("Authorised from")),
    _col("authorised_to", Kind.DATE, text("Authorised to")),
    _col("authorised_scope", Kind.CHOICE, text("Authorised for"), "entity", "other"),
    _col("independence_document", Kind.DOCUMENT, text("Independence statement")),
    _col("authorisation_document", Kind.DOCUMENT, text("Directory entry or agreement")),
    _col("document", Kind.DOCUMENT, text("Verification report")),
)  # fmt: skip
SAMPLES = _table(
    "samples", text("Verifier's sample"), "ticket",
    _col("ticket", Kind.ID, text("Ticket"), required=True),
    _col("stratum", Kind.CHOICE, text("Stratum"), "A", "B"),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("mass_g", Kind.MASS, text("Mass sampled")),
    _col("livestock", Kind.YES_NO, text("Livestock chain")),
    _col("places_verified", Kind.YES_NO, text("Places where animals were kept verified")),
    _col("feed_plots_verified", Kind.YES_NO, text("Plots of the feed verified")),
    _col("origin_verified", Kind.YES_NO, text("Country of origin verified")),
    _col("converted_unit_found", Kind.YES_NO, text("A converted unit was found")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
SAMPLE_PROTOCOL = _table(
    "sample_protocol", text("Sampling protocol"), "protocol",
    _col("protocol", Kind.ID, text("Protocol"), required=True),
    _col("method", Kind.CHOICE, text("Method"), "random", "judgement"),
    _col("seed", Kind.TEXT, text("Seed")),
    _col("frame_digest", Kind.TEXT, text("Digest of the frame")),
    _col("frame_complete", Kind.YES_NO, text("Frame is complete")),
    _col("drawn_on", Kind.DATE, text("Drawn on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
DATA_ROOM = _table(
    "data_room", text("Data room for the verifier"), "item document",
    _col("item", Kind.CHOICE, text("Item of clause 3.7"), "i", "ii", "iii", "iv", "v", "vi", "vii", required=True),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("period_start", Kind.DATE, text("Period from")),
    _col("period_end", Kind.DATE, text("Period to")),
    _col("readable", Kind.YES_NO, text("Verifier could read it")),
)  # fmt: skip
HCV_RECORDS = _table(
    "hcv_records", text("Yearly look at HCV, forest types and peat"), "record",
    _col("record", Kind.ID, text("Record"), required=True),
    _col("plot", Kind.ID, text("Plot")),
    _col("feature", Kind.CHOICE, text("Feature"), "hcv forest", "forest types", "other natural ecosystem", "peat"),
    _col("occurs", Kind.YES_NO, text("Occurs on the unit")),
    _col("recorded_on", Kind.DATE, text("Recorded on")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
PROGRAMMES = _table(
    "programmes", text("Human-rights programmes"), "programme",
    _col("programme", Kind.ID, text("Programme"), required=True),
    _col("run_by", Kind.CHOICE, text("Run by"), "entity", "supplier"),
    _col("suppliers", Kind.LIST, text("Suppliers covered")),
    _col("reaches_producers", Kind.YES_NO, text("Safeguards reach producers")),
    _col("covers_iplc", Kind.YES_NO, text("Covers indigenous peoples and local communities")),
    _col("owner", Kind.ID, text("Owner")),
    _col("capacity_building", Kind.YES_NO, text("Provides investment and capacity building")),
    _col("budget", Kind.MONEY, text("Budget")),
    _col("valid_from", Kind.DATE, text("Valid from")),
    _col("valid_to", Kind.DATE, text("Valid to")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
)  # fmt: skip
FIGURES = _table(
    "figures", text("Profit and support spend"), "figure",
    _col("figure", Kind.CHOICE, text("Figure"), "net profit", "support and capacity building", required=True),
    _col("amount", Kind.MONEY, text("Amount")),
    _col("currency", Kind.CURRENCY, text("Currency")),
    _col("document", Kind.DOCUMENT, text("Document")),
)  # fmt: skip
EVIDENCE = _table(
    "evidence", text("Statements and evidence"), "evidence",
    _col("evidence", Kind.ID, text("Evidence"), required=True),
    _col("topic", Kind.CHOICE, text("Topic"), *EVIDENCE_TOPICS, required=True),
    _col("subject", Kind.ID, text("Covers")),
    _col("answer", Kind.CHOICE, text("Answer"), *ANSWERS),
    _col("elements", Kind.LIST, text("Elements present")),
    _col("document", Kind.DOCUMENT, text("Document")),
    _col("page", Kind.TEXT, text("Page")),
    _col("valid_from", Kind.DATE, text("Valid from")),
    _col("valid_to", Kind.DATE, text("Valid to")),
    _col("issuer", Kind.TEXT, text("Issued by")),
)  # fmt: skip

FACTS: Mapping[str, Table] = {
    table.name: table
    for table in (
        APPLICATION, ENTITIES, BUSINESS_UNITS, STANDARD_VERSIONS, REVENUE, COMMITMENTS, SUPPLIERS, PRODUCTS,
        RECIPES, FEED, PURCHASES, RATES, BELOW_THRESHOLD, LOTS, DELIVERIES, FACILITIES, PLOTS, MOVEMENTS,
        LAND_EVENT_RECORDS, CERTIFICATES, SCHEMES, CLAIMS, EUDR_STATEMENTS, RISK_CLASSES, EVIDENCE, ASSESSMENTS,
        MONITORING, MONITORING_LAYERS, ALERTS, PROGRAMMES, FIGURES, DISCLOSURES, DISCLOSED_SUPPLIERS,
        VERIFICATIONS, SAMPLE_PROTOCOL, SAMPLES, DATA_ROOM, HCV_RECORDS,
    )
}  # fmt: skip
