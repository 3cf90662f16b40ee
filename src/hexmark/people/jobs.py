"""What is done later: people whose last day is over have left. Lists are run in `imports.running`."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from hexmark.access import system
from hexmark.errors import Conflict
from hexmark.jobs import sweep
from hexmark.people.models import Person
from hexmark.people.records import leave, today_of
from hexmark.people.rules import has_ended

logger = logging.getLogger("hexmark.people")
AT_ONCE = 500


@sweep("people.leave", every_seconds=600)
def leave_after_last_day() -> None:
    """Everybody whose last day is over, where their organisation is, has left."""
    # Somewhere the day after tomorrow of London has begun; who is really due is asked of the organisation's own day.
    soon = timezone.now().date() + timedelta(days=1)
    due = Person.objects.present().filter(ends_on__lt=soon).select_related("organisation").order_by("ends_on", "pk")
    for person in due[:AT_ONCE]:
        if has_ended(person.ends_on, today_of(person.organisation)):
            try:
                leave(person, actor=system(person.organisation_id))
            except Conflict as refused:
                logger.warning("Person %s cannot be marked as left after their last day: %s", person.public_id, refused)
