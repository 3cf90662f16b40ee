"""Verification of credentials from anywhere: fetch, resolve, cache, and a killable slow path, into a Report. No Django here.

`verify` for one document; `Verifier` for a door that stays open; `read` for what a file holds.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hexmark.verification.canonicalizer import Canonicalizer
    from hexmark.verification.reading import Read, read
    from hexmark.verification.verifier import Verifier, document_of, verify

__all__ = ["Canonicalizer", "Read", "Verifier", "document_of", "read", "verify"]

_HOMES = {"Canonicalizer": "canonicalizer", "Read": "reading", "read": "reading"}


def __getattr__(name: str) -> object:
    # The worker process lives in this package and must not load the network and all the rest with it (measured: twice as slow).
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'verifier')}"), name)
