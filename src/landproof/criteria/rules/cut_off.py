"""Clause 3.1: no deforestation and no conversion after the cut-off."""
