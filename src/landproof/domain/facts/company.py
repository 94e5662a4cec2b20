"""The company: its application, its legal entities, what it earns and what it has committed to."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import ACTIVITIES, CHAINS, PARTY_ROLES

APPLICATION = fact_table(
    "application", text("Application and certificate"), "application",
    required(column("application", Kind.ID, text("Application"))),
    common.ENTITY,
    column("certification_type", Kind.TEXT, text("Certification type")),
    column("filed_on", Kind.DATE, text("Application filed on")),
    column("standard_version", Kind.TEXT, text("Version of the Standard")),
    column("period_start", Kind.DATE, text("Evaluated period from")),
    column("period_end", Kind.DATE, text("Evaluated period to")),
    column("evaluated_on", Kind.DATE, text("Evaluation date")),
    column("currency", Kind.CURRENCY, text("Reporting currency")),
    column("board_confirmed_on", Kind.DATE, text("Confirmed by the Board on")),
    column("certificate_on", Kind.DATE, text("Certificate issued on")),
    column("verified_on", Kind.DATE, text("First verification completed on")),
    column("mark_first_used_on", Kind.DATE, text("Mark first used on")),
    *common.CITATION,
)  # fmt: skip
ENTITIES = fact_table(
    "entities", text("Legal entities"), "entity",
    required(common.ENTITY),
    common.NAME,
    common.COUNTRY,
    required(column("role", Kind.CHOICE, text("Role"), *PARTY_ROLES)),
    column("controlled_by", Kind.ID, text("Controlled by (IFRS 10)")),
    column("in_application", Kind.YES_NO, text("Named in the application")),
    *common.CITATION,
)  # fmt: skip
BUSINESS_UNITS = fact_table(
    "business_units", text("Markets, sites and business units"), "business_unit",
    required(common.BUSINESS_UNIT),
    common.ENTITY,
    common.COUNTRY,
    column("buys_agri_food", Kind.YES_NO, text("Buys agri-food goods")),
)  # fmt: skip
STANDARD_VERSIONS = fact_table(
    "standard_versions", text("Register of Standard versions"), "version",
    required(column("version", Kind.ID, text("Version of the Standard"))),
    column("in_force_from", Kind.DATE, text("In force from")),
    column("in_force_to", Kind.DATE, text("In force to")),
    common.DOCUMENT,
)  # fmt: skip
REVENUE = fact_table(
    "revenue", text("Revenue"), "revenue_line",
    required(column("revenue_line", Kind.ID, text("Revenue line"))),
    common.ENTITY,
    column("activity", Kind.CHOICE, text("Activity"), *ACTIVITIES),
    column("chain", Kind.CHOICE, text("Supply chain"), *CHAINS),
    common.AMOUNT,
    common.CURRENCY,
    *common.PERIOD,
    *common.CITATION,
)  # fmt: skip
COMMITMENTS = fact_table(
    "commitments", text("Commitments"), "commitment",
    required(column("commitment", Kind.ID, text("Commitment"))),
    column("kind", Kind.CHOICE, text("Kind of commitment"), "no-deforestation-no-conversion", "traceability-2030"),
    column("entity", Kind.ID, text("Made by")),
    *common.PUBLISHED,
    column("due_on", Kind.DATE, text("Due on")),
    column("approved_by", Kind.CHOICE, text("Approved by"), "published", "board-approved"),
    column("elements", Kind.LIST, text("Elements present"),
           "all group entities", "past", "future", "deforestation", "conversion", "2020-12-31",
           "all agri-food goods"),
    *common.CITATION,
)  # fmt: skip

TABLES = (APPLICATION, ENTITIES, BUSINESS_UNITS, STANDARD_VERSIONS, REVENUE, COMMITMENTS)
