"""Issue one badge with nothing but the format package: make a key, build a credential, sign it, write it as JSON.

    python examples/issue_one.py badge.json

The issuer here is a `did:key`: the key is its own name, so that the file verifies without any server. Whoever checks it learns
that this key signed it, and that no domain says who holds the key. To issue as an organisation, let Hexmark do it (docs/tutorial.md):
its issuer is a `did:web`, its key is kept encrypted, and its badges can be revoked.
"""

# ruff: noqa: T201 (an example shows what it did)
from __future__ import annotations

import secrets
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hexmark.openbadges import proofs, schema, strict_json, timestamps
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.model import (
    Achievement,
    AchievementSubject,
    Criteria,
    IdentityObject,
    OpenBadgeCredential,
    Profile,
    identity_hash,
)


def credential(*, issuer: str, email: str, awarded_at: datetime) -> dict[str, Any]:
    """A credential that is not signed yet. The earner stands in it as a pseudonym and a salted hash of the address."""
    salt = secrets.token_hex(16)
    achievement = Achievement(
        id="urn:uuid:7c5a2f1e-4b0f-4f0e-9d53-3a1f6f2f9c11",
        name="Open Day Helper",
        description="Welcomed visitors and showed them what we make.",
        criteria=Criteria(narrative="Take part in an open day for at least half a day."),
        achievement_type="CommunityService",
    )
    recipient = IdentityObject(hashed=True, identity_hash=identity_hash(email, salt), identity_type="emailAddress", salt=salt)
    document = OpenBadgeCredential(
        id=uuid.uuid4().urn,
        name=achievement.name,
        issuer=Profile(id=issuer, name="An example"),
        valid_from=timestamps.write(awarded_at),
        credential_subject=AchievementSubject(id=uuid.uuid4().urn, identifier=(recipient,), achievement=achievement),
    )
    return document.to_json()


def issue(*, email: str, seed: bytes, now: datetime) -> dict[str, Any]:
    """The signed credential. `seed` is 32 secret bytes: whoever has them can sign as this issuer.

    Raises:
        FormatError: the document is not what the standard demands, or holds what no signature would cover.
    """
    key = SigningKey.from_seed(seed)
    issuer = f"did:key:{key.public.multibase}"
    unsigned = credential(issuer=issuer, email=email, awarded_at=now)
    signed = proofs.add_proof(unsigned, key=key, verification_method=f"{issuer}#{key.public.multibase}", created=now)
    # Nobody can take a signature back: what does not have the right form is better found now.
    schema.check(signed)
    return signed


def main() -> None:
    """Write a freshly signed badge to the file that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/issue_one.py badge.json")
    file = Path(sys.argv[1])
    file.write_bytes(strict_json.dump(issue(email="amara@example.org", seed=secrets.token_bytes(32), now=datetime.now(UTC))))
    print(f"Wrote {file}. Check it with: hexmark verify {file}")


if __name__ == "__main__":
    main()
