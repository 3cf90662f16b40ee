"""A badge, an endorsement and how to change one member of them, for the tests of the schema."""

import copy

from hexmark.openbadges.schema import problems

HASH = "sha256$" + "0" * 64

BADGE = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:acme.example", "type": ["Profile"], "name": "Acme"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:1",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://acme.example/a/1",
            "type": ["Achievement"],
            "name": "Welding",
            "description": "Joins metal.",
            "criteria": {"narrative": "Weld a seam."},
        },
    },
}
ENDORSEMENT = {
    "@context": BADGE["@context"],
    "id": "urn:uuid:2",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Good standing",
    "issuer": "https://state.example",
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:web:acme.example", "type": ["EndorsementSubject"], "endorsementComment": "Fine."},
}
ABSENT = object()


def steps(pointer: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]


def changed(pointer: str, value, document=BADGE):
    """The document with one member set, or taken out."""
    document = copy.deepcopy(document)
    inner = document
    *path, last = steps(pointer)
    for step in path:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    if value is ABSENT:
        del inner[last]
    else:
        inner[last] = value
    return document


def found(document, find=problems) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in find(document)]


SUBJECT = "/credentialSubject"
ACHIEVEMENT = "/credentialSubject/achievement"
