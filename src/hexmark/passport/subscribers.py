"""What follows for holders when something was issued, or an account came to stand behind a person."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.issuing.event_types import EventType as Issued
from hexmark.issuing.models import Credential
from hexmark.passport.actions import enter
from hexmark.passport.models import Entry
from hexmark.people.event_types import EventType as People


@subscribe("passport.issued", Issued.CREDENTIAL_ISSUED)
def enter_what_was_issued(events: Sequence[Event]) -> None:
    """Everything that was issued has its entry."""
    awards = [event.data["award"] for event in events]
    enter(Credential.objects.filter(award__public_id__in=awards).only("pk"), tell=True)


@subscribe("passport.linked", People.ACCOUNT_LINKED)
def hand_over(events: Sequence[Event]) -> None:
    """What waited for a person waits in the passport of the account that now stands behind them."""
    people = [event.subject_id for event in events]
    waiting = Entry.objects.filter(
        credential__award__person__public_id__in=people, account__isnull=True, credential__award__person__account__isnull=False
    )
    for entry in waiting.filter(disowned_email="").select_related("credential__award__person"):
        Entry.objects.filter(pk=entry.pk).update(account_id=entry.credential.award.person.account_id)
