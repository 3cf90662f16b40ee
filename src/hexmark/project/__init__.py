"""Settings and URL roots. Nothing imports this package."""
