"""The tables that steps work out on the way from facts to findings. Grain first, as in the design.

Steps that narrow the work default to the careful side: an unknown level is high, an unknown depth is
the plot, an unknown recipe stays uncovered.
"""

from collections.abc import Mapping

from landproof.domain import columns as common
from landproof.domain.columns import column
from landproof.domain.messages import text
from landproof.domain.tables import PART_GRAMS, SPEND, Column, DType, Kind, Table
from landproof.domain.vocabulary import (
    CHAIN_CHECKS,
    CO_PRODUCT_KEYS,
    FINDING_SUBJECTS,
    FINDING_WEIGHTS,
    LAND_HARMS,
    OBSTACLES,
)

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


def _table(name: str, title: str, key: str, *columns: Column) -> Table:
    return Table(name, title, tuple(key.split()), columns)


_POSITION = column("position", Kind.ID, text("Sourcing position"))
_FEED_RECORD = column("feed", Kind.ID, text("Feed record"))
_ESTIMATE = column("estimate", Kind.YES_NO, text("Estimated, not documented"))
_LIST = column("list", Kind.ID, text("Origin-risk list"))
_ASSESSED = column("assessed", Kind.YES_NO, text("Assessed"))
_SIX = column("six", Kind.YES_NO, text("One of the six commodities"))
_WOOD = column("wood", Kind.YES_NO, text("Wood fibre"))
_DEPTH_REACHED = column("depth", Kind.CHOICE, text("Depth reached"), "plot", "facility", "country", "none")
_WEAKEST_CUSTODY = (
    column("custody", Kind.CHOICE, text("Weakest custody model")),  # null: no step states one
    column("custody_unknown", Kind.YES_NO, text("A step without a proven custody model")),
)

GOODS = _table(
    "goods", text("Products as commodities"), "product commodity",
    common.PRODUCT,
    common.COMMODITY,  # UNKNOWN_COMMODITY without a recipe
    column("kind", Kind.CHOICE, text("Kind of product")),
    column("in_scope", Kind.YES_NO, text("In scope")),  # null: cannot tell, treated as in scope
    common.THIRD_PARTY_MADE,
    column("allocation", Kind.CHOICE, text("Allocation key"), "cost", "mass", "single", "none"),
    column("share", Kind.SHARE, text("Share of spend used")),
    column("other_share", Kind.SHARE, text("Share of spend by the other key")),
    common.MASS_SHARE,
    common.LIVESTOCK,
    common.RECYCLED,
)  # fmt: skip
LINE_GOODS = _table(
    "line_goods", text("Purchase lines as commodities"), "line commodity",
    common.LINE,
    common.COMMODITY,
    _POSITION,
    common.LOT,
    _part_g("mass_g", text("Mass")),
    _spend("spend", text("Spend in the reporting currency")),
)  # fmt: skip
MATERIALITY = _table(
    "materiality", text("Materiality"), "commodity",
    common.COMMODITY,
    _spend("spend", text("Spend")),  # null: a part of it is unknown
    _spend("whole", text("Net agri-food spend")),
    column("reaches_threshold", Kind.YES_NO, text("Reaches 1 %")),  # null: cannot tell
    _ASSESSED,  # true where reaches_threshold is true or null
    column("added_for_coverage", Kind.YES_NO, text("Added to reach 90 %")),
    column("other_key_crosses", Kind.YES_NO, text("Another allocation key would cross 1 %")),
)  # fmt: skip
FEED_EATEN = _table(
    "feed_eaten", text("Feed eaten for purchase lines"), "line feed",
    # of lines of animal products in scope; the grams of a record add up over its lines (largest remainder)
    common.LINE,
    _FEED_RECORD,
    common.PRODUCT,
    common.SUPPLIER,  # of the line
    common.COMMODITY,  # of the feed; UNKNOWN_COMMODITY where no record names it
    common.COUNTRY_OF_PRODUCTION,  # of the feed; null of an estimate, which shows none
    _POSITION,
    common.LOT,  # of the feed
    common.RECEIVED_ON,
    _ASSESSED,
    _ESTIMATE,
    column("key", Kind.CHOICE, text("Key of the co-products"), *CO_PRODUCT_KEYS),  # null: not divided
    column("share", Kind.SHARE, text("Share of the animal's feed that this product carries")),
    common.MASS,  # null: the quantity of the line or the ratio is unknown
)  # fmt: skip
POSITIONS = _table(
    "positions", text("Sourcing positions"), "position",
    # supplier x commodity x country of production x list in force x before or from 2030 (AMB-42)
    _POSITION,
    common.SUPPLIER,
    common.COMMODITY,
    common.COUNTRY_OF_PRODUCTION,
    _LIST,
    column("from_2030", Kind.YES_NO, text("Received from 2030 on")),
    column("feed_for", Kind.ID, text("Feed for product")),  # null: bought itself
    _SIX,
    common.LIVESTOCK,
    _WOOD,
    common.RECYCLED,
    _ASSESSED,  # false: below 1 % and not needed for 90 %
    column("lines", Kind.COUNT, text("Purchase lines")),
    column("first_received_on", Kind.DATE, text("First received on")),
    column("last_received_on", Kind.DATE, text("Last received on")),
    _part_g("mass_g", text("Mass")),
    _spend("spend", text("Spend")),
)  # fmt: skip
ORIGIN_RISK = _table(
    "origin_risk", text("Origin risk"), "commodity country list",
    common.COMMODITY,
    common.COUNTRY_OF_PRODUCTION,
    _LIST,
    column("list_from", Kind.DATE, text("In force from")),
    column("listed_level", Kind.CHOICE, text("Level on the list"), "high", "standard", "low", "not listed"),
    column("basis", Kind.CHOICE, text("Basis"), "list", "default", "verifier", "none"),
    column("deforestation_level", Kind.CHOICE, text("Deforestation risk"), "high", "low"),
    column("conversion_level", Kind.CHOICE, text("Conversion risk"), "high", "low"),  # null: not classified
    common.ORIGIN_RISK_LEVEL,  # the higher of the two; unknown is high
)  # fmt: skip
DEPTH = _table(
    "depth", text("Depth required"), "position",
    _POSITION,
    common.ORIGIN_RISK_LEVEL,
    column("required", Kind.CHOICE, text("Depth required"), "plot", "country"),
    column("because", Kind.CHOICE, text("Because"), "high-risk", "six", "from-2030", "unknown", "low-risk"),
)  # fmt: skip
LOT_STATUS = _table(
    "lot_status", text("Lots as traced"), "lot",
    common.LOT,
    _DEPTH_REACHED,  # of all of it
    column("mass_g", Kind.MASS, text("Mass of the inputs")),
    column("plot_g", Kind.MASS, text("Mass traced to plots")),  # whole grams, rounded down
    column("country_g", Kind.MASS, text("Mass traced to a country or plot")),
    *_WEAKEST_CUSTODY,
    column("claimed", Kind.CHOICE, text("Claimed custody model")),  # the strongest stated of it
    column("steps", Kind.COUNT, text("Steps")),
    column("problems", Kind.LIST, text("Problems"), "cycle", "cycle upstream", "missing input lot",
           "no inputs", "missing mass", "over-used"),
)  # fmt: skip
LOT_PLOTS = _table(
    "lot_plots", text("Plots behind lots"), "lot plot",
    common.LOT,
    common.PLOT,
    column("mass_g", Kind.MASS, text("Mass traced to the plot")),  # whole grams, largest remainder
)  # fmt: skip
_CHECK = column("check", Kind.CHOICE, text("Check"), *CHAIN_CHECKS)
CHAIN_FINDINGS = _table(
    "chain_findings", text("What cannot all be true"), "finding",
    column("finding", Kind.ID, text("Finding")),  # of the check, the subject and what tells findings on it apart
    _CHECK,
    column("weight", Kind.CHOICE, text("Weight"), *FINDING_WEIGHTS),
    column("subject_kind", Kind.CHOICE, text("Kind of subject"), *FINDING_SUBJECTS),
    column("subject", Kind.ID, text("Subject")),
    common.COMMODITY,
    column("lots", Kind.LIST, text("Lots")),
    column("plots", Kind.LIST, text("Plots")),
    column("facts", Kind.LIST, text("Rows behind it, in order")),  # such as "event:E1", "delivery:D1", "line:PO-1"
    column("on", Kind.DATE, text("Day")),
    column("not_before", Kind.DATE, text("Not before")),
    column("measured_g", Kind.MASS, text("Measured")),
    column("limit_g", Kind.MASS, text("Limit")),  # whole grams: a limit from above rounded down, from below up
    column("of_g", Kind.MASS, text("Mass that a share is of")),
    column("low_share", Kind.SHARE, text("Least share")),
    column("high_share", Kind.SHARE, text("Largest share")),
    column("overlap_m2", Kind.SQUARE_METRES, text("Overlap in square metres")),
    column("tolerance_g", Kind.MASS, text("Tolerance")),
    column("tolerance_days", Kind.COUNT, text("Tolerance in days")),
    column("tolerance_share", Kind.SHARE, text("Tolerance as a share")),
    column("basis", Kind.LIST, text("Sources of the limit")),
    column("values", Kind.TEXT, text("Names in the sentence")),  # JSON
)  # fmt: skip
CHAIN_CHECKED = _table(
    "chain_checks", text("Checks of the chain"), "check",
    _CHECK,
    column("looked_at", Kind.COUNT, text("Looked at")),
    column("not_checked", Kind.COUNT, text("Not checked, as something is missing")),
)  # fmt: skip
LOT_OBSTACLES = _table(
    "lot_obstacles", text("What stands in the way of lots"), "lot",
    # of each bought lot that has something in its way, the nearest
    common.LOT,
    column("obstacle", Kind.CHOICE, text("Obstacle"), *OBSTACLES),
    column("at", Kind.ID, text("At lot or plot")),
    common.MASS,  # that it touches there
    column("fact", Kind.ID, text("Delivery or event")),
    common.FACILITY,
    column("on", Kind.DATE, text("Day")),
    column("mixed_by", Kind.ID, text("Taken in by")),  # the step on the way that took it in
    column("mixed_in", Kind.ID, text("Taken in into")),
    column("mixed_at", Kind.ID, text("Taken in at")),
    column("mixed_on", Kind.DATE, text("Taken in on")),
    column("steps", Kind.COUNT, text("Steps")),
)  # fmt: skip
TRACES = _table(
    "traces", text("Traceability of purchase lines"), "line commodity position",
    # one feed record may stand behind several positions; bought = plot + country + untraced, always
    common.LINE,
    common.COMMODITY,
    _POSITION,
    common.LOT,
    _part_g("bought_g", text("Bought")),
    _part_g("plot_g", text("Traced to plots")),
    _part_g("country_g", text("Traced to a country only")),
    _part_g("untraced_g", text("Not traced")),
    _DEPTH_REACHED,
    *_WEAKEST_CUSTODY,
    _ESTIMATE,  # of a feed record; it proves nothing
)  # fmt: skip
FEED_OBLIGATIONS = _table(
    "feed_obligations", text("Feed obligations of purchase lines"), "line feed",
    # beside the mass of the line, never added to it; mass = plot + country + untraced
    common.LINE,
    _FEED_RECORD,
    common.PRODUCT,
    common.COMMODITY,
    _POSITION,
    common.LOT,
    _ESTIMATE,
    FEED_EATEN["key"],
    FEED_EATEN["share"],
    common.MASS,
    column("plot_g", Kind.MASS, text("Traced to plots")),  # whole grams, rounded down
    column("country_g", Kind.MASS, text("Traced to a country only")),
    column("untraced_g", Kind.MASS, text("Not traced")),
    _DEPTH_REACHED,
    *_WEAKEST_CUSTODY,
)  # fmt: skip
SETTLED_LOTS = _table(
    "settled_lots", text("Lots settled by an EUDR statement"), "lot",
    common.LOT,
    common.REFERENCE_NUMBER,  # the first usable statement, in their order
)  # fmt: skip
UNITS = _table(
    "units", text("Production units in scope"), "plot commodity",
    # plots that a position reaches through its lots; "position" rows of unreached mass are in traces
    common.PLOT,
    common.COMMODITY,
    common.COUNTRY,
    column("known", Kind.YES_NO, text("Plot is on file")),
    common.ORIGIN_RISK_LEVEL,
    _SIX,
    column("use", Kind.CHOICE, text("Use")),
    _WOOD,
    column("feed", Kind.YES_NO, text("Grows feed")),
    column("shape", Kind.CHOICE, text("Shape")),
    common.DECLARED_AREA,
    *common.DECIMALS,
    common.BOUNDARY_OF,
    # every lot that this plot feeds is settled by an accepted EUDR statement (DCF-3.3-10)
    column("eudr_accepted", Kind.YES_NO, text("Settled by an EUDR statement")),
    # every lot that this plot feeds is supported by an accepted scheme (DCF-3.8)
    column("scheme_accepted", Kind.YES_NO, text("Supported by a scheme")),
)  # fmt: skip
PLOT_STATUS = _table(
    "plot_status", text("Land verdicts"), "plot harm",
    common.PLOT,
    column("harm", Kind.CHOICE, text("Harm"), *LAND_HARMS),
    column("verdict", Kind.CHOICE, text("Verdict"), "not converted", "converted", "inconclusive", "not assessed"),
    column("reasons", Kind.LIST, text("Reason codes")),
    common.AREA_M2,
    *common.BETWEEN_DAYS,
    common.USE_AFTER,  # null: unknown
    # of land that no source reports as changed: the chance that they missed it
    column("residual_ppm", Kind.COUNT, text("Residual probability, parts per million")),
    column("seen_until", Kind.DATE, text("Seen until")),  # by as many independent families as clearing needs
    column("review", Kind.ID, text("Review")),  # that settled the verdict
)  # fmt: skip

DERIVED: Mapping[str, Table] = {
    table.name: table
    for table in (
        GOODS, LINE_GOODS, MATERIALITY, FEED_EATEN, POSITIONS, ORIGIN_RISK, DEPTH, LOT_STATUS, LOT_PLOTS,
        LOT_OBSTACLES,
        CHAIN_FINDINGS, CHAIN_CHECKED, TRACES, FEED_OBLIGATIONS, SETTLED_LOTS, UNITS, PLOT_STATUS,
    )
}  # fmt: skip
