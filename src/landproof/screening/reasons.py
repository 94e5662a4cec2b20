"""All that screening says of a plot: why, and what to do about it. In both languages through the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from landproof.domain.messages import text


@dataclass(frozen=True, slots=True)
class Reason:
    """The check that says it, the sentence, and the remedy."""

    check: str
    sentence: str
    remedy: str


_EXPORT_DEGREES: Final = text("Export the file as longitude and latitude, WGS 84 (EPSG:4326).")
_DRAW_AGAIN: Final = text("Draw it again so that no side crosses or touches another.")
_ASK: Final = text("Ask the supplier which is right.")
_CHECK_SIZE: Final = text(
    "Check the outline, its units and the commodity; give each plot as a feature of its own."
)

# The checks, in the order in which they are listed.
CHECKS: Final[Mapping[str, str]] = {
    "geometry": text("A geometry that bounds land or marks a place"),
    "rings": text("Outlines are closed and have at least four positions"),
    "outline": text("No outline crosses or touches itself"),
    "holes": text("Holes lie inside their outline"),
    "parts": text("Parts do not overlap"),
    "corners": text("No corner is repeated or sticks out like a needle"),
    "six decimals": text("Valid after cutting to six decimals"),
    "heights": text("No heights or measures"),
    "degrees": text("Positions are degrees"),
    "axes": text("Longitude first, latitude second"),
    "null island": text("No position at 0, 0"),
    "date line": text("On one side of the date line"),
    "latitude": text("At a latitude where crops grow"),
    "country": text("In the declared country"),
    "sea": text("On land"),
    "datum": text("In WGS 84"),
    "precision": text("Six decimals"),
    "declared area": text("The declared area is that of the outline"),
    "four hectares": text("An outline above four hectares"),
    "size": text("A size that a plot of its commodity can have"),
    "catchment": text("A plot, not a catchment or an administrative area"),
    "duplicate": text("One outline, one plot"),
    "overlap": text("No overlap with another plot"),
}

REASONS: Final[Mapping[str, Reason]] = {
    "no-finding": Reason("all", text("No check has anything to say of this plot."), ""),
    # geometry
    "geometry-missing": Reason(
        "geometry", text("The plot has no geometry."), text("Add its outline or its point.")
    ),
    "geometry-broken": Reason(
        "geometry", text("The geometry cannot be read."), text("Export the plot again.")
    ),
    "not-finite": Reason(
        "geometry", text("A position is not a number."), text("Write longitude and latitude as decimal degrees.")
    ),
    "line": Reason(
        "geometry", text("The plot is a line, which bounds no land."),
        text("Give the plot as Polygon, MultiPolygon, Point or MultiPoint."),
    ),
    "collection": Reason(
        "geometry", text("The plot is a collection of geometries."),
        text("Give each part as a feature of its own, or all of them as one MultiPolygon or MultiPoint."),
    ),
    # rings
    "ring-open": Reason(
        "rings", text("An outline does not end where it starts."),
        text("Check that no corner is missing, and repeat the first position at the end."),
    ),
    "ring-short": Reason(
        "rings", text("An outline has fewer than three different corners."),
        text("Add the corners that are missing, or give the plot as a point."),
    ),
    # outline
    "crossing": Reason("outline", text("Two sides of an outline cross."), _DRAW_AGAIN),
    "touching": Reason("outline", text("An outline touches itself."), _DRAW_AGAIN),
    "overlapping": Reason("outline", text("Two sides of an outline lie on each other."), _DRAW_AGAIN),
    "spike": Reason(
        "outline", text("At a corner the outline goes back where it came from."), text("Take the corner out.")
    ),
    "no-area": Reason(
        "outline", text("All corners lie on one line, so that the outline encloses no land."),
        text("Draw its corners again, or give the plot as a point."),
    ),
    "invalid": Reason("outline", text("The outline is not valid."), _DRAW_AGAIN),
    # holes and parts
    "hole-outside": Reason(
        "holes", text("A hole lies outside its outline."), text("Give it as a part of its own, or take it out.")
    ),
    "hole-nested": Reason(
        "holes",
        text(
            "A hole lies in another "
            "hole."
        ),
        text("Give the island as a part of its own, or take it out.")
    ),
    "disconnected": Reason(
        "holes", text("Holes cut the plot into pieces."), text("Give each piece as a part of its own.")
    ),
    "holes": Reason(
        "holes", text("The plot has %(holes)s holes; EU systems read outer rings only."),
        text("Split the plot into parts without holes."),
    ),
    "rings-crossing": Reason(
        "parts", text("Two outlines of the plot cross or share a side."),
        text("Merge the parts, or draw them so that they do not overlap."),
    ),
    "parts-nested": Reason(
        "parts", text("One part of the plot lies inside another."), text("Take the inner part out.")
    ),
    # corners
    "corners-repeated": Reason(
        "corners", text("%(count)s corners repeat the one before."), text("Take the repeated corners out.")
    ),
    "needle": Reason(
        "corners", text("The outline has a corner as sharp as a needle."),
        text("Take the corner out if nobody walked there."),
    ),
    # six decimals
    "cut-invalid": Reason(
        "six decimals", text("Cut to six decimals, as EU systems do, the outline is no longer valid."),
        text("Round the corners to six decimals and draw again where sides meet."),
    ),
    "cut-repeated": Reason(
        "six decimals", text("Cut to six decimals, %(count)s corners fall together."),
        text("Take out corners that are less than 10 cm apart."),
    ),
    "heights": Reason(
        "heights", text("The positions have heights or measures, which are not used."),
        text("Export longitude and latitude only."),
    ),
    # degrees
    "not-degrees": Reason(
        "degrees", text("The position %(value)s is not in degrees; it may be in metres."), _EXPORT_DEGREES
    ),
    "axes-range": Reason(
        "axes", text("The latitude %(value)s is beyond 90 degrees: the axes look swapped."),
        text("Write longitude first and latitude second."),
    ),
    "axes-country": Reason(
        "axes", text("The plot is not in %(country)s, but with longitude and latitude swapped it would be."),
        text("Write longitude first and latitude second, if the supplier agrees."),
    ),
    "null-island": Reason(
        "null island", text("A position is 0, 0, which devices write when they have no fix."),
        text("Measure the position again."),
    ),
    "near-null-island": Reason(
        "null island", text("The plot lies in the sea near 0, 0."), text("Measure the position again.")
    ),
    "wide": Reason(
        "date line", text("The plot spans %(degrees)s degrees of longitude; it may cross the date line."),
        text("Cut it where it crosses the date line."),
    ),
    "latitude": Reason(
        "latitude", text("The plot lies at the latitude %(value)s, beyond all crops and most maps."),
        text("Check the coordinates; the plot may not be assessable."),
    ),
    # country, sea
    "country-none": Reason(
        "country",
        text(
            "No part of the plot lies in %(country)s by the boundaries that were given; it is in "
            "%(found)s."
        ),
        text("Check the coordinates and the country."),
    ),
    "country-part": Reason(
        "country", text("%(share)s %% of the plot lies in %(country)s; the rest is elsewhere (%(found)s)."),
        text("Check the outline at the border; split the plot if both are right."),
    ),
    "country-box": Reason(
        "country", text("The plot is nowhere near %(country)s."), text("Check the coordinates and the country.")
    ),
    "sea": Reason(
        "sea", text("The plot lies outside all boundaries that were given, so in the sea or beyond them."),
        text("Check the coordinates."),
    ),
    "datum-shifted": Reason(
        "datum",
        text(
            "The plot fits its reference when read as %(datum)s: it is off by %(shift)s m, and by "
            "%(rest)s m then."
        ),
        text("Ask for the coordinates in WGS 84, or convert them with the supplier's consent."),
    ),
    "datum-twin": Reason(
        "datum",
        text(
            "Plot %(other)s has the same outline, shifted as %(datum)s shifts: one of the two is "
            "not WGS 84."
        ),
        text("Ask both suppliers which datum their device or map used."),
    ),
    # precision
    "decimals-few": Reason(
        "precision", text("The coordinates have %(decimals)s decimals; six are needed."),
        text("Export the original coordinates with six decimals or more; adding zeros proves nothing."),
    ),
    "decimals-mixed": Reason(
        "precision",
        text(
            "Some coordinates have %(decimals)s decimals and others six: zeros at the end may be "
            "lost."
        ),
        text("Export with a fixed count of six decimals."),
    ),
    "decimals-padded": Reason(
        "precision", text("The coordinates are written with %(decimals)s decimals but carry only %(carried)s."),
        text("Export the original coordinates; adding zeros proves nothing."),
    ),
    "decimals-unknown": Reason(
        "precision", text("Decimals were not counted on a text, and the numbers carry only %(carried)s."),
        text("Export the original coordinates with six decimals or more."),
    ),
    # area
    "area-off": Reason(
        "declared area", text("The outline covers %(measured)s ha and %(declared)s ha are declared."),
        text("Check the outline and the declared area."),
    ),
    "area-far-off": Reason(
        "declared area",
        text(
            "The outline covers %(measured)s ha and %(declared)s ha are declared, over twice "
            "off."
        ),
        text("Check the outline and the declared area."),
    ),
    "area-unit": Reason(
        "declared area",
        text(
            "The outline covers %(measured)s ha and %(declared)s are declared, which fits if that "
            "is in %(unit)s."
        ),
        text("Declare the area in hectares."),
    ),
    "point-large": Reason(
        "four hectares", text("The plot covers %(declared)s ha and has only a point."),
        text("Add its outline, or correct the area if it is 4 ha or less."),
    ),
    "point-near-limit": Reason(
        "four hectares",
        text(
            "The plot has a point and %(declared)s ha are declared, so near 4 ha that it may be "
            "above."
        ),
        text("Measure the area, or add the outline."),
    ),
    "point-area-missing": Reason(
        "four hectares", text("The plot has a point and no area; EU systems take it for 4 ha."),
        text("Declare the area in hectares, or add the outline."),
    ),
    "point-tiny": Reason(
        "four hectares",
        text(
            "The area of the point, %(declared)s ha, is below what EU systems take (0.0001 "
            "ha)."
        ),
        text("Declare the area in hectares."),
    ),
    "point-small": Reason(
        "four hectares",
        text(
            "The area of the point, %(declared)s ha, is below 0.1 ha: EU texts disagree on the "
            "limit."
        ),
        text("Add the outline, or merge the point with its neighbours."),
    ),
    "outline-near-limit": Reason(
        "four hectares",
        text(
            "The outline covers %(measured)s ha, give or take %(margin)s ha: it may be on either "
            "side of 4 ha."
        ),
        text("Keep the outline; do not replace it by a point."),
    ),
    # size
    "size-zero": Reason(
        "size",
        text(
            "The outline covers less than a square "
            "metre."
        ),
        text("Draw the outline again, or give a point.")
    ),
    "size-vast": Reason(
        "size", text("The plot covers %(measured)s ha, more than any farm on earth."), _CHECK_SIZE
    ),
    "size-large": Reason(
        "size",
        text(
            "The plot covers %(measured)s ha; plots of %(commodity)s are seldom above %(limit)s "
            "ha."
        ),
        _CHECK_SIZE
    ),
    "size-small": Reason(
        "size",
        text(
            "The plot covers %(measured)s ha; plots of %(commodity)s are seldom below %(limit)s "
            "ha."
        ),
        _CHECK_SIZE
    ),
    # catchments
    "circle": Reason(
        "catchment",
        text(
            "%(share)s %% of the outline lies on a circle of %(radius)s km around %(centre)s: a "
            "catchment, not a plot."
        ),
        text("Ask for the plots within it."),
    ),
    "point-buffer": Reason(
        "catchment", text("The outline is a circle of %(radius)s m: a point that was turned into an area."),
        text("Give the point and its area, or walk the outline."),
    ),
    "box": Reason(
        "catchment", text("The outline is a box along the meridians of %(measured)s ha: a map frame, not a plot."),
        text("Ask for the plots within it."),
    ),
    "administrative": Reason(
        "catchment",
        text(
            "The outline is that of %(name)s, an administrative "
            "area."
        ),
        text("Ask for the plots within it.")
    ),
    # other plots
    "same-outline": Reason(
        "duplicate", text("Plot %(other)s of %(supplier)s has the same outline; %(count)s plots share it."), _ASK
    ),
    "near-duplicate": Reason(
        "duplicate",
        text(
            "%(share)s %% of the plot and of plot %(other)s of %(supplier)s are the same "
            "land."
        ),
        _ASK
    ),
    "same-point": Reason(
        "duplicate",
        text(
            "Plot %(other)s of %(supplier)s has its point %(distance)s m away; %(count)s plots "
            "lie so near."
        ),
        _ASK
    ),
    "overlap": Reason(
        "overlap",
        text(
            "%(share)s %% of the plot (%(area)s ha) is also in plot %(other)s of %(supplier)s; "
            "%(count)s plots overlap it."
        ),
        _ASK
    ),
    "point-inside": Reason(
        "overlap", text("The point lies in plot %(other)s of %(supplier)s; %(count)s outlines hold it."), _ASK
    ),
}  # fmt: skip
