"""What was bought, as commodities and sourcing positions (clauses 2.1 to 2.3)."""
