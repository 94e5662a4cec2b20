"""How deep each sourcing position must be traced (clause 3.3)."""
