"""What can be wrong with a lot, in the words of ``lot_status`` and in sentences that say what to do."""

from collections.abc import Mapping

from landproof.domain.messages import text

PROBLEMS: Mapping[str, str] = {
    "cycle": text(
        "Lot %(lot)s is made of itself, directly or over other lots. Give a batch that is worked again a lot of "
        "its own."
    ),
    "cycle upstream": text(
        "Lot %(lot)s comes from a lot that is made of itself. Give a batch that is worked again a lot of its own."
    ),
    "missing input lot": text(
        "Lot %(lot)s comes from a lot that nobody has described, or from nowhere. Add that lot with its mass and "
        "its own deliveries."
    ),
    "no inputs": text("No delivery into lot %(lot)s is on file. Add the deliveries that it was made from."),
    "missing mass": text(
        "The mass of lot %(lot)s, or of a delivery into it, is missing or not above zero, so nothing in it can be "
        "traced. Add the mass."
    ),
    "over-used": text(
        "More was taken out of lot %(lot)s than it weighs, so a part of what it went into is not traced. Correct "
        "the masses, or add the lot that the rest came from."
    ),
}
