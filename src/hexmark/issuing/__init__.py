"""Signing awards as credentials, publishing them and their status, and revoking or pausing them."""
