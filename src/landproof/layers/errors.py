"""What can be wrong with a catalogue of layers, and what to do about it."""

from dataclasses import dataclass

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import Message


class LayerError(UnreadableInput):
    """A catalogue, or a raster that it names, that cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A tile whose land has no data because the tile could not be read; the message says why."""

    layer: str
    file: str
    message: Message
