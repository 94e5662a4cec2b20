"""The goods: from whom they are bought, what they are made of, and the purchase ledger."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import CO_PRODUCT_KEYS, FEED_PER, PRODUCT_KINDS

SUPPLIERS = fact_table(
    "suppliers", text("Suppliers"), "supplier",
    required(common.SUPPLIER),
    common.NAME,
    common.COUNTRY,
    column("tier", Kind.COUNT, text("Tier")),
    column("smallholders", Kind.YES_NO, text("Works with smallholders or vulnerable groups")),
    column("eudr_compliant", Kind.YES_NO, text("Says that it complies with EUDR")),
)  # fmt: skip
PRODUCTS = fact_table(
    "products", text("Products"), "product",
    required(common.PRODUCT),
    common.NAME,
    common.HS_CODE,
    column("kind", Kind.CHOICE, text("Kind of product"), *PRODUCT_KINDS),
    common.THIRD_PARTY_MADE,
    column("exclusion_reason", Kind.TEXT, text("Reason for leaving it out")),
    *common.CITATION,
)  # fmt: skip
RECIPES = fact_table(
    "recipes", text("Recipes"), "product commodity",
    required(common.PRODUCT),
    required(common.COMMODITY),
    common.MASS_SHARE,
    column("cost_share", Kind.SHARE, text("Share of cost")),
    column("derivative", Kind.TEXT, text("Derivative or extract")),
    common.RECYCLED,
    *common.CITATION,
)  # fmt: skip
FEED = fact_table(
    "feed", text("Feed"), "feed",
    required(column("feed", Kind.ID, text("Feed record"))),
    column("product", Kind.ID, text("Animal product")),
    common.SUPPLIER,
    column("commodity", Kind.ID, text("Feed commodity")),
    column("no_agri_food_feed", Kind.YES_NO, text("No agri-food feed is used")),
    column("kg_per_kg", Kind.NUMBER, text("Kilograms of feed good per kilogram of product")),
    column("per", Kind.CHOICE, text("Kilograms are per kilogram of"), *FEED_PER),  # null: product
    column("herd", Kind.ID, text("Herd or batch of animals")),
    column("product_share", Kind.SHARE, text("Kilograms of product per kilogram of animal")),
    column("key", Kind.CHOICE, text("Key of the co-products"), *CO_PRODUCT_KEYS),
    column("co_product_share", Kind.SHARE, text("Share of the animal's feed that this product carries")),
    common.COUNTRY_OF_PRODUCTION,
    column("lot", Kind.ID, text("Feed lot")),
    column("estimate", Kind.YES_NO, text("Estimated, not documented")),
    *common.CITATION,
)  # fmt: skip
PURCHASES = fact_table(
    "purchases", text("Purchases"), "line",
    required(common.LINE),
    common.RECEIVED_ON,
    common.SUPPLIER,
    common.PRODUCT,
    column("quantity_g", Kind.MASS, text("Quantity")),
    column("net_spend", Kind.MONEY, text("Net spend")),
    common.CURRENCY,
    common.COUNTRY_OF_PRODUCTION,
    column("processed_in", Kind.COUNTRY, text("Country of last processing")),
    common.LOT,
    common.BUSINESS_UNIT,
)  # fmt: skip
RATES = fact_table(
    "rates", text("Exchange rates"), "currency",
    required(common.CURRENCY),
    column("rate", Kind.RATE, text("Units of the reporting currency for one unit")),
    column("on", Kind.DATE, text("Date of the rate")),
    column("rate_source", Kind.TEXT, text("Source of the rate")),
)  # fmt: skip
BELOW_THRESHOLD = fact_table(
    "below_threshold", text("Commodities said to be below 1 %"), "commodity",
    required(common.COMMODITY),
    column("method_document", Kind.DOCUMENT, text("Method")),
    column("raw_data_document", Kind.DOCUMENT, text("Raw data")),
)  # fmt: skip

TABLES = (SUPPLIERS, PRODUCTS, RECIPES, FEED, PURCHASES, RATES, BELOW_THRESHOLD)
