"""The tables that measuring writes: areas per class, and the layers they were read from."""

from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind, Table

NO_DATA = "no data"  # the class of land without a tile, or where the raster says that it knows nothing
UNLISTED = "unlisted"  # the class of values that no rule lists, fractions and not-a-number among them

AREAS = Table(
    "areas",
    text("Areas per plot, layer and class"),
    ("plot", "layer", "class"),
    (
        Column("plot", Kind.ID, text("Plot")),
        Column("layer", Kind.ID, text("Layer")),
        Column("class", Kind.ID, text("Class as the raster holds it")),
        Column("meaning", Kind.CHOICE, text("Meaning of the class")),
        Column("year", Kind.COUNT, text("Year of the change")),
        Column("area_m2", Kind.SQUARE_METRES, text("Area in square metres")),
    ),
)
LAYERS = Table(
    "layers",
    text("Layers used"),
    ("layer", "file"),
    (
        Column("layer", Kind.ID, text("Layer")),
        Column("role", Kind.TEXT, text("Role")),
        Column("family", Kind.ID, text("Evidence family")),
        Column("title", Kind.TEXT, text("Title")),
        Column("producer", Kind.TEXT, text("Producer")),
        Column("version", Kind.TEXT, text("Version")),
        Column("licence", Kind.TEXT, text("Licence")),
        Column("file", Kind.TEXT, text("File")),
        Column("sha256", Kind.ID, text("SHA-256 of the file")),  # null: named, but not there
    ),
)
