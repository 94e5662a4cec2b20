"""Reason codes of land verdicts and their sentences.

C: converted. N: not converted. I: inconclusive. A: not assessed. NC: a note beside a verdict.
X: no verdict at all.
"""

from collections.abc import Mapping

from landproof.domain.messages import Message, text

REASONS: Mapping[str, str] = {
    "C-FOREST": text("Forest on %(cut_off)s, %(m2)s m² cleared after, now farm use"),
    "C-NATURAL": text("Other natural ecosystem turned to farm use after the cut-off"),
    "C-OTHER-USE": text("Forest or other natural ecosystem turned to a use other than farming after the cut-off"),
    "C-REVIEW": text("Two reviewers found conversion and signed"),
    "C-PEAT-DRAIN": text("Peat drained or developed after the cut-off"),
    "N-SILENT": text("All required sources silent"),
    "N-NONNATURAL": text("Not natural at the cut-off by independent sources; no change on natural land"),
    "N-BEFORE": text("Change ended before the cut-off, proved by date"),
    "N-NOT-FOREST": text("Not forest at the cut-off by every forest map"),
    "N-FOREST": text("What changed was forest: judged as deforestation"),
    "N-USE": text("Loss seen, but not followed by a use that would count; kept on watch"),
    "N-GROUND": text("Settled by signed evidence from images or from the ground"),
    "N-NO-PEAT": text("No peat under the plot by every peat map"),
    "I-STRADDLE": text("Change date spans the cut-off (%(lo)s to %(hi)s)"),
    "I-BASELINE": text("Baseline sources disagree"),
    "I-ONE-FAMILY": text("Only one independent source reports change"),
    "I-WEAK": text("The sources that report change raise too many false alarms to prove it"),
    "I-RESIDUAL": text("The sources that are silent miss too many clearings to exclude one"),
    "I-CLOUD": text("Too few clear observations"),
    "I-STALE": text("The newest data are older than allowed"),
    "I-REVIEW": text("Signed reviews disagree"),
    "I-SMALL": text("Change below 0.5 ha"),
    "I-FRINGE": text("Change lies only where the outline of the plot is uncertain"),
    "I-USE": text("Loss seen, later land use unknown"),
    "I-TREECROP": text("Tree crop or forest cannot be told apart"),
    "I-PEAT": text("Peat present, drainage cannot be excluded"),
    "I-DEGRADE": text("Degradation seen after the cut-off; whether it lasts or changes the use is not known"),
    "A-GEOM": text("Geometry unusable"),
    "A-NODATA": text("Layer missing here"),
    "A-DATE": text("Layer failed its date check"),
    "X-EXPLORE": text("An exploration by other terms than the published ones: it proves nothing"),
    "NC-STANDING": text("Natural forest stands on part of a production plot: check volume"),
}

EXPLORATION = "X-EXPLORE"  # the first reason of every verdict of an exploration
# Where several apply, in this order: what decided first, then the rest as the table above lists it.
ORDER = {code: place for place, code in enumerate(REASONS)}


def in_order(codes: set[str]) -> tuple[str, ...]:
    """The codes as every table lists them."""
    return tuple(sorted(codes, key=ORDER.__getitem__))


def sentence(code: str, *, cut_off: str, m2: str, lo: str, hi: str) -> Message:
    """The sentence of ``code``, with the day of the cut-off and the area and days of its verdict."""
    values = {"cut_off": cut_off, "m2": m2, "lo": lo, "hi": hi}
    return Message(
        REASONS[code], {name: value for name, value in values.items() if f"%({name})s" in REASONS[code]}
    )
