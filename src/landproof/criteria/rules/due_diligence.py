"""Clause 3.4: due diligence."""
