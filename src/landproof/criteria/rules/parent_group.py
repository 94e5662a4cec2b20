"""Clause 2.5: other criteria and the parent company."""
