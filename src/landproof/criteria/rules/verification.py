"""Clause 3.7: verification."""
