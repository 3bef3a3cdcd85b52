"""Use cases: one function, one operation."""
