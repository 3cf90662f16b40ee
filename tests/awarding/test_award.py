"""Awarding: who may, what follows, what is refused, and the ten minutes in which it can be undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.world import World, make_world, run_jobs

from hexmark.access import Access
from hexmark.awarding import actions, rules
from hexmark.awarding.actions import award, release_now, undo
from hexmark.awarding.event_types import EventType
from hexmark.awarding.models import Award, AwardRun
from hexmark.catalogue.actions import begin_version, retire_version
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing import signing
from hexmark.issuing.models import Credential
from hexmark.people.actions import add_person, end_access, grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


def end_hold(run: AwardRun) -> None:
    """Ten minutes have passed."""
    past = timezone.now() - timedelta(seconds=1)
    AwardRun.objects.filter(pk=run.pk).update(release_at=past)
    Award.objects.filter(run=run).update(release_at=past)


def test_an_award_waits_ten_minutes_before_anything_is_signed(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person], actor=acme.steward, narrative="Led every toolbox talk this spring.")
    run_jobs()
    assert awarded.made == 1
    assert awarded.run.release_at - awarded.run.awarded_at == rules.HOLD
    assert not Credential.objects.exists()


def test_an_award_by_the_installation_itself_is_signed_at_once(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    assert Credential.objects.issued().count() == 1


def test_one_call_awards_one_or_many(acme: World, version: AchievementVersion) -> None:
    people = [acme.person(f"Colleague {n}") for n in range(30)]
    assert award(version, to=people, actor=acme.steward).made == 30
    assert Award.objects.filter(version=version).count() == 30


def test_each_award_is_recorded_with_who_decided(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward)
    events = Event.objects.filter(event_type=EventType.AWARDED)
    assert events.count() == 2
    assert {event.actor_label for event in events} == {"Acme Steward"}
    assert {event.subject_id for event in events} == set(Award.objects.values_list("public_id", flat=True))


def test_undo_within_ten_minutes_leaves_no_award_and_burns_no_status_index(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward)
    assert undo(awarded.run, actor=acme.steward) == 2
    run_jobs()
    assert not Award.objects.exists()
    assert not Credential.objects.exists()
    assert not acme.organisation.status_registers.exists()


def test_undo_after_ten_minutes_is_refused_and_changes_nothing(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person], actor=acme.steward)
    end_hold(awarded.run)
    awarded.run.refresh_from_db()
    with pytest.raises(Conflict, match="ten minutes are over"):
        undo(awarded.run, actor=acme.steward)
    assert Award.objects.count() == 1


def test_undoing_twice_is_refused_the_second_time(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    undo(run, actor=acme.steward)
    with pytest.raises(Conflict):
        undo(run, actor=acme.steward)


def test_undo_from_a_page_that_was_opened_before_the_run_was_signed_is_refused(acme: World, version: AchievementVersion) -> None:
    as_the_page_knew_it = award(version, to=[acme.member_person], actor=acme.steward).run
    release_now(AwardRun.objects.get(), actor=acme.steward)
    run_jobs()
    with pytest.raises(Conflict, match="ten minutes are over"):
        undo(as_the_page_knew_it, actor=acme.steward)
    assert Credential.objects.issued().count() == Award.objects.count() == 1


def test_undo_of_what_another_process_is_signing_is_refused_and_changes_nothing(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward).run
    # The other machine's clock is ahead: to it the hold is over.
    run.awards.filter(person=acme.member_person).update(release_at=timezone.now() - timedelta(seconds=1))
    signing._reserve(acme.organisation.pk)
    with pytest.raises(Conflict, match="ten minutes are over"):
        undo(run, actor=acme.steward)
    assert (Award.objects.count(), Credential.objects.count()) == (2, 1)
    assert AwardRun.objects.get().undone_at is None
    assert not Event.objects.filter(event_type=EventType.UNDONE).exists()


def test_a_run_that_was_undone_cannot_be_signed_from_a_page_opened_before(acme: World, version: AchievementVersion) -> None:
    as_the_page_knew_it = award(version, to=[acme.member_person], actor=acme.steward).run
    undo(AwardRun.objects.get(), actor=acme.steward)
    with pytest.raises(Conflict, match="not waiting any more"):
        release_now(as_the_page_knew_it, actor=acme.steward)
    assert not Event.objects.filter(event_type=EventType.RELEASED).exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and its threads share one connection in memory")
@pytest.mark.parametrize("first", [undo, release_now])
def test_who_waits_for_another_to_end_the_hold_comes_too_late(first: Callable[..., object], transactional_db: None) -> None:
    acme = make_world("acme")
    run = award(acme.achievement(), to=[acme.member_person], actor=acme.steward).run

    def come_second() -> None:
        try:
            (release_now if first is undo else undo)(run, actor=acme.steward)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first(run, actor=acme.steward)
            second = pool.submit(come_second)
            # Long enough for the other to reach the lock.
            time.sleep(0.5)
            assert not second.done()
        with pytest.raises(Conflict):
            second.result()
    assert Award.objects.count() == (0 if first is undo else 1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and its threads share one connection in memory")
@pytest.mark.parametrize("act", [undo, release_now])
def test_who_waits_until_the_hold_is_over_comes_too_late(act: Callable[..., object], transactional_db: None) -> None:
    acme = make_world("acme")
    run = award(acme.achievement(), to=[acme.member_person], actor=acme.steward).run

    def wait_and_act() -> None:
        try:
            act(run, actor=acme.steward)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            AwardRun.objects.select_for_update().get(pk=run.pk)
            AwardRun.objects.filter(pk=run.pk).update(release_at=timezone.now() + timedelta(seconds=1))
            waiting = pool.submit(wait_and_act)
            time.sleep(1.2)
        with pytest.raises(Conflict):
            waiting.result()
    assert Award.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and its threads share one connection in memory")
def test_signing_passes_over_what_is_being_undone(transactional_db: None) -> None:
    acme = make_world("acme")
    run = award(acme.achievement(), to=[acme.member_person], actor=acme.steward).run
    run.awards.update(release_at=timezone.now() - timedelta(seconds=1))

    def sign() -> int:
        try:
            return signing.sign_batch(acme.organisation.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        undo(run, actor=acme.steward)
        assert pool.submit(sign).result(timeout=30) == 0
    assert not Credential.objects.exists()


def test_a_run_can_be_signed_now_instead_of_later(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person], actor=acme.steward)
    release_now(awarded.run, actor=acme.steward)
    run_jobs()
    assert Credential.objects.issued().count() == 1
    with pytest.raises(Conflict):
        release_now(AwardRun.objects.get(), actor=acme.steward)


def test_ending_the_wait_is_recorded_with_who_decided(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person], actor=acme.steward)
    release_now(awarded.run, actor=acme.steward)
    event = Event.objects.get(event_type=EventType.RELEASED)
    assert (event.subject_id, event.actor_label, event.data) == (awarded.run.public_id, "Acme Steward", {"awards": 1})


def test_who_holds_it_already_is_passed_over_and_named(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.steward)
    again = award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward)
    assert again.made == 1
    assert list(again.already_held_by) == [acme.member_person]


def test_awarding_only_people_who_hold_it_already_is_refused(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.steward)
    with pytest.raises(Invalid, match="holds this already"):
        award(version, to=[acme.member_person], actor=acme.steward)


def test_the_same_person_named_twice_is_awarded_once(acme: World, version: AchievementVersion) -> None:
    assert award(version, to=[acme.member_person, acme.member_person], actor=acme.steward).made == 1


def test_a_member_may_not_award(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(NotPermitted):
        award(version, to=[acme.manager_person], actor=acme.member)
    assert not Award.objects.exists()


def test_a_stranger_may_not_award_and_learns_nothing(acme: World, globex: World, version: AchievementVersion) -> None:
    with pytest.raises(NotPermitted, match="nothing here"):
        award(version, to=[acme.member_person], actor=globex.steward)


def test_j14_nobody_awards_themselves(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(NotPermitted, match="award themselves"):
        award(version, to=[acme.member_person, acme.steward_person], actor=acme.steward)
    assert not Award.objects.exists()


def test_nobody_awards_themselves_through_another_record_of_theirs(acme: World, version: AchievementVersion) -> None:
    other = acme.person("Second Record")
    Person.objects.filter(pk=other.pk).update(account=acme.steward_person.account)
    other.refresh_from_db()
    with pytest.raises(NotPermitted, match="award themselves"):
        award(version, to=[other], actor=acme.steward)


def test_j14_a_draft_or_retired_version_cannot_be_awarded(acme: World, version: AchievementVersion) -> None:
    draft = begin_version(version.achievement, actor=acme.steward)
    with pytest.raises(Conflict, match="not published"):
        award(draft, to=[acme.member_person], actor=acme.steward)
    retire_version(version, actor=acme.steward)
    version.refresh_from_db()
    with pytest.raises(Conflict, match="not published"):
        award(version, to=[acme.member_person], actor=acme.steward)


def test_a_version_that_was_retired_while_the_form_was_open_cannot_be_awarded(acme: World, version: AchievementVersion) -> None:
    as_the_form_knew_it = AchievementVersion.objects.get(pk=version.pk)
    retire_version(version, actor=acme.steward)
    with pytest.raises(Conflict):
        award(as_the_form_knew_it, to=[acme.member_person], actor=acme.steward)
    assert not Award.objects.exists()


def test_a_person_of_another_organisation_cannot_be_awarded(acme: World, globex: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid, match="not known in this organisation"):
        award(version, to=[globex.member_person], actor=acme.steward)


def test_somebody_who_left_cannot_be_awarded(acme: World, version: AchievementVersion) -> None:
    acme.member_person.left_at = timezone.now()
    acme.member_person.save()
    with pytest.raises(Invalid, match="has left"):
        award(version, to=[acme.member_person], actor=acme.steward)


def test_an_earlier_decision_keeps_its_date(acme: World, version: AchievementVersion) -> None:
    decided_at = timezone.now() - timedelta(days=40)
    awarded = award(version, to=[acme.member_person], actor=acme.steward, decided_at=decided_at)
    assert awarded.run.awarded_at == decided_at
    assert awarded.run.release_at > timezone.now()


def test_a_decision_in_the_future_is_refused(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid, match="future"):
        award(version, to=[acme.member_person], actor=acme.steward, decided_at=timezone.now() + timedelta(hours=1))


def test_j14_the_right_to_award_is_asked_again_when_the_hold_is_over(acme: World, version: AchievementVersion) -> None:
    second = add_person(acme.organisation, name="Second Steward", email="second@acme.example", actor=acme.system)
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    awarded = award(version, to=[acme.member_person], actor=actor_for(second))
    end_access(second, access=Access.STEWARD, actor=acme.steward)
    end_hold(awarded.run)
    run_sign(acme)
    refused = Award.objects.get()
    assert refused.closed_at is not None
    assert "no longer had the right" in refused.refusal
    assert not Credential.objects.exists()
    assert Event.objects.filter(event_type=EventType.REFUSED).count() == 1


def test_who_was_refused_at_signing_can_be_awarded_by_somebody_with_the_right(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person], actor=acme.steward)
    actions.refuse(awarded.run.awards.get(), reason="A reason.")
    assert award(version, to=[acme.member_person], actor=acme.steward).made == 1


def run_sign(world: World) -> None:
    """The sweep has found the award that is due, and the job has run."""
    from hexmark.issuing.jobs import wake_for_due_awards

    wake_for_due_awards()
    run_jobs()
