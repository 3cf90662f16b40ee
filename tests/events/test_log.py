"""The log: events stand and fall with the change that they record, and outlive what they describe."""

from __future__ import annotations

from enum import StrEnum

import pytest
from django.db import connection, transaction
from tests.world import World, make_world, run_jobs

from hexmark.access import ANONYMOUS
from hexmark.events.log import record, record_many
from hexmark.events.models import Event
from hexmark.people.models import Account, Person


class Kind(StrEnum):
    """Events of these tests."""

    FIRED = "kiln.fired"
    COOLED = "kiln.cooled"


def fire(world: World, *numbers: int, kind: Kind = Kind.FIRED) -> None:
    """An event for each number."""
    with transaction.atomic():
        record_many(kind, [(world.organisation, {"number": number}) for number in numbers], actor=world.steward)


def test_an_event_outside_a_transaction_is_refused(transactional_db: None) -> None:
    acme = make_world("acme")
    with pytest.raises(transaction.TransactionManagementError, match="transaction of its change"):
        record(Kind.FIRED, acme.organisation, actor=acme.steward)
    assert not Event.objects.filter(event_type=Kind.FIRED).exists()


def test_a_change_that_is_rolled_back_leaves_no_event(acme: World) -> None:
    with transaction.atomic():
        record(Kind.FIRED, acme.organisation, actor=acme.steward, number=1)
        transaction.set_rollback(True)
    assert not Event.objects.filter(event_type=Kind.FIRED).exists()


def test_an_event_says_who_did_what_to_what_for_whom_and_when(acme: World) -> None:
    with transaction.atomic():
        record(Kind.FIRED, acme.member_person, actor=acme.steward, number=1, glaze="celadon")
    event = Event.objects.get(event_type=Kind.FIRED)
    assert event.organisation_id == acme.organisation.pk
    assert (event.subject_type, event.subject_id) == ("people.Person", acme.member_person.public_id)
    assert (event.actor_kind, event.actor_label, event.actor_person_id) == ("person", "Acme Steward", acme.steward_person.pk)
    assert event.data == {"number": 1, "glaze": "celadon"}
    assert event.happened_at.tzinfo is not None


def test_a_subject_without_a_public_id_is_named_by_its_key(acme: World) -> None:
    fire(acme, 1)
    assert Event.objects.get(event_type=Kind.FIRED).subject_id == str(acme.organisation.pk)


def test_an_event_by_a_visitor_names_no_person(acme: World) -> None:
    with transaction.atomic():
        record(Kind.FIRED, acme.organisation, actor=ANONYMOUS)
    event = Event.objects.get(event_type=Kind.FIRED)
    assert (event.actor_kind, event.actor_person_id) == ("anonymous", None)


def test_nothing_can_be_recorded_about_what_belongs_to_no_organisation(acme: World) -> None:
    with transaction.atomic(), pytest.raises(TypeError, match="belongs to no organisation"):
        record(Kind.FIRED, Account.objects.all()[0], actor=acme.steward)


def test_the_log_outlives_what_it_describes(acme: World) -> None:
    gone = acme.person("Somebody Passing")
    public_id = gone.public_id
    gone.delete()
    assert not Person.objects.filter(public_id=public_id).exists()
    assert Event.objects.get(subject_id=public_id).event_type == "person.added"


def test_the_log_has_no_foreign_keys() -> None:
    assert not [field for field in Event._meta.get_fields() if field.is_relation]


def test_nobody_is_woken_for_events_that_nobody_wants(acme: World) -> None:
    run_jobs()
    fire(acme, 1)
    assert not connection.run_on_commit
