"""Jobs and sweeps of opportunities."""
