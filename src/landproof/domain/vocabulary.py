"""Closed lists of words: what a choice column may hold, and which commodities are special.

Terms follow the criteria's glossary, ISO 22095:2020 (custody models) and EUDR.
"""

from landproof.domain.messages import text

ENTITY = "entity"  # the subject of what is said of the company as a whole

PARTY_ROLES = ("applicant", "parent", "controlled", "other")
ACTIVITIES = (
    "producer", "trader", "processor", "manufacturer", "distributor", "retailer", "bioenergy", "non-food", "other",
)  # fmt: skip
CHAINS = ("agri-food", "other")
PRODUCT_KINDS = (
    "crop good",  # a land-grown good or what is made of it
    "animal product",  # carries feed
    "food packaging",
    "transport packaging",
    "not land-grown",  # wild fish, salt, water, synthetic (AMB-08)
    "non-food",  # timber, leather and other goods outside the food chain
    "bioenergy",
)
SHAPES = ("outline", "point")
PLOT_USES = ("crop", "cattle", "other livestock", "wood", "slaughterhouse")
RISK_LEVELS = ("high", "low")
HARMS = ("forest loss", "conversion of other natural ecosystems")
HCV_FEATURES = ("hcv forest", "forest types", "other natural ecosystem", "peat")  # the yearly look (AMB-46)
# What a land verdict speaks of.
LAND_HARMS = ("deforestation", "conversion", "wood degradation", "peat", "degradation")
MAIN_HARMS = LAND_HARMS[:2]
LAND_EVENTS = (
    "loss", "conversion", "peat drainage", "peat development", "peat fire", "degradation", "forest type change",
)  # fmt: skip
ANSWERS = ("yes", "no")

# ISO 22095:2020, 3.3, from the strongest to the weakest. Only the first two may count (clause 3.3).
CUSTODY_MODELS = ("identity preserved", "segregated", "controlled blending", "mass balance", "book and claim")
CUSTODY_LABELS = {
    "identity preserved": text("identity preserved"),
    "segregated": text("segregated"),
    "controlled blending": text("controlled blending"),
    "mass balance": text("mass balance"),
    "book and claim": text("book and claim"),
}

# What keeps a lot from being proven: its origin, how it was kept apart, or its land.
OBSTACLES = (
    "unknown origin", "lot not on file", "plot not on file", "country only", "loop", "no custody model",
    "custody not proven", *CUSTODY_MODELS[2:], "plot not shown unconverted",
)  # fmt: skip

# What happens in a chain, after EPCIS 2.0: harvest is commissioning with a place, transfer changes the owner.
EVENT_KINDS = (
    "harvest", "transformation", "aggregation", "transfer", "into vessel", "out of vessel", "vessel emptied",
    "loss", "error declaration",  # voids another event; nothing is ever deleted
)  # fmt: skip
EVENT_ROLES = ("input", "output")
# What parties are to the chain (EUDR, Art. 2, for operators) and to its proof.
CHAIN_ROLES = (
    "producer", "cooperative", "trader", "processor", "carrier", "operator", "downstream operator", "verifier",
    "certification body",
)  # fmt: skip
IDENTIFIED = ("party", "facility", "plot", "lot", "product")
# Plots are no more one than their outlines are: each is judged. What is in a vessel follows its own events.
MERGEABLE = ("party", "facility", "lot", "product")
IDENTIFIER_SCHEMES = (
    "GLN", "LEI", "EORI", "VAT number", "GTIN", "GTIN and lot", "SSCC", "OS ID", "UML ID", "GeoID", "national id",
    "own id of another",
)  # fmt: skip
# A vessel of unknown policy is mixed.
VESSEL_POLICIES = ("mixed", "first in first out", "emptied between batches")
# How it is known where goods come from. Only the first three may count.
KNOWN_BY = ("documented", "certified", "declared", "modelled", "unknown")

# What is asked of all documents of a chain together, and how much a finding weighs.
CHAIN_CHECKS = (
    "outputs above inputs", "yield out of range", "lot over-used", "used before made", "used by another",
    "stock below zero", "vessel below zero", "plot over capacity", "overlapping plots over capacity",
    "overlapping plots of several parties", "certificate over volume", "claim document used again",
    "vessel shared", "claim before made", "claimed above inputs", "class steps up", "constant claim ratio",
    "spend without mass", "spend not traced", "day and moment differ",
)  # fmt: skip
FINDING_WEIGHTS = ("contradiction", "sign")  # the documents cannot all be true; something to be looked at
FINDING_SUBJECTS = ("lot", "plot", "facility", "vessel", "supplier", "product", "event", "certificate")

# Of what feed is stated per kilogram, and by what it is divided over the co-products of an animal.
FEED_PER = ("product", "animal")
CO_PRODUCT_KEYS = ("mass", "value", "none")

# The six of the criteria's clauses 3.2 and 3.3; dairy is not beef (AMB-24).
SIX_COMMODITIES = ("beef", "cocoa", "coffee", "palm oil", "pulp and paper", "soy")
LIVESTOCK_COMMODITIES = (
    "beef", "dairy", "pork", "chicken", "eggs", "lamb", "farmed fish", "farmed shrimp", "duck", "turkey", "goat",
)  # fmt: skip
WOOD_COMMODITIES = ("pulp and paper",)
# Ingredients that no land grew (AMB-08): outside the scope once the recipe that names them is on file.
NOT_LAND_GROWN_COMMODITIES = ("minerals", "salt", "synthetic ingredients", "water", "wild fish")

SITE_RECORDS = "site records"  # yes: goods are kept apart at the site, and its records and balance show it

# What a document may speak of. A rule names the topic it reads; `subject` of the row is its scope:
# "*" for the whole entity, or "kind:id", such as "commodity:soy", "supplier:S-1", "plot:P-7", "origin:soy|BR".
EVIDENCE_TOPICS = (
    "ledger reconciliation",
    "activity description",
    "commodity map",
    "allocation method",
    "conversion factors",
    "packaging register",
    "resale ledger",
    "land-class map",
    "degradation assessment",  # yes: an expert finds no degradation after the cut-off date
    "forest type assessment",  # yes: an expert finds no change of forest type after the cut-off date
    "due diligence system",
    "due diligence breadth",
    "simplified due diligence",
    "country of origin",
    "permit",
    SITE_RECORDS,
    "conversion-risk method",
    "monitoring system",
    "fpic and undrip",
    "international bill of human rights",
    "ilo fundamental principles",
    "un guiding principles",
    "oecd guidelines",
    "ilo tripartite declaration",
    "capacity building",
)
