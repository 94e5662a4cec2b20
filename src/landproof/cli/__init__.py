"""The command line: parses what people type, prints what `landproof.run` returns."""

from landproof.cli.app import main

__all__ = ["main"]
