"""Columns that several tables have in common, so that one word means the same in all of them."""

from dataclasses import replace

from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind
from landproof.domain.vocabulary import CUSTODY_MODELS, RISK_LEVELS


def column(name: str, kind: Kind, label: str, *choices: str) -> Column:
    """A column of a contract; ``choices`` are the words that a choice or a list may hold."""
    return Column(name, kind, label, choices=choices)


def required(column: Column) -> Column:
    """The same column in a table that refuses a row without it."""
    return replace(column, required=True)


ENTITY = column("entity", Kind.ID, text("Legal entity"))
BUSINESS_UNIT = column("business_unit", Kind.ID, text("Business unit"))
NAME = column("name", Kind.TEXT, text("Name"))
COUNTRY = column("country", Kind.COUNTRY, text("Country"))
AMOUNT = column("amount", Kind.MONEY, text("Amount"))
CURRENCY = column("currency", Kind.CURRENCY, text("Currency"))
PUBLISHED = (
    column("published_on", Kind.DATE, text("Published on")),
    column("public_at", Kind.TEXT, text("Public address")),
)
PERIOD = (
    column("period_start", Kind.DATE, text("Period from")),
    column("period_end", Kind.DATE, text("Period to")),
)

SUPPLIER = column("supplier", Kind.ID, text("Supplier"))
PRODUCT = column("product", Kind.ID, text("Product"))
COMMODITY = column("commodity", Kind.ID, text("Commodity"))
COUNTRY_OF_PRODUCTION = column("country", Kind.COUNTRY, text("Country of production"))
THIRD_PARTY_MADE = column("third_party_made", Kind.YES_NO, text("Made by others and resold"))
MASS_SHARE = column("mass_share", Kind.SHARE, text("Share of mass"))
LIVESTOCK = column("livestock", Kind.YES_NO, text("Livestock chain"))
RECYCLED = column("recycled", Kind.YES_NO, text("Recycled fibre"))
HS_CODE = column("hs_code", Kind.TEXT, text("HS code"))

LINE = column("line", Kind.ID, text("Purchase line"))
LOT = column("lot", Kind.ID, text("Lot"))
FACILITY = column("facility", Kind.ID, text("Facility"))
PARTY = column("party", Kind.ID, text("Party"))
HOLDER = column("holder", Kind.ID, text("Holder"))
EVENT = column("event", Kind.ID, text("Event"))
VESSEL = column("vessel", Kind.ID, text("Tank or silo"))
STEP = column("step", Kind.COUNT, text("Step"))
MASS = column("mass_g", Kind.MASS, text("Mass"))
RECEIVED_ON = column("received_on", Kind.DATE, text("Received on"))
CUSTODY = column("custody", Kind.CHOICE, text("Custody model"), *CUSTODY_MODELS)

PLOT = column("plot", Kind.ID, text("Plot"))
DECLARED_AREA = column("area_ha", Kind.AREA, text("Declared area"))
DECIMALS = (
    column("decimals", Kind.COUNT, text("Decimals of the coordinates as written")),
    column("decimals_known", Kind.YES_NO, text("Decimals counted on the source text")),
)
BOUNDARY_OF = column("boundary_of", Kind.CHOICE, text("Boundary of"), "field", "property")
BETWEEN_DAYS = (
    column("earliest", Kind.DATE, text("Earliest day")),
    column("latest", Kind.DATE, text("Latest day")),
)
AREA_M2 = column("area_m2", Kind.SQUARE_METRES, text("Area in square metres"))
USE_AFTER = column("use_after", Kind.CHOICE, text("Use afterwards"), "agriculture", "other", "none")
ORIGIN_RISK_LEVEL = column("level", Kind.CHOICE, text("Origin risk"), *RISK_LEVELS)

CERTIFICATE = column("certificate", Kind.ID, text("Certificate"))
SCHEME = column("scheme", Kind.ID, text("Scheme and version"))
REFERENCE_NUMBER = column("reference_number", Kind.ID, text("Reference number"))
DISCLOSURE = column("disclosure", Kind.ID, text("Disclosure"))
OWNER = column("owner", Kind.ID, text("Owner"))
VALIDITY = (
    column("valid_from", Kind.DATE, text("Valid from")),
    column("valid_to", Kind.DATE, text("Valid to")),
)
DOCUMENT = column("document", Kind.DOCUMENT, text("Document"))
PAGE = column("page", Kind.TEXT, text("Page"))
CITATION = (DOCUMENT, PAGE)
