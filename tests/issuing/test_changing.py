"""Revoking, pausing and lifting many by one decision: which ones, by whom, in chunks, once each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.awarding.models import Award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing import changing, jobs
from hexmark.issuing.actions import pause, publish_status_list, revoke
from hexmark.issuing.changing import begin_change, carry_out_some
from hexmark.issuing.models import Credential, StatusChange, StatusList
from hexmark.issuing.selecting import Selection, fitting, selected
from hexmark.people.actions import end_access, grant_access
from hexmark.people.models import Person, Team
from hexmark.people.queries import actor_for
from hexmark.verification import verify

Act = StatusChange.Act
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def held(acme: World, version: AchievementVersion) -> list[Credential]:
    """Five colleagues hold it."""
    award(version, to=[acme.person(f"Colleague {n}") for n in range(5)], actor=acme.system)
    run_jobs()
    return list(Credential.objects.select_related("award__person").order_by("pk"))


def begun(acme: World, act: StatusChange.Act, reason: str = "The course was cancelled.") -> StatusChange:
    """The steward's decision about all."""
    return begin_change(acme.organisation, act=act, credentials=Credential.objects.all(), reason=reason, actor=acme.steward)


def found(acme: World, **asked: object) -> set[str]:
    """The names of those whom a selection means."""
    rows = selected(acme.steward, Selection(**asked), zone=LONDON)  # type: ignore[arg-type]
    return {row.award.person.name for row in rows}


@pytest.mark.parametrize(
    ("act", "event", "column"),
    [(Act.REVOKE, "credential.revoked", "revoked_at"), (Act.PAUSE, "credential.paused", "paused_at")],
)
def test_each_is_changed_recorded_with_the_reason_and_told_of_once(
    acme: World, held: list[Credential], act: StatusChange.Act, event: str, column: str
) -> None:
    begun(acme, act)
    run_jobs()
    assert Credential.objects.filter(**{f"{column}__isnull": False}).count() == 5
    events = Event.objects.filter(event_type=event)
    assert {one.data["award"] for one in events} == {one.award.public_id for one in held}
    assert {(one.data["reason"], one.actor_label) for one in events} == {("The course was cancelled.", "Acme Steward")}
    assert events.count() == 5


def test_revoking_closes_the_awards_so_that_they_can_be_made_anew(acme: World, version: AchievementVersion, held: list[Credential]) -> None:
    begun(acme, Act.REVOKE)
    run_jobs()
    assert not Award.objects.filter(closed_at__isnull=True).exists()
    assert award(version, to=[held[0].award.person], actor=acme.system).made == 1


def test_what_was_paused_is_lifted_and_nothing_else(acme: World, held: list[Credential]) -> None:
    begun(acme, Act.PAUSE)
    run_jobs()
    revoke(held[0], actor=acme.steward, reason="An error.")
    begun(acme, Act.LIFT, reason="The question is answered.")
    run_jobs()
    assert Credential.objects.filter(paused_at__isnull=True).count() == 4
    assert {one.data["reason"] for one in Event.objects.filter(event_type="credential.lifted")} == {"The question is answered."}


def test_verifiers_see_it_and_each_list_is_published_once_a_chunk(
    acme: World, held: list[Credential], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "CHUNK", 3)
    published: list[int] = []
    monkeypatch.setattr(jobs, "publish_status_list", lambda one: published.append(one.pk) or publish_status_list(one))
    begun(acme, Act.REVOKE)
    run_jobs()
    revocations = StatusList.objects.get(purpose="revocation")
    assert published == [revocations.pk] * 2
    assert revocations.revision == revocations.published_revision == 3
    failed = {code for one in held for code in verify(one.document, fetch=served, at=timezone.now()).failed}
    assert failed == {"status"}


def test_what_does_not_fit_when_its_turn_comes_is_passed_over_with_the_reason(acme: World, held: list[Credential]) -> None:
    change = begun(acme, Act.PAUSE)
    revoke(held[1], actor=acme.steward, reason="An error.")
    run_jobs()
    assert change.items.filter(outcome="done").count() == 4
    assert change.items.get(outcome="passed").note == "It was paused or revoked already."


def test_what_comes_to_match_after_the_decision_is_left_alone(acme: World, version: AchievementVersion, held: list[Credential]) -> None:
    begun(acme, Act.PAUSE)
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    assert Credential.objects.get(award__person=acme.member_person).paused_at is None


def test_running_twice_or_in_two_workers_changes_each_once(acme: World, held: list[Credential], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "CHUNK", 2)
    change = begun(acme, Act.REVOKE)
    assert [carry_out_some(change.pk) for _ in range(4)] == [2, 2, 1, 0]
    run_jobs()
    assert Event.objects.filter(event_type="credential.revoked").count() == 5


def test_a_wake_up_call_that_was_lost_is_found_by_the_sweep(acme: World, held: list[Credential]) -> None:
    from django.db import connection

    begun(acme, Act.REVOKE)
    connection.run_on_commit = []
    jobs.wake_for_changes()
    run_jobs()
    assert Credential.objects.filter(revoked_at__isnull=False).count() == 5


def test_a_decision_that_was_never_written_down_whole_is_not_carried_out_and_goes(acme: World, held: list[Credential]) -> None:
    change = begun(acme, Act.REVOKE)
    StatusChange.objects.update(complete_at=None)
    assert carry_out_some(change.pk) == 0
    jobs.wake_for_changes()
    assert StatusChange.objects.exists()
    StatusChange.objects.update(decided_at=timezone.now() - timedelta(hours=2))
    jobs.wake_for_changes()
    assert not StatusChange.objects.exists()
    assert not Credential.objects.filter(revoked_at__isnull=False).exists()


def test_who_lost_the_right_meanwhile_changes_nothing_more(acme: World, held: list[Credential]) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    owner = actor_for(acme.manager_person)
    change = begin_change(acme.organisation, act=Act.REVOKE, credentials=Credential.objects.all(), reason="Why", actor=owner)
    end_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    run_jobs()
    assert not Credential.objects.filter(revoked_at__isnull=False).exists()
    assert "no longer had the right" in change.items.all()[0].note


def test_without_a_reason_or_anything_to_change_nothing_begins(acme: World, held: list[Credential]) -> None:
    with pytest.raises(Invalid, match="Say why"):
        begun(acme, Act.REVOKE, reason="  ")
    with pytest.raises(Invalid, match="None of these"):
        begun(acme, Act.LIFT)
    assert not StatusChange.objects.exists()


def test_members_and_strangers_change_nothing_and_theirs_is_never_touched(acme: World, globex: World, held: list[Credential]) -> None:
    for actor in (acme.member, globex.steward):
        with pytest.raises(NotPermitted):
            begin_change(acme.organisation, act=Act.REVOKE, credentials=Credential.objects.all(), reason="Why", actor=actor)
    with pytest.raises(Invalid, match="None of these"):
        begin_change(globex.organisation, act=Act.REVOKE, credentials=Credential.objects.all(), reason="Why", actor=globex.steward)
    assert not StatusChange.objects.visible_to(acme.member).exists()


# Which ones


def test_a_selection_means_those_who_fit_all_of_it(acme: World, version: AchievementVersion, held: list[Credential]) -> None:
    other = acme.achievement("Kiln Safety")
    award(other, to=[acme.member_person], actor=acme.system, decided_at=datetime(2026, 3, 14, 23, 30, tzinfo=LONDON))
    run_jobs()
    team = Team.objects.create(organisation=acme.organisation, name="Kiln")
    Person.objects.filter(pk=held[2].award.person_id).update(team=team)
    assert found(acme, achievement="kiln-safety") == {"Acme Member"}
    assert found(acme, team=team.public_id) == {"Colleague 2"}
    assert found(acme, text="gue 3") == found(acme, text="colleague.3@") == {"Colleague 3"}
    assert found(acme, since=date(2026, 3, 14), until=date(2026, 3, 14)) == {"Acme Member"}
    assert found(acme, until=date(2026, 3, 13)) == set()
    assert found(acme, achievement="kiln-safety", team=team.public_id) == set()
    assert len(found(acme)) == 6


def test_states_are_those_that_lists_show(acme: World, held: list[Credential]) -> None:
    revoke(held[0], actor=acme.steward, reason="x")
    pause(held[1], actor=acme.steward, reason="x")
    past = timezone.now() - timedelta(days=1)
    Credential.objects.filter(pk__in=[held[0].pk, held[1].pk, held[2].pk]).update(valid_until=past)
    assert found(acme, state="revoked") == {"Colleague 0"}
    assert found(acme, state="paused") == {"Colleague 1"}
    assert found(acme, state="expired") == {"Colleague 2"}
    assert found(acme, state="valid") == {"Colleague 3", "Colleague 4"}
    assert found(acme, state="nonsense") == set()
    assert fitting(Act.LIFT, Credential.objects.all()).get() == held[1]
    assert fitting(Act.PAUSE, Credential.objects.all()).count() == 3
