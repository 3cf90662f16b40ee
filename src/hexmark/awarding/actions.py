"""The only writers of awards. Every action here goes: permit → check → change → record → wake, in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.awarding.clearing import forget_undone
from hexmark.awarding.event_types import EventType
from hexmark.awarding.holding import pause_signing, release_now, resume_signing, undo
from hexmark.awarding.models import Award, AwardRun
from hexmark.awarding.rules import LONGEST_NARRATIVE, hold_for, is_to_self, may_be_awarded
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record, record_many
from hexmark.files.text import hides_in_text
from hexmark.jobs import wake
from hexmark.people.models import Person

__all__ = ["Awarded", "award", "close", "close_many", "pause_signing", "refuse", "release_now", "resume_signing", "undo"]


@dataclass(frozen=True, slots=True)
class Awarded:
    """What one call of `award` did: the run, how many awards it holds, and who already held this version."""

    run: AwardRun
    made: int
    already_held_by: Sequence[Person]


@transaction.atomic
def award(
    version: AchievementVersion, *, to: Iterable[Person], actor: Actor, narrative: str = "", decided_at: datetime | None = None
) -> Awarded:
    """Each of these people is awarded this version; signing follows when the hold is over. Who holds it already is passed over.

    `decided_at` is for a decision that was taken earlier, elsewhere: validity counts from it. Without it, the decision is taken now.

    Raises:
        NotPermitted: the actor may not award here, or is one of the earners.
        Invalid: nobody is left to award, an earner belongs to another organisation, the decision lies in the future, or the
            narrative holds what cannot be signed.
        Conflict: the version is not published.
    """
    allow(actor, Permission.AWARD, version)
    # Read again under a lock: it may have been retired since the form was opened, and two who award it at once wait for each other.
    if not may_be_awarded(AchievementVersion.objects.select_for_update(no_key=True).get(pk=version.pk)):
        raise Conflict(f"“{version.name}” is not published, so it cannot be awarded.")
    people = _checked_earners(version, to, actor)
    forget_undone(version.pk, [person.pk for person in people])
    held = _already_held(version, people)
    earners = [person for person in people if person.pk not in held]
    if not earners:
        raise Invalid("Everybody named here holds this already.", field="to")
    now = timezone.now()
    _check_decision(narrative, decided_at, now)
    run = AwardRun.objects.create(
        organisation_id=version.organisation_id,
        version=version,
        awarded_by_id=actor.person_id,
        awarded_by_label=actor.label,
        narrative=narrative.strip(),
        awarded_at=decided_at or now,
        release_at=now + hold_for(actor),
    )
    awards = Award.objects.bulk_create((_award(run, person) for person in earners), batch_size=500)
    record_many(EventType.AWARDED, ((one, {"version": version.pk, "run": run.public_id}) for one in awards), actor=actor)
    if run.release_at <= now:
        wake("issuing.sign", version.organisation_id)
    return Awarded(run=run, made=len(awards), already_held_by=[person for person in people if person.pk in held])


@transaction.atomic
def refuse(award_: Award, *, reason: str) -> None:
    """The award counts no longer because the right to it was gone when it was to be signed. Refusing twice changes nothing."""
    open_ = Award.objects.filter(pk=award_.pk, closed_at__isnull=True)
    if open_.update(closed_at=timezone.now(), refusal=reason):
        record(EventType.REFUSED, award_, actor=system(award_.organisation_id), reason=reason)


@transaction.atomic
def close(award_: Award) -> None:
    """The award counts no longer, because its credential was revoked; the person can be awarded the version again."""
    Award.objects.filter(pk=award_.pk, closed_at__isnull=True).update(closed_at=timezone.now())


@transaction.atomic
def close_many(award_ids: Sequence[int]) -> None:
    """As `close`, of some hundreds at once."""
    Award.objects.filter(pk__in=award_ids, closed_at__isnull=True).update(closed_at=timezone.now())


def _checked_earners(version: AchievementVersion, to: Iterable[Person], actor: Actor) -> list[Person]:
    people = list({person.pk: person for person in to}.values())
    for person in people:
        if person.organisation_id != version.organisation_id:
            raise Invalid(f"{person.name} is not known in this organisation.", field="to")
        if is_to_self(actor, person):
            raise NotPermitted("Nobody can award themselves. Ask somebody else with the right to award.")
        if person.left_at is not None:
            raise Invalid(f"{person.name} has left the organisation.", field="to")
    return people


def _check_decision(narrative: str, decided_at: datetime | None, now: datetime) -> None:
    if decided_at is not None and decided_at > now:
        raise Invalid("An award cannot be decided in the future.", field="decided_at")
    if len(narrative) > LONGEST_NARRATIVE or hides_in_text(narrative):
        raise Invalid(f"What they did is told in at most {LONGEST_NARRATIVE} characters, all of them visible.", field="narrative")


def _already_held(version: AchievementVersion, people: Sequence[Person]) -> set[int]:
    held = Award.objects.filter(version=version, closed_at__isnull=True, run__undone_at__isnull=True)
    # Asked of the version, not by a list of people: a list of 100,000 would pass the database's limit of parameters.
    return set(held.values_list("person_id", flat=True)) & {person.pk for person in people}


def _award(run: AwardRun, person: Person) -> Award:
    return Award(
        organisation_id=run.organisation_id,
        run=run,
        version_id=run.version_id,
        person=person,
        awarded_at=run.awarded_at,
        release_at=run.release_at,
    )
