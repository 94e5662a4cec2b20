"""Clause 3.3: traceability."""
