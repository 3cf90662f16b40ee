"""The Open Badges 3.0 format: model, strict JSON, JSON-LD, proofs, status lists, baking and verification.

Pure: no Django, no clock, no network, no randomness, no global state. Whatever varies arrives as an argument, so
that the same input always gives the same bytes and the same report. Could be published as a library of its own.
"""
