"""Clause 3.6: what is published every year."""
