"""Verification of credentials from anywhere: fetch, resolve, cache, and a killable slow path, into a Report. No Django here.

`verify` for one document; `Verifier` for a door that stays open; `read` for what a file holds.
"""

from hexmark.verification.canonicalizer import Canonicalizer
from hexmark.verification.reading import Read, read
from hexmark.verification.verifier import Verifier, document_of, verify

__all__ = ["Canonicalizer", "Read", "Verifier", "document_of", "read", "verify"]
