"""Targets: what somebody agreed to reach, by when, and what became of it. Nothing here scores, predicts or ranks anybody."""
