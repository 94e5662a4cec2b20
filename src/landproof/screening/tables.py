"""The tables that screening writes."""

from landproof.domain.columns import PLOT, column
from landproof.domain.messages import text
from landproof.domain.tables import Kind, Table

RESULTS = ("pass", "warn", "fail")
ALL = "all"  # the check of the row of a plot of which no check has anything to say

PLOT_CHECKS = Table(
    "plot_checks",
    text("Screening of plots"),
    ("plot", "check", "reason"),
    (
        PLOT,
        column("check", Kind.ID, text("Check")),
        column("result", Kind.CHOICE, text("Result"), *RESULTS),
        column("reason", Kind.ID, text("Reason")),  # a key of `landproof.screening.reasons.REASONS`
        column("values", Kind.TEXT, text("Values")),  # JSON: what fills the sentence
        column("longitude", Kind.NUMBER, text("Longitude")),  # of the fault, as sent; null: no single place
        column("latitude", Kind.NUMBER, text("Latitude")),
        column("ring", Kind.COUNT, text("Ring")),  # from 1, through all parts
        column("corner", Kind.COUNT, text("Corner")),  # from 1, in its ring, as sent
        column("remedy", Kind.TEXT, text("Remedy")),
    ),
)
PLOT_REPAIRS = Table(
    "plot_repairs",
    text("Proposed repairs of plots"),
    ("plot", "repair"),
    (
        PLOT,
        column("repair", Kind.ID, text("Repair")),
        column("area_before_m2", Kind.SQUARE_METRES, text("Area before, in square metres")),
        column("area_after_m2", Kind.SQUARE_METRES, text("Area after, in square metres")),
        column("geometry", Kind.GEOMETRY, text("Geometry")),
    ),
)
CHECK_COUNTS = Table(
    "check_counts",
    text("Checks and their results"),
    ("check",),
    (
        column("check", Kind.ID, text("Check")),
        column("passed", Kind.COUNT, text("Passed")),
        column("warned", Kind.COUNT, text("Warned")),
        column("failed", Kind.COUNT, text("Failed")),
        column("not_checked", Kind.COUNT, text("Not checked")),  # something is missing that the check needs
    ),
)
