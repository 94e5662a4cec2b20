"""The evidence: certificates and schemes, EUDR statements, risk classes, statements, assessments of units."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import ANSWERS, EVIDENCE_TOPICS, RISK_LEVELS

CERTIFICATES = fact_table(
    "certificates", text("Certificates"), "certificate",
    required(common.CERTIFICATE),
    common.SCHEME,
    common.HOLDER,
    column("sites", Kind.LIST, text("Sites in scope")),
    column("products", Kind.LIST, text("Products or commodities in scope")),
    common.CUSTODY,
    *common.VALIDITY,
    column("volume_g", Kind.MASS, text("Certified volume")),
    column("registry_checked_on", Kind.DATE, text("Checked in the registry on")),
    column("contact", Kind.TEXT, text("Contact at the scheme")),
    common.DOCUMENT,
)  # fmt: skip
SCHEMES = fact_table(
    "schemes", text("Schemes as read"), "scheme",
    required(common.SCHEME),
    column("cut_off", Kind.DATE, text("Cut-off date")),
    column("covers_forest", Kind.YES_NO, text("Covers forest")),
    column("covers_natural", Kind.YES_NO, text("Covers other natural ecosystems")),
    column("reopens", Kind.YES_NO, text("Allows minor conversion or compensation")),
    column("confirmed_by", Kind.TEXT, text("Reading confirmed by")),
    *common.CITATION,
)  # fmt: skip
CLAIMS = fact_table(
    "claims", text("Claims on lots"), "claim",
    required(column("claim", Kind.ID, text("Claim"))),
    required(common.LOT),
    common.CERTIFICATE,
    common.STEP,
    common.CUSTODY,
    column("site", Kind.ID, text("Site")),
    common.PRODUCT,
    column("traded_on", Kind.DATE, text("Transaction date")),
    common.DOCUMENT,
)  # fmt: skip
EUDR_STATEMENTS = fact_table(
    "eudr_statements", text("EUDR due diligence statements"), "reference_number",
    required(common.REFERENCE_NUMBER),
    column("verification_number", Kind.ID, text("Verification number")),
    column("kind", Kind.CHOICE, text("Kind of statement"), "due diligence statement", "simplified declaration"),
    column("status", Kind.CHOICE, text("Status"), "available", "submitted", "rejected", "withdrawn", "archived"),
    column("has_geolocation", Kind.YES_NO, text("Holds coordinates")),
    common.HS_CODE,
    common.LOT,
    common.SUPPLIER,
    column("checked_on", Kind.DATE, text("Status checked on")),
    common.DOCUMENT,
)  # fmt: skip
RISK_CLASSES = fact_table(
    "risk_classes", text("Origin risk classified by hand"), "classification",
    required(column("classification", Kind.ID, text("Classification"))),
    column("kind", Kind.CHOICE, text("Kind of risk"), "deforestation", "conversion"),
    common.COMMODITY,
    common.COUNTRY,
    column("level", Kind.CHOICE, text("Level"), *RISK_LEVELS),
    column("by", Kind.CHOICE, text("Classified by"), "entity", "verifier"),
    column("on", Kind.DATE, text("Classified on")),
    column("loss_ha", Kind.AREA, text("Natural-forest loss 2018 to 2022")),
    column("cover_ha", Kind.AREA, text("Natural-forest cover 2000")),
    column("dataset_version", Kind.TEXT, text("Data set and version")),
    column("reviewed_by", Kind.TEXT, text("Reviewed by")),
    *common.CITATION,
)  # fmt: skip
EVIDENCE = fact_table(
    "evidence", text("Statements and evidence"), "evidence",
    required(column("evidence", Kind.ID, text("Evidence"))),
    required(column("topic", Kind.CHOICE, text("Topic"), *EVIDENCE_TOPICS)),
    column("subject", Kind.ID, text("Covers")),
    column("answer", Kind.CHOICE, text("Answer"), *ANSWERS),
    column("elements", Kind.LIST, text("Elements present")),
    *common.CITATION,
    *common.VALIDITY,
    column("issuer", Kind.TEXT, text("Issued by")),
)  # fmt: skip
ASSESSMENTS = fact_table(
    "assessments", text("Due diligence per unit"), "assessment",
    required(column("assessment", Kind.ID, text("Assessment"))),
    common.PLOT,
    common.LOT,
    column("concluded_on", Kind.DATE, text("Concluded on")),
    column("risk", Kind.CHOICE, text("Risk found"), "negligible", "not negligible"),
    column("mitigation", Kind.TEXT, text("Mitigation")),
    column("inputs", Kind.LIST, text("Inputs considered")),
    *common.CITATION,
)  # fmt: skip

TABLES = (CERTIFICATES, SCHEMES, CLAIMS, EUDR_STATEMENTS, RISK_CLASSES, EVIDENCE, ASSESSMENTS)
