"""Clause 3.5: monitoring."""
