"""An invented company with planted faults, to learn on and to test with."""

from landproof.demo.generate import generate

__all__ = ["generate"]
