"""What the producer, or somebody else, measured of a layer's errors; and places whose date is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from landproof.domain.messages import text
from landproof.land.decode import Meaning
from landproof.land.posterior import Reliability, assumed, most_missed
from landproof.layers.errors import LayerError
from landproof.layers.fields import Entry

_HALF_A_HECTARE = Decimal("0.5")
UNITS_TO_CLEAR = 300  # reference units from which a user's own layer may clear land (conversion-verdict 8.2)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """User's and producer's accuracy of a class, as shares of one, for patches of a size in hectares.

    ``units``: how many reference units it was measured on; 0 where the source does not say.
    """

    of: str
    from_ha: Decimal
    to_ha: Decimal | None
    users: Decimal | None
    producers: Decimal | None
    units: int
    source: str


@dataclass(frozen=True, slots=True)
class Control:
    """A place where the layer must say something known from elsewhere: a day, a year or a meaning."""

    longitude: float
    latitude: float
    day: date | None
    within_days: int
    year: int | None
    meaning: Meaning | None


def accuracy_of(entry: Entry) -> tuple[Accuracy, ...]:
    """The rows of ``[[layer.accuracy]]``. Raises `LayerError`."""
    return tuple(_accuracy(row) for row in entry.tables("accuracy"))


def _accuracy(row: Entry) -> Accuracy:
    row.must_have_only({"of", "from_ha", "to_ha", "users", "producers", "units", "source"})
    shares = [row.number(key) if key in row else None for key in ("users", "producers")]
    said = [share for share in shares if share is not None]
    if not said or not all(0 <= share <= 1 for share in said):
        raise LayerError(
            text("Layer %(layer)s: users and producers must be shares between 0 and 1, such as 0.87."),
            layer=row.name,
        )
    from_ha = row.number("from_ha") if "from_ha" in row else Decimal(0)
    to_ha = row.number("to_ha") if "to_ha" in row else None
    if from_ha < 0 or (to_ha is not None and to_ha <= from_ha):
        raise LayerError(
            text("Layer %(layer)s: to_ha must be more than from_ha, and neither below 0."), layer=row.name
        )
    return Accuracy(
        row.said("of"), from_ha, to_ha, shares[0], shares[1], row.whole("units", 0), row.said("source")
    )


def reliability_of(families: tuple[str, ...], rows: Sequence[Accuracy]) -> Reliability:
    """What a change layer misses of clearings of half a hectare, and its false alarms.

    A table counts where it says on how many units it was measured; otherwise the assumptions for its families do.
    """
    taken = assumed(families)
    for row in rows:
        covers = row.from_ha <= _HALF_A_HECTARE and (row.to_ha is None or row.to_ha > _HALF_A_HECTARE)
        if covers and row.producers is not None and row.units >= UNITS_TO_CLEAR:
            missed = most_missed(Fraction(row.producers), row.units)
            # Measured on the layer as a whole: for a composite it counts once, not once per parent.
            taken = Reliability(tuple((family, missed) for family, _ in taken.misses[:1]), taken.false)
    return taken


def controls_of(entry: Entry) -> tuple[Control, ...]:
    """The rows of ``[[layer.control]]``. Raises `LayerError`."""
    return tuple(_control(row) for row in entry.tables("control"))


def _control(row: Entry) -> Control:
    row.must_have_only({"longitude", "latitude", "day", "within_days", "year", "meaning", "source"})
    longitude, latitude = float(row.number("longitude")), float(row.number("latitude"))
    meaning = row.said_if_any("meaning")
    if meaning is not None and meaning not in set(Meaning):
        raise LayerError(
            text("Layer %(layer)s: %(meaning)s is no meaning. Meanings are %(meanings)s."),
            layer=row.name, meaning=meaning, meanings=", ".join(Meaning),
        )  # fmt: skip
    if not (abs(longitude) <= 180 and abs(latitude) <= 90) or not {"day", "year", "meaning"} & row.content.keys():
        raise LayerError(
            text(
                "Layer %(layer)s: a control place has longitude, latitude and what the layer says there: day, "
                "year or meaning."
            ),
            layer=row.name,
        )  # fmt: skip
    return Control(
        longitude,
        latitude,
        row.day_if_any("day"),
        row.whole("within_days", 0),
        row.whole("year") if "year" in row else None,
        Meaning(meaning) if meaning is not None else None,
    )
