"""Tables of the event log. No foreign keys: the log outlives what it describes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

#: Before every event, also those that were restored from a backup, whose transactions are numbered below zero.
NEVER_TOLD = -(2**63)


class Event(models.Model):
    """One thing that happened. Rows are added and never changed."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField(db_index=True)
    event_type = models.CharField(max_length=64)
    #: `awarding.Award`, and the subject's public id or key, as text.
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    actor_label = models.CharField(max_length=200)
    actor_person_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    #: The database transaction that added it (PostgreSQL; 0 on SQLite): ids alone do not tell the order of commits.
    #: Zero and less for what a backup brought along from another database (see `restoring`).
    transaction_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["transaction_id", "id"], name="event_delivery_order"),
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.subject_type} {self.subject_id}"


class Cursor(models.Model):
    """How far one subscriber has been told."""

    subscriber = models.CharField(max_length=100, unique=True)
    transaction_id = models.BigIntegerField(default=NEVER_TOLD)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subscriber} is at {self.event_id}"
