"""Clause 3.9: human rights."""
