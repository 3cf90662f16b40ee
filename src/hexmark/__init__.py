"""Open Badges for organisational performance."""
