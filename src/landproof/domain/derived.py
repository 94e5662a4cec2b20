"""The tables that steps work out on the way from facts to findings. Grain first, as in the design.

Steps that narrow the work default to the careful side: an unknown level is high, an unknown depth is
the plot, an unknown recipe stays uncovered.
"""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.domain.tables import MONEY, PART_GRAMS, SPEND, Column, DType, Kind, Table

__all__ = ["DERIVED", "MONEY", "UNKNOWN_COMMODITY"]

UNKNOWN_COMMODITY = "unknown"  # the commodity of a product without a recipe


class _Exact(Column):
    """A column whose type is wider than its kind's."""

    __slots__ = ("_dtype",)

    def __init__(self, name: str, kind: Kind, label: str, dtype: DType) -> None:
        super().__init__(name, kind, label)
        object.__setattr__(self, "_dtype", dtype)

    @property
    def dtype(self) -> DType:
        return self._dtype


def _spend(name: str, label: str) -> Column:
    return _Exact(name, Kind.MONEY, label, SPEND)


def _part_g(name: str, label: str) -> Column:
    return _Exact(name, Kind.MASS, label, PART_GRAMS)


def _col(name: str, kind: Kind, label: str, *choices: str) -> Column:
    return Column(name, kind, label, False, tuple(choices))


def _table(name: str, title: str, key: str, *columns: Column) -> Table:
    return Table(name, title, tuple(key.split()), columns)


GOODS = _table(
    "goods", text("Products as commodities"), "product commodity",
    _col("product", Kind.ID, text("Product")),
    _col("commodity", Kind.ID, text("Commodity")),  # UNKNOWN_COMMODITY without a recipe
    _col("kind", Kind.CHOICE, text("Kind of product")),
    _col("in_scope", Kind.YES_NO, text("In scope")),  # null: cannot tell, treated as in scope
    _col("third_party_made", Kind.YES_NO, text("Made by others and resold")),
    _col("allocation", Kind.CHOICE, text("Allocation key"), "cost", "mass", "single", "none"),
    _col("share", Kind.SHARE, text("Share of spend used")),
    _col("other_share", Kind.SHARE, text("Share of spend by the other key")),
    _col("mass_share", Kind.SHARE, text("Share of mass")),
    _col("livestock", Kind.YES_NO, text("Livestock chain")),
    _col("recycled", Kind.YES_NO, text("Recycled fibre")),
)  # fmt: skip
LINE_GOODS = _table(
    "line_goods", text("Purchase lines as commodities"), "line commodity",
    _col("line", Kind.ID, text("Purchase line")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("position", Kind.ID, text("Sourcing position")),
    _col("lot", Kind.ID, text("Lot")),
    _part_g("mass_g", text("Mass")),
    _spend("spend", text("Spend in the reporting currency")),
)  # fmt: skip
MATERIALITY = _table(
    "materiality", text("Materiality"), "commodity",
    _col("commodity", Kind.ID, text("Commodity")),
    _spend("spend", text("Spend")),  # null: a part of it is unknown
    _spend("whole", text("Net agri-food spend")),
    _col("reaches_threshold", Kind.YES_NO, text("Reaches 1 %")),  # null: cannot tell
    _col("assessed", Kind.YES_NO, text("Assessed")),  # true where reaches_threshold is true or null
    _col("added_for_coverage", Kind.YES_NO, text("Added to reach 90 %")),
    _col("other_key_crosses", Kind.YES_NO, text("Another allocation key would cross 1 %")),
)  # fmt: skip
POSITIONS = _table(
    "positions", text("Sourcing positions"), "position",
    # supplier x commodity x country of production x list in force x before or from 2030 (AMB-42)
    _col("position", Kind.ID, text("Sourcing position")),
    _col("supplier", Kind.ID, text("Supplier")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("list", Kind.ID, text("Origin-risk list")),
    _col("from_2030", Kind.YES_NO, text("Received from 2030 on")),
    _col("feed_for", Kind.ID, text("Feed for product")),  # null: bought itself
    _col("six", Kind.YES_NO, text("One of the six commodities")),
    _col("livestock", Kind.YES_NO, text("Livestock chain")),
    _col("wood", Kind.YES_NO, text("Wood fibre")),
    _col("recycled", Kind.YES_NO, text("Recycled fibre")),
    _col("assessed", Kind.YES_NO, text("Assessed")),  # false: below 1 % and not needed for 90 %
    _col("lines", Kind.COUNT, text("Purchase lines")),
    _col("first_received_on", Kind.DATE, text("First received on")),
    _col("last_received_on", Kind.DATE, text("Last received on")),
    _part_g("mass_g", text("Mass")),
    _spend("spend", text("Spend")),
)  # fmt: skip
ORIGIN_RISK = _table(
    "origin_risk", text("Origin risk"), "commodity country list",
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country of production")),
    _col("list", Kind.ID, text("Origin-risk list")),
    _col("list_from", Kind.DATE, text("In force from")),
    _col("listed_level", Kind.CHOICE, text("Level on the list"), "high", "standard", "low", "not listed"),
    _col("basis", Kind.CHOICE, text("Basis"), "list", "default", "verifier", "none"),
    _col("deforestation_level", Kind.CHOICE, text("Deforestation risk"), "high", "low"),
    _col("conversion_level", Kind.CHOICE, text("Conversion risk"), "high", "low"),  # null: not classified
    _col("level", Kind.CHOICE, text("Origin risk"), "high", "low"),  # the higher of the two; unknown is high
)  # fmt: skip
DEPTH = _table(
    "depth", text("Depth required"), "position",
    _col("position", Kind.ID, text("Sourcing position")),
    _col("level", Kind.CHOICE, text("Origin risk"), "high", "low"),
    _col("required", Kind.CHOICE, text("Depth required"), "plot", "country"),
    _col("because", Kind.CHOICE, text("Because"), "high-risk", "six", "from-2030", "unknown", "low-risk"),
)  # fmt: skip
LOT_STATUS = _table(
    "lot_status", text("Lots as traced"), "lot",
    _col("lot", Kind.ID, text("Lot")),
    _col("depth", Kind.CHOICE, text("Depth reached"), "plot", "facility", "country", "none"),  # of all of it
    _col("mass_g", Kind.MASS, text("Mass of the inputs")),
    _col("plot_g", Kind.MASS, text("Mass traced to plots")),  # whole grams, rounded down
    _col("country_g", Kind.MASS, text("Mass traced to a country or plot")),
    _col("custody", Kind.CHOICE, text("Weakest custody model")),  # null: no step states one
    _col("custody_unknown", Kind.YES_NO, text("A step without a custody model")),
    _col("steps", Kind.COUNT, text("Steps")),
    _col("problems", Kind.LIST, text("Problems"), "cycle", "missing input lot", "no inputs", "missing mass"),
)  # fmt: skip
LOT_PLOTS = _table(
    "lot_plots", text("Plots behind lots"), "lot plot",
    _col("lot", Kind.ID, text("Lot")),
    _col("plot", Kind.ID, text("Plot")),
    _col("mass_g", Kind.MASS, text("Mass traced to the plot")),  # whole grams, largest remainder
)  # fmt: skip
TRACES = _table(
    "traces", text("Traceability of purchase lines"), "line commodity position",
    # one feed record may stand behind several positions; bought = plot + country + untraced, always
    _col("line", Kind.ID, text("Purchase line")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("position", Kind.ID, text("Sourcing position")),
    _col("lot", Kind.ID, text("Lot")),
    _part_g("bought_g", text("Bought")),
    _part_g("plot_g", text("Traced to plots")),
    _part_g("country_g", text("Traced to a country only")),
    _part_g("untraced_g", text("Not traced")),
    _col("depth", Kind.CHOICE, text("Depth reached"), "plot", "facility", "country", "none"),
    _col("custody", Kind.CHOICE, text("Weakest custody model")),
    _col("custody_unknown", Kind.YES_NO, text("A step without a custody model")),
)  # fmt: skip
SETTLED_LOTS = _table(
    "settled_lots", text("Lots settled by an EUDR statement"), "lot",
    _col("lot", Kind.ID, text("Lot")),
    _col("reference_number", Kind.ID, text("Reference number")),  # the first usable statement, in their order
)  # fmt: skip
UNITS = _table(
    "units", text("Production units in scope"), "plot commodity",
    # plots that a position reaches through its lots; "position" rows of unreached mass are in traces
    _col("plot", Kind.ID, text("Plot")),
    _col("commodity", Kind.ID, text("Commodity")),
    _col("country", Kind.COUNTRY, text("Country")),
    _col("known", Kind.YES_NO, text("Plot is on file")),
    _col("level", Kind.CHOICE, text("Origin risk"), "high", "low"),
    _col("six", Kind.YES_NO, text("One of the six commodities")),
    _col("use", Kind.CHOICE, text("Use")),
    _col("wood", Kind.YES_NO, text("Wood fibre")),
    _col("feed", Kind.YES_NO, text("Grows feed")),
    _col("shape", Kind.CHOICE, text("Shape")),
    _col("area_ha", Kind.AREA, text("Declared area")),
    _col("decimals", Kind.COUNT, text("Decimals of the coordinates as written")),
    _col("decimals_known", Kind.YES_NO, text("Decimals counted on the source text")),
    _col("boundary_of", Kind.CHOICE, text("Boundary of"), "field", "property"),
    # every lot that this plot feeds is settled by an accepted EUDR statement (DCF-3.3-10)
    _col("eudr_accepted", Kind.YES_NO, text("Settled by an EUDR statement")),
    # every lot that this plot feeds is supported by an accepted scheme (DCF-3.8)
    _col("scheme_accepted", Kind.YES_NO, text("Supported by a scheme")),
)  # fmt: skip
PLOT_STATUS = _table(
    "plot_status", text("Land verdicts"), "plot harm",
    _col("plot", Kind.ID, text("Plot")),
    _col("harm", Kind.CHOICE, text("Harm"),
         "deforestation", "conversion", "wood degradation", "peat", "degradation"),
    _col("verdict", Kind.CHOICE, text("Verdict"), "not converted", "converted", "inconclusive", "not assessed"),
    _col("reasons", Kind.LIST, text("Reason codes")),
    _col("area_m2", Kind.SQUARE_METRES, text("Area in square metres")),
    _col("earliest", Kind.DATE, text("Earliest day")),
    _col("latest", Kind.DATE, text("Latest day")),
    _col("use_after", Kind.CHOICE, text("Use afterwards"), "agriculture", "other", "none"),  # null: unknown
)  # fmt: skip

DERIVED: Mapping[str, Table] = {
    table.name: table
    for table in (
        GOODS, LINE_GOODS, MATERIALITY, POSITIONS, ORIGIN_RISK, DEPTH, LOT_STATUS, LOT_PLOTS, TRACES,
        SETTLED_LOTS, UNITS,
        PLOT_STATUS,
    )
}  # fmt: skip
