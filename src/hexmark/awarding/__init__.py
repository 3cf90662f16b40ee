"""Deciding that somebody met the criteria: awards, the hold before signing, and undo."""
