"""Clauses 1 and 2.1 to 2.3: who can be certified."""
