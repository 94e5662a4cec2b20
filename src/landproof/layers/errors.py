"""What can be wrong with a catalogue of layers, and what to do about it."""

from landproof.domain.errors import UnreadableInput


class LayerError(UnreadableInput):
    """A catalogue, or a raster that it names, that cannot be used as it stands."""
