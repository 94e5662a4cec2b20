"""Clause 3.2 and Annex 1: origin risk."""
