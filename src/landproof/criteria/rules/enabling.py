"""Clause 4: enabling activities."""
