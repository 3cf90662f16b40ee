"""A badge in the model, as we issue it."""

from hexmark.openbadges.model import (
    Achievement,
    AchievementSubject,
    Criteria,
    OpenBadgeCredential,
    Profile,
)

ACHIEVEMENT = Achievement(
    id="https://acme.example/a/1", name="Welding", description="Joins metal.", criteria=Criteria(narrative="Weld a seam.")
)
CREDENTIAL = OpenBadgeCredential(
    id="urn:uuid:1",
    issuer=Profile(id="did:web:acme.example", name="Acme"),
    valid_from="2026-01-01T00:00:00Z",
    credential_subject=AchievementSubject(id="did:example:1", achievement=ACHIEVEMENT),
)
