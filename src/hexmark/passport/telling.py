"""Telling people what they were given: after the signing, a batch at a time, each once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hexmark.awarding.queries import due_for_signing
from hexmark.mail.letters import Letter
from hexmark.passport.letters import about_award, send
from hexmark.passport.models import Entry
from hexmark.passport.queries import RELATED
from hexmark.people.joining import join_links

BATCH = 200
#: So long letters wait for a run that is still being signed: writing one costs more than signing what it is about.
PATIENCE = timedelta(minutes=5)


def may_begin() -> bool:
    """Whether somebody is to be told, and nothing is to be signed first, or it has waited long enough."""
    oldest = Entry.objects.filter(told_at__isnull=True).order_by("pk").values_list("credential__issued_at", flat=True).first()
    if oldest is None:
        return False
    now = timezone.now()
    return oldest < now - PATIENCE or not due_for_signing(now).exists()


@transaction.atomic
def tell_batch() -> int:
    """Up to a batch of people have their letters in the outbox; returns how many were dealt with."""
    related = (f"credential__{name}" for name in RELATED if name != "entry")
    untold = Entry.objects.filter(told_at__isnull=True).select_related(*related, "credential__award__person__account")
    # Another process that tells at the same moment takes others.
    entries = list(untold.defer("credential__document").select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
    people = [entry.credential.award.person for entry in entries if entry.account_id is None and entry.declined_at is None]
    silent = _disowned({person.email.lower() for person in people})
    strangers = {person.pk: person for person in people if person.account_id is None}
    links = join_links(person for person in strangers.values() if (person.organisation_id, person.email.lower()) not in silent)
    send(letter for entry in entries if (letter := _letter(entry, links)) is not None)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(told_at=timezone.now())
    return len(entries)


def _letter(entry: Entry, links: dict[int, str]) -> Letter | None:
    person = entry.credential.award.person
    if entry.declined_at is not None:
        return None
    if person.account_id is not None or entry.account_id is not None:
        return about_award("awarded", entry.credential)
    return about_award("waiting", entry.credential, join=links[person.pk]) if person.pk in links else None


def _disowned(emails: set[str]) -> set[tuple[int, str]]:
    """Addresses whose readers said that they are somebody else, each with the organisation to which they said it."""
    said = Entry.objects.filter(disowned_email__in=emails).values_list("credential__organisation_id", "disowned_email")
    return set(said) if emails else set()
