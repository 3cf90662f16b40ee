"""Signing keys: kept encrypted, and used only through the Signer, which rebuilds what it signs from the row it names."""
