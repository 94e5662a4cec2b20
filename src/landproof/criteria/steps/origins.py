"""How risky each origin is (clause 3.2)."""
