"""Recording events. Must be called in the transaction of the change that it records: both stand or neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.events.models import Event
from hexmark.events.sql import current_transaction
from hexmark.events.subscriptions import has_subscriber
from hexmark.jobs import wake


def record(event_type: StrEnum, subject: models.Model, *, actor: Actor, **data: Any) -> None:
    """The event is in the log, and subscribers are told after commit.

    Raises:
        TransactionManagementError: there is no open transaction.
    """
    record_many(event_type, [(subject, data)], actor=actor)


def record_many(event_type: StrEnum, subjects: Iterable[tuple[models.Model, Mapping[str, Any]]], *, actor: Actor) -> None:
    """One event per subject, each with its own data, written together."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its change.")
    number, now = current_transaction(), timezone.now()
    events = [
        Event(
            organisation_id=_organisation_of(subject),
            event_type=event_type.value,
            subject_type=subject._meta.label,
            subject_id=str(getattr(subject, "public_id", None) or subject.pk),
            actor_kind=actor.kind.value,
            actor_label=actor.label,
            actor_person_id=actor.person_id,
            happened_at=now,
            data=dict(data),
            transaction_id=number,
        )
        for subject, data in subjects
    ]
    Event.objects.bulk_create(events, batch_size=500)
    if has_subscriber(event_type.value):
        wake("events.deliver")


def _organisation_of(subject: models.Model) -> int:
    organisation_id = getattr(subject, "organisation_id", None)
    if not isinstance(organisation_id, int):
        raise TypeError(f"{subject._meta.label} belongs to no organisation, so nothing about it can be recorded.")
    return organisation_id
