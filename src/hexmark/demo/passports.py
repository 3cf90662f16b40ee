"""What the people of the demo said to what they were given: everybody accepted, so that there are pages to look at."""

from __future__ import annotations

from itertools import groupby

from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.passport.actions import accept, enter
from hexmark.passport.models import Entry
from hexmark.people.joining import reader_of


def accept_everything(organisation: Organisation) -> None:
    """Everything that was issued here is entered and accepted, and counts as told."""
    enter(Credential.objects.filter(organisation=organisation).only("pk"))
    waiting = Entry.objects.filter(credential__organisation=organisation, accepted_at__isnull=True, declined_at__isnull=True)
    entries = waiting.select_related("credential__award__person").order_by("credential__award__person_id")
    for person, theirs in groupby(entries, key=lambda entry: entry.credential.award.person):
        accept(list(theirs), actor=reader_of(person))
