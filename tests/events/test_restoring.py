"""After a restore nobody is told anything twice, nobody misses what comes, and the order stays what it was."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import transaction
from tests.events.test_delivery import Kind
from tests.world import World

from hexmark.events import subscriptions
from hexmark.events.log import record
from hexmark.events.models import NEVER_TOLD, Cursor, Event
from hexmark.events.restoring import place_before_new_transactions
from hexmark.events.subscriptions import deliver, subscribe


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test subscribes is told."""
    monkeypatch.setattr(subscriptions, "_SUBSCRIPTIONS", {})


@pytest.fixture
def told() -> list[object]:
    """What the one subscriber was told."""
    heard: list[object] = []

    @subscribe("tests.restored", Kind.FIRED)
    def hear(events: Sequence[Event]) -> None:
        heard.extend(event.data["number"] for event in events)

    return heard


def event_of(world: World, number: int, *, transaction_id: int) -> Event:
    """An event of this transaction, as another cluster numbered it."""
    with transaction.atomic():
        record(Kind.FIRED, world.organisation, actor=world.steward, number=number)
    event = Event.objects.latest("pk")
    Event.objects.filter(pk=event.pk).update(transaction_id=transaction_id)
    return event


def test_what_was_told_before_the_backup_is_not_told_again_and_what_was_not_is_told(acme: World, told: list[object]) -> None:
    # Transaction 900 began first and committed last: its event has the smaller key and the later place.
    event_of(acme, 3, transaction_id=2**40 + 2)
    first = event_of(acme, 1, transaction_id=2**40)
    second = event_of(acme, 2, transaction_id=2**40 + 1)
    assert first.pk < second.pk
    Cursor.objects.create(subscriber="tests.restored", transaction_id=2**40, event_id=first.pk)
    place_before_new_transactions()
    event_of(acme, 4, transaction_id=0 if Event.objects.latest("pk").transaction_id == 0 else 7)
    deliver()
    assert told == [2, 3, 4]


def test_who_subscribes_after_the_restore_is_told_everything_that_was_restored(acme: World, told: list[object]) -> None:
    event_of(acme, 1, transaction_id=5000)
    event_of(acme, 2, transaction_id=6000)
    place_before_new_transactions()
    deliver()
    assert told == [1, 2]


def test_who_was_never_told_anything_stays_at_the_beginning(acme: World) -> None:
    Cursor.objects.create(subscriber="tests.restored")
    event_of(acme, 1, transaction_id=5000)
    place_before_new_transactions()
    assert Cursor.objects.get(subscriber="tests.restored").transaction_id == NEVER_TOLD


def test_restoring_twice_changes_nothing_more(acme: World, told: list[object]) -> None:
    event_of(acme, 1, transaction_id=5000)
    deliver_later = event_of(acme, 2, transaction_id=6000)
    Cursor.objects.create(subscriber="tests.restored", transaction_id=5000, event_id=deliver_later.pk)
    place_before_new_transactions()
    before = list(Event.objects.order_by("pk").values_list("transaction_id", flat=True))
    place_before_new_transactions()
    assert list(Event.objects.order_by("pk").values_list("transaction_id", flat=True)) == before
    assert max(before) == 0
    deliver()
    assert told == [2]
