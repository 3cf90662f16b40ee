"""Decisions about awarding that need no database."""

from __future__ import annotations

from datetime import datetime, timedelta

from hexmark.access import Actor, ActorKind
from hexmark.awarding.models import AwardRun
from hexmark.catalogue.models import AchievementVersion
from hexmark.people.models import Person

#: A person's award waits this long before it is signed: long enough to see a mistake, short enough to be glad the same hour.
HOLD = timedelta(minutes=10)
LONGEST_NARRATIVE = 2000


def hold_for(actor: Actor) -> timedelta:
    """How long an award by this actor can be undone: people err, automatic awards repeat what a rule said."""
    return HOLD if actor.kind is ActorKind.PERSON else timedelta(0)


def may_be_awarded(version: AchievementVersion) -> bool:
    """Whether this version can be awarded at all."""
    return version.state == AchievementVersion.State.PUBLISHED


def is_to_self(actor: Actor, person: Person) -> bool:
    """Whether the actor is the earner: nobody awards themselves, nor any record that their account stands behind."""
    same_account = actor.account_id is not None and person.account_id == actor.account_id
    return person.pk == actor.person_id or same_account


def may_be_undone(run: AwardRun, at: datetime) -> bool:
    """Whether the hold still runs."""
    return run.undone_at is None and at < run.release_at
