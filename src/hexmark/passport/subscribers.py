"""What follows for holders when something was issued, taken back or paused, or a person joined or left.

Each is told a batch at a time and may be told the same twice. Letters are queued in the batch's own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.issuing.event_types import EventType as Issued
from hexmark.issuing.models import Credential
from hexmark.jobs import wake
from hexmark.passport import addresses
from hexmark.passport.actions import enter
from hexmark.passport.letters import about_award, send
from hexmark.passport.models import Entry
from hexmark.passport.queries import RELATED, entry_of
from hexmark.people.event_types import EventType as People
from hexmark.people.joining import join_links
from hexmark.people.models import Person

#: Nobody is told today of what was taken back last year, should this house only now begin to read its log.
NEWS = timedelta(days=7)
_LETTERS = {
    Issued.CREDENTIAL_REVOKED.value: "revoked",
    Issued.CREDENTIAL_PAUSED.value: "paused",
    Issued.CREDENTIAL_LIFTED.value: "lifted",
}


@subscribe("passport.issued", Issued.CREDENTIAL_ISSUED)
def welcome(events: Sequence[Event]) -> None:
    """Everything that was issued has its entry. The letters are written afterwards, so that signing many need not wait for them."""
    enter(_credentials(events).select_related(None).only("pk"), tell=True)
    wake("passport.tell")


@subscribe("passport.status", *_LETTERS)
def tell_of_change(events: Sequence[Event]) -> None:
    """Whoever holds it is told what the issuer did, and why; who declined it themselves is not."""
    credentials = {credential.award.public_id: credential for credential in _credentials(events)}
    letters = []
    for event in events:
        credential = credentials.get(event.data.get("award", ""))
        entry = entry_of(credential) if credential is not None else None
        # Whoever has not answered yet is told too: the letter that they have speaks of something that is no more.
        if credential is None or entry is None or entry.declined_at is not None or event.happened_at < timezone.now() - NEWS:
            continue
        reason = str(event.data.get("reason", ""))
        letters.append(about_award(_LETTERS[event.event_type], credential, reason=reason, **_way_in(credential, entry)))
    send(letters)


def _way_in(credential: Credential, entry: Entry) -> dict[str, str]:
    """For somebody without an account: a link that opens one, because the usual page asks to sign in."""
    person = credential.award.person
    if entry.account_id is not None or person.account_id is not None:
        return {}
    link = join_links([person]).get(person.pk)
    return {"join": link, "link": link} if link else {}


@subscribe("passport.linked", People.ACCOUNT_LINKED)
def hand_over(events: Sequence[Event]) -> None:
    """What waited for a person waits in the passport of the account that now stands behind them."""
    waiting = Entry.objects.filter(
        credential__award__person__public_id__in=[event.subject_id for event in events],
        credential__award__person__account__isnull=False,
        account__isnull=True,
        disowned_email="",
    )
    for entry in waiting.select_related("credential__award__person"):
        Entry.objects.filter(pk=entry.pk).update(account_id=entry.credential.award.person.account_id)


@subscribe("passport.left", People.PERSON_LEFT)
def leave_behind(events: Sequence[Event]) -> None:
    """Who left an organisation no longer signs in with its address, if they have another."""
    left = Person.objects.filter(public_id__in=[event.subject_id for event in events], left_at__isnull=False, account__isnull=False)
    for person in left.select_related("account"):
        addresses.leave_behind(person)


def _credentials(events: Sequence[Event]) -> QuerySet[Credential]:
    awards = {event.data["award"] for event in events if "award" in event.data}
    issued = Credential.objects.issued().filter(award__public_id__in=awards).defer("document")
    return issued.select_related(*RELATED, "award__person__account")
