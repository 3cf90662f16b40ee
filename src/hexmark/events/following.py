"""Following the log from outside: everything that happened, once each and in an order that is final."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hexmark.access import Actor, Permission
from hexmark.events.models import Event
from hexmark.events.sql import horizon

#: Where the log begins.
BEGINNING = (0, 0)


def events_after(actor: Actor, place: tuple[int, int]) -> QuerySet[Event]:
    """The organisation's events behind this place, which is the (transaction, id) of an event, in the order in which they became final.

    Whoever reads on from the last one misses none: an event that was written earlier and committed later comes later.
    """
    if not actor.may(Permission.VIEW_EVENTS) or actor.organisation_id is None:
        return Event.objects.none()
    transaction, event_id = place
    behind = Q(transaction_id__gt=transaction) | Q(transaction_id=transaction, pk__gt=event_id)
    events = Event.objects.filter(behind, organisation_id=actor.organisation_id, transaction_id__lt=horizon())
    return events.order_by("transaction_id", "pk")
