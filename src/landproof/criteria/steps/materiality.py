"""Which commodities are assessed (clause 2.4)."""
