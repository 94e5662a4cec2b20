"""landproof: proof of deforestation- and conversion-free sourcing that a stranger can re-run."""

__version__ = "0.1.0"
