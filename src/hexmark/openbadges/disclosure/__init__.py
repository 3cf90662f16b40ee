"""Selective disclosure: the issuer signs each statement by itself, and the holder shows a part of them (ecdsa-sd-2023).

What belongs here: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.4 and 3.5. Options and keys are checked in `proofs`.
"""

from hexmark.openbadges.disclosure.proof import base_value, check, derived_value
from hexmark.openbadges.disclosure.selection import select

__all__ = ["base_value", "check", "derived_value", "select"]
