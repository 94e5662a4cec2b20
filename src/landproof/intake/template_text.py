"""What the templates say: the workbooks, the instructions and a word on each kind of column."""

from collections.abc import Mapping
from typing import Final

from landproof.domain.messages import text
from landproof.domain.tables import Kind

READ_ME: Final = "Read me 说明"
LISTS: Final = "_lists"

# Workbooks in the order in which a company fills them; every fact table is in exactly one.
WORKBOOKS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "01-entity-and-revenue": (
        text("Entity and revenue"), ("application", "standard_versions", "business_units", "revenue"),
    ),
    "02-group-and-commitments": (text("Group and commitments"), ("entities", "commitments")),
    "03-suppliers": (text("Supplier list"), ("suppliers",)),
    "04-products": (text("Products with recipes and feed"), ("products", "recipes", "feed")),
    "05-purchases": (text("Purchases and exchange rates"), ("purchases", "rates", "below_threshold")),
    "06-deliveries-and-lots": (
        text("Deliveries and lots"), ("lots", "deliveries", "facilities", "movements"),
    ),
    "07-plots": (text("Plots and events on the land"), ("plots", "land_events", "land_reviews")),
    "08-certificates": (
        text("Certificates, schemes, claims and EUDR statements"),
        ("certificates", "schemes", "claims", "eudr_statements"),
    ),
    "09-statements-and-evidence": (
        text("Statements, origin risk and assessments"),
        ("evidence", "risk_classes", "assessments", "hcv_records"),
    ),
    "10-human-rights": (text("Human-rights programmes and support spend"), ("programmes", "figures")),
    "11-monitoring": (text("Monitoring records"), ("monitoring", "monitoring_layers", "alerts")),
    "12-disclosures": (text("Public disclosures"), ("disclosures", "disclosed_suppliers")),
    "13-verification": (
        text("Verification history"), ("verifications", "sample_protocol", "samples", "data_room"),
    ),
    "14-events-of-the-chain": (
        text("Events of the chain, tanks and silos"), ("chain_events", "event_lots", "vessels"),
    ),
    "15-parties-and-identifiers": (
        text("Parties, identifiers and merges"), ("parties", "party_roles", "identifiers", "merges"),
    ),
}  # fmt: skip

INSTRUCTIONS: Final = (
    text(
        "Fill in the sheets of this workbook and hand it in as it is; columns may stay empty "
        "unless marked with *."
    ),
    text("An empty cell means that something is not known. It never counts as zero, as no, or as a pass."),
    text("Do not change the first two rows; the second is hidden and tells the columns apart."),
    text("One row per record. Rows that cannot be read come back marked, with the reason and what to do."),
    text(
        "Identifiers are your own. Use the same one in every sheet and workbook, and never use "
        "one twice in a sheet."
    ),
    text("Write the unit of each mass beside it: g, kg, t, lb, oz, 斤, 公斤, 吨 or 担."),
    text("Write dates as 2025-03-31 and countries by ISO code or name in English or Chinese."),
    text("Separate several entries in one cell by a semicolon."),
    text(
        "Outlines and points of plots come in a map file (GeoJSON, GeoPackage, Shapefile, KML) "
        "under the same plot."
    ),
)  # fmt: skip

HELP: Final[Mapping[Kind, str]] = {
    Kind.ID: text("Your own identifier, kept as written."),
    Kind.TEXT: text("Free text."),
    Kind.YES_NO: text("Yes or no; leave it empty when it is not known."),
    Kind.DATE: text("A day, written 2025-03-31."),
    Kind.INSTANT: text("A moment with its offset from UTC, written 2025-03-31T14:05:00+08:00."),
    Kind.COUNTRY: text("ISO code such as BR, or the name in English or Chinese."),
    Kind.CURRENCY: text("ISO code such as CNY."),
    Kind.MONEY: text("An amount of money, such as 1234.50."),
    Kind.RATE: text("A positive number."),
    Kind.SHARE: text("A share: 0.12 or 12 percent with its sign."),
    Kind.MASS: text("A number; its unit stands in the next column."),
    Kind.AREA: text("A number in the unit of the header, or with its own unit, such as 15 亩."),
    Kind.SQUARE_METRES: text("A number in the unit of the header, or with its own unit, such as 15 亩."),
    Kind.COUNT: text("A whole number."),
    Kind.NUMBER: text("A number."),
    Kind.CHOICE: text("Choose a word from the list."),
    Kind.LIST: text("Several entries, separated by a semicolon."),
    Kind.DOCUMENT: text("The name or digest of a file in the case."),
    Kind.GEOMETRY: text("Comes in a map file."),
}
UNIT_LABEL: Final = text("Unit of: %(label)s")
REQUIRED: Final = text("Every row needs it.")
CHOICES: Final = text("Words: %(choices)s.")
