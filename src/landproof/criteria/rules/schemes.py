"""Clause 3.8: third-party schemes."""
