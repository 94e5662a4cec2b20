"""Clause 2.4: materiality."""
