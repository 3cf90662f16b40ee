"""Subscribing to events, and telling subscribers what they have not been told.

At least once and in order: a subscriber that dies half-way is told the same batch again, so it must be idempotent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from hexmark.events.models import Cursor, Event
from hexmark.events.sql import horizon

logger = logging.getLogger("hexmark.events")

BATCH_SIZE = 200
Handler = Callable[[Sequence[Event]], None]


class DeliveryFailed(Exception):
    """Some subscribers failed; the message names them."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler that is given batches of events of its types, in order."""

    name: str
    event_types: frozenset[str]
    handler: Handler


_SUBSCRIPTIONS: dict[str, Subscription] = {}


def subscribe(name: str, *event_types: str) -> Callable[[Handler], Handler]:
    """Register a handler under a name that never changes: its place in the log is kept by it."""

    def register(handler: Handler) -> Handler:
        _SUBSCRIPTIONS[name] = Subscription(name=name, event_types=frozenset(event_types), handler=handler)
        return handler

    return register


def unsubscribe(name: str) -> None:
    """The name is no longer told anything; its cursor stays, so that it can go on where it was."""
    _SUBSCRIPTIONS.pop(name, None)


def subscriptions() -> list[Subscription]:
    """Every subscription, in order of name."""
    return [_SUBSCRIPTIONS[name] for name in sorted(_SUBSCRIPTIONS)]


def has_subscriber(event_type: str) -> bool:
    """Whether anybody wants to be told of events of this type."""
    return any(event_type in subscription.event_types for subscription in _SUBSCRIPTIONS.values())


def deliver() -> int:
    """Tell every subscriber everything that is final; returns the number of events handed over.

    Raises:
        DeliveryFailed: a subscriber could not be told; it is told again next time. All others were told.
    """
    told, failed = 0, []
    for subscription in subscriptions():
        try:
            told += _deliver_all(subscription)
        except Exception:
            # One that fails must not keep those behind it in the alphabet from hearing anything.
            logger.exception("The subscriber %s failed and will be told the same again.", subscription.name)
            failed.append(subscription.name)
    if failed:
        raise DeliveryFailed(f"Could not be told: {', '.join(failed)}.")
    return told


def is_behind() -> bool:
    """Whether some subscriber has not been told everything."""
    return any(_next_batch(subscription, _cursor(subscription)) for subscription in subscriptions())


def _deliver_all(subscription: Subscription) -> int:
    told = 0
    while batch := _deliver_batch(subscription):
        told += batch
    return told


def _deliver_batch(subscription: Subscription) -> int:
    with transaction.atomic():
        # The row lock keeps a second process from telling the same subscriber at the same time.
        cursor = Cursor.objects.select_for_update().get(pk=_cursor(subscription).pk)
        batch = _next_batch(subscription, cursor)
        if not batch:
            return 0
        subscription.handler(batch)
        Cursor.objects.filter(pk=cursor.pk).update(transaction_id=batch[-1].transaction_id, event_id=batch[-1].pk)
    return len(batch)


def _cursor(subscription: Subscription) -> Cursor:
    return Cursor.objects.get_or_create(subscriber=subscription.name)[0]


def _next_batch(subscription: Subscription, cursor: Cursor) -> list[Event]:
    after = Q(transaction_id__gt=cursor.transaction_id) | Q(transaction_id=cursor.transaction_id, pk__gt=cursor.event_id)
    wanted = Event.objects.filter(after, event_type__in=subscription.event_types, transaction_id__lt=horizon())
    return list(wanted.order_by("transaction_id", "pk")[:BATCH_SIZE])
