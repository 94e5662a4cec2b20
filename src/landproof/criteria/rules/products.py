"""Clauses 2.1 to 2.3: which products count."""
