"""Organisations: tenants, their words, their public identity."""
