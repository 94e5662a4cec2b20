"""The cheapest evidence that would settle a doubtful plot, by the reasons of its verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from landproof.domain.messages import text


@dataclass(frozen=True, slots=True)
class Evidence:
    """``cost``: a rank, from what costs nothing to a journey. ``settles``: the codes that it takes away."""

    ask: str
    cost: int
    settles: frozenset[str]


_BY_EYE = frozenset(
    {
        "I-STRADDLE", "I-BASELINE", "I-ONE-FAMILY", "I-WEAK", "I-RESIDUAL", "I-CLOUD", "I-STALE", "I-SMALL",
        "I-FRINGE", "I-USE", "I-TREECROP",
    }
)  # fmt: skip
EVIDENCE: Mapping[str, Evidence] = {
    "layer": Evidence(
        text("Fetch the tiles that are missing here, or name a layer in a version that passes its date check."),
        1,
        frozenset({"A-NODATA", "A-DATE"}),
    ),
    "newer layer": Evidence(text("Measure again on the newest version of the layers."), 1, frozenset({"I-STALE"})),
    "family": Evidence(
        text("Add a change layer of another family that covers the plot, such as radar alerts."),
        2,
        frozenset({"I-ONE-FAMILY", "I-WEAK", "I-RESIDUAL", "I-CLOUD"}),
    ),
    "outline": Evidence(
        text("Ask the supplier for the outline, walked with a GNSS receiver."),
        3,
        frozenset({"A-GEOM", "I-FRINGE"}),
    ),
    "records": Evidence(
        text("Ask for planting or management records from before the cut-off; let two people sign the review."),
        3,
        frozenset({"I-TREECROP", "I-BASELINE", "I-USE"}),
    ),
    "image pair": Evidence(
        text(
            "Let two people compare images of 5 m or finer from the 12 months before the cut-off and from after "
            "it, and sign the review."
        ),
        4,
        _BY_EYE,
    ),
    "field visit": Evidence(
        text("Visit the plot; let two people sign the report."),
        6,
        _BY_EYE | {"I-PEAT", "I-DEGRADE", "I-REVIEW"},
    ),
}  # fmt: skip


def next_evidence(codes: Iterable[str]) -> tuple[str, ...]:
    """The names in `EVIDENCE` that together settle ``codes``, the cheapest; of equal cost the first listed.

    Empty for verdicts that nothing of this can settle: those that are decided.
    """
    wanted = frozenset(code for code in codes if any(code in each.settles for each in EVIDENCE.values()))
    if not wanted:
        return ()
    useful = [name for name, each in EVIDENCE.items() if each.settles & wanted]
    sets = (
        chosen
        for size in range(1, len(useful) + 1)
        for chosen in combinations(useful, size)
        if wanted <= frozenset[str]().union(*(EVIDENCE[name].settles for name in chosen))
    )
    return min(sets, key=lambda chosen: (sum(EVIDENCE[name].cost for name in chosen), len(chosen)))
