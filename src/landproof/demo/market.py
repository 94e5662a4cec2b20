"""What the invented company buys: commodities, origins, products, prices, and who sells them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Product:
    """A product that is one commodity. ``price`` is per kilogram in ``currency``."""

    id: str
    name: str
    hs: str
    currency: str
    price: str
    derivative: str | None = None
    kind: str = "crop good"


@dataclass(frozen=True, slots=True)
class Source:
    """A commodity from one country. ``spend`` is in thousandths of a percent of agri-food spend.

    ``window``: where its plots are; without one the goods are traced to the country. ``plots`` is the
    weight by which plots are shared out. ``inputs`` is grams that go in for each 1,000 g that come out.
    """

    key: str
    commodity: str
    country: str
    window: str | None
    suppliers: int
    plots: int
    spend: int
    products: tuple[Product, ...]
    use: str = "crop"
    hectares: tuple[float, float] = (1.0, 3.8)
    points: int = 0  # of a hundred plots given as points
    inputs: int = 1000
    smallholders: bool = False
    suffix: str = "Ltd"


def _p(
    key: str, name: str, hs: str, money: str, price: str, derivative: str = "", kind: str = "crop good"
) -> Product:
    return Product(key, name, hs, money, price, derivative or None, kind)


SOURCES = (
    Source(
        "soy-br",
        "soy",
        "BR",
        "br-mato-grosso",
        8,
        560,
        13_998,
        (
            _p("P-01", "Soybean oil", "1507.90", "USD", "1.12", "oil"),
            _p("P-02", "Soy flour", "1208.10", "USD", "0.74", "flour"),
        ),
        hectares=(5.0, 9.5),
        inputs=1020,
        suffix="Agro",
    ),
    Source(
        "beef-br",
        "beef",
        "BR",
        "br-para",
        6,
        260,
        11_000,
        (_p("P-03", "Frozen beef cuts", "0202.30", "USD", "4.85", kind="animal product"),),
        use="cattle",
        hectares=(5.0, 9.5),
        inputs=1800,
        suffix="Carnes",
    ),
    Source(
        "sugar-br",
        "sugar cane",
        "BR",
        "br-para",
        2,
        180,
        3_000,
        (_p("P-04", "Raw cane sugar", "1701.14", "USD", "0.52", "sugar"),),
        hectares=(5.0, 9.5),
        inputs=8200,
        suffix="Usina",
    ),
    Source(
        "cocoa-ci",
        "cocoa",
        "CI",
        "ci-centre",
        6,
        440,
        8_000,
        (
            _p("P-05", "Cocoa butter", "1804.00", "EUR", "9.40", "butter"),
            _p("P-06", "Cocoa powder", "1805.00", "EUR", "4.10", "powder"),
        ),
        points=45,
        inputs=1330,
        smallholders=True,
        suffix="Coopérative",
    ),
    Source(
        "cocoa-gh",
        "cocoa",
        "GH",
        "gh-western",
        5,
        380,
        6_000,
        (_p("P-07", "Cocoa liquor", "1803.10", "GBP", "6.30", "liquor"),),
        points=45,
        inputs=1250,
        smallholders=True,
        suffix="Growers",
    ),
    Source(
        "palm-id",
        "palm oil",
        "ID",
        "id-riau",
        6,
        400,
        10_000,
        (_p("P-08", "Specialty palm fat", "1511.90", "USD", "3.60", "fat"),),
        points=25,
        inputs=4600,
        smallholders=True,
        suffix="Sawit",
    ),
    Source(
        "coffee-vn",
        "coffee",
        "VN",
        "vn-highlands",
        5,
        340,
        9_000,
        (_p("P-09", "Green coffee", "0901.11", "USD", "3.70"),),
        points=40,
        smallholders=True,
        suffix="Coffee",
    ),
    Source(
        "cashew-vn",
        "cashew",
        "VN",
        "vn-highlands",
        3,
        160,
        2_600,
        (_p("P-10", "Cashew kernels", "0801.32", "USD", "5.90"),),
        points=30,
        inputs=4200,
        smallholders=True,
        suffix="Cashew",
    ),
    Source(
        "pepper-vn",
        "pepper",
        "VN",
        "vn-highlands",
        1,
        40,
        995,
        (_p("P-11", "Black pepper", "0904.11", "EUR", "5.20"),),
        points=20,
        smallholders=True,
        suffix="Spice",
    ),
    Source(
        "paper-fr",
        "pulp and paper",
        "FR",
        "fr-landes",
        3,
        140,
        6_000,
        (_p("P-12", "Folding cartons for food", "4819.20", "EUR", "1.35", "paperboard", "food packaging"),),
        use="wood",
        hectares=(3.0, 5.2),
        inputs=2100,
        suffix="Papiers",
    ),
    Source(
        "tea-ke",
        "tea",
        "KE",
        "ke-rift",
        2,
        100,
        1_800,
        (_p("P-13", "Black tea", "0902.40", "USD", "2.60"),),
        points=50,
        inputs=4300,
        smallholders=True,
        suffix="Tea",
    ),
    Source(
        "chicken-fr",
        "chicken",
        "FR",
        None,
        3,
        0,
        7_700,
        (_p("P-14", "Chicken fillet", "0207.14", "EUR", "3.10", kind="animal product"),),
        suffix="Volailles",
    ),
    Source(
        "dairy-fr",
        "dairy",
        "FR",
        None,
        3,
        0,
        7_400,
        (_p("P-15", "Skimmed milk powder", "0402.10", "EUR", "2.55", "powder", "animal product"),),
        suffix="Laiterie",
    ),
    Source(
        "wheat-fr",
        "wheat",
        "FR",
        None,
        3,
        0,
        6_000,
        (_p("P-16", "Wheat flour", "1101.00", "EUR", "0.41", "flour"),),
        suffix="Moulins",
    ),
    Source(
        "maize-us",
        "maize",
        "US",
        None,
        3,
        0,
        4_200,
        (_p("P-17", "Maize starch", "1108.12", "USD", "0.68", "starch"),),
        suffix="Grain",
    ),
    Source(
        "sesame-ke",
        "sesame",
        "KE",
        None,
        1,
        0,
        1_005,
        (_p("P-18", "Sesame seed", "1207.40", "EUR", "1.70"),),
        suffix="Seeds",
    ),
)
# Beside the sources, in the same thousandths of a percent: a product of two commodities, and one without a recipe.
DRINK, DRINK_SPEND = Product("P-19", "Sweetened soy drink powder", "2106.90", "USD", "1.60"), 1_000
MYSTERY, MYSTERY_SPEND = Product("P-20", "Savoury seasoning mix", "2103.90", "EUR", "2.90"), 2
NUGGETS, NUGGETS_SPEND = Product("P-21", "Chicken nuggets", "1602.32", "EUR", "2.80", kind="animal product"), 300
OUTSIDE = (
    Product("P-31", "Table salt", "2501.00", "EUR", "0.12", kind="not land-grown"),
    Product("P-32", "Leather work gloves", "4203.29", "CNY", "38.00", kind="non-food"),
    Product("P-33", "Wooden transport pallets", "4415.20", "EUR", "0.30", kind="transport packaging"),
)
WHOLE = 100_000
RATES = {"USD": Decimal("0.92000000"), "GBP": Decimal("1.17000000"), "CNY": Decimal("0.12750000")}
PLACE_NAMES = (
    "Alder",
    "Birch",
    "Cedar",
    "Dune",
    "Elm",
    "Fern",
    "Grove",
    "Heath",
    "Iris",
    "Juniper",
    "Knoll",
    "Larch",
    "Meadow",
    "Nettle",
    "Oak",
    "Pine",
    "Quill",
    "Reed",
    "Sorrel",
    "Thistle",
    "Umber",
    "Vale",
    "Willow",
    "Yarrow",
)
