"""A learner record with credentials inside, to change freely."""

from tests.simulator import CONTEXTS, ForeignIssuer

RECORD_CONTEXTS = [CONTEXTS[0], "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", CONTEXTS[1]]


def record(university: ForeignIssuer, credentials: list, subject: dict | None = None, **changes) -> dict:
    """An unsigned record of this issuer; members changed to None are left out."""
    document = {
        "@context": RECORD_CONTEXTS,
        "id": "urn:uuid:0a4c1c3f-98a7-4b8d-8b0f-1f7d9b9f2a33",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record of achievement",
        "issuer": {"id": university.id, "type": ["Profile"], "name": "Uni"},
        "validFrom": "2026-02-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:amara", "type": ["ClrSubject"], "verifiableCredential": credentials, **(subject or {})},
    }
    return {name: value for name, value in {**document, **changes}.items() if value is not None}


def numbered(issuer: ForeignIssuer, number: int, **changes) -> dict:
    """A signed badge with an id and an achievement of its own."""
    badge = issuer.badge(id=f"urn:uuid:{number}", name=f"Badge {number}", **changes)
    achievement = {**badge["credentialSubject"]["achievement"], "id": f"https://hexham.example/achievements/{number}"}
    return issuer.sign({**badge, "credentialSubject": {**badge["credentialSubject"], "achievement": achievement}})
