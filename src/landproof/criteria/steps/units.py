"""Which production units and lots stand behind the positions (clauses 3.1 and 3.3)."""
