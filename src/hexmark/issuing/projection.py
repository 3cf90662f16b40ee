"""Credentials as facts that people hold.

A credential is held from its first valid moment, whether its holder has answered or not: the organisation knows what it judged. What a
holder declines is revoked, and ends with that. Who left keeps what they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hexmark.access import system
from hexmark.awarding.models import award_url
from hexmark.catalogue.models import AchievementVersion
from hexmark.holdings.actions import CHUNK, hold_many
from hexmark.issuing.models import Credential
from hexmark.requirements.facts import CredentialFact, SkillLevel

_COLUMNS = ("award__person_id", "award__version_id", "award__public_id", "valid_from", "valid_until", "revoked_at", "paused_at")


def project(organisation_id: int, awards: Collection[str]) -> int:
    """The issued credentials of these awards are held as they stand now; returns how many holdings that changed."""
    issued = Credential.objects.issued().filter(organisation_id=organisation_id, award__public_id__in=awards)
    return _hold(organisation_id, list(issued.order_by("pk").values_list(*_COLUMNS)))


def rebuild(organisation_id: int) -> Iterator[int]:
    """Every issued credential of the organisation is held as it stands now; yields how many were looked at, chunk by chunk."""
    after = 0
    while True:
        issued = Credential.objects.issued().filter(organisation_id=organisation_id, pk__gt=after).order_by("pk")
        rows = list(issued.values_list("pk", *_COLUMNS)[: CHUNK * 4])
        if not rows:
            return
        _hold(organisation_id, [row[1:] for row in rows])
        after = rows[-1][0]
        yield len(rows)


def _hold(organisation_id: int, rows: list[tuple[object, ...]]) -> int:
    outlines = _outlines({row[1] for row in rows})
    facts = []
    for person_id, version_id, public_id, valid_from, valid_until, revoked_at, paused_at in rows:
        state = {"held_from": valid_from, "valid_until": valid_until, "ended_at": revoked_at, "paused_at": paused_at}
        facts.append((person_id, CredentialFact(ref=award_url(str(public_id)), **outlines[version_id], **state)))  # type: ignore[arg-type]
    return hold_many(organisation_id, facts, actor=system(organisation_id))  # type: ignore[arg-type]


def _outlines(version_ids: set[object]) -> dict[object, dict[str, object]]:
    """What the facts about all credentials of one version have in common, by version."""
    versions = AchievementVersion.objects.select_related("achievement__organisation").prefetch_related("alignments")
    return {
        version.pk: {
            "achievement": version.achievement.url,
            "name": version.name,
            "issuer": version.achievement.organisation.did,
            "assurance": int(version.assurance[1]),
            "level": version.level,
            "skills": tuple(SkillLevel(one.target_url, one.level) for one in version.alignments.all()),
            "labels": frozenset({*version.tags, version.achievement_type, version.kind}),
        }
        for version in versions.filter(pk__in=version_ids)
    }
