"""Humans: their own accounts, the organisations' records of them, and what access these have."""
