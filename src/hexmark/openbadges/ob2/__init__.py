"""Open Badges 2.0 and 2.1: read and checked, never issued. A report about one has the same axes as any other.

Two kinds exist. A *hosted* badge bears no signature: the issuer's server says what it holds, so it is asked, and what it answers
decides. A *signed* one is a compact JWS, whose key the issuer's own profile must list.

Source: Open Badges 2.0 (IMS Global, 2018), "Verification".
"""

from hexmark.openbadges.ob2.parts import stub
from hexmark.openbadges.ob2.verify import verify_open_badge_2, verify_signed_badge

__all__ = ["stub", "verify_open_badge_2", "verify_signed_badge"]
