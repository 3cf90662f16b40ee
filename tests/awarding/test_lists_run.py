"""Running a list: rows become awards in chunks, held as one run, once each whatever happens in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.awarding.lists import begun, outcomes, reasons
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding import clearing, holding, jobs, making, rules
from hexmark.awarding.actions import award, pause_signing, release_now, resume_signing, undo
from hexmark.awarding.batches import again, begin_batch, start
from hexmark.awarding.event_types import EventType
from hexmark.awarding.making import make_some
from hexmark.awarding.models import Award, AwardRun, Batch
from hexmark.awarding.row_rules import GivenRow
from hexmark.catalogue.actions import retire_version
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.models import Credential
from hexmark.people.actions import end_access, grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


def end_hold(run: AwardRun) -> None:
    """Ten minutes have passed."""
    past = timezone.now() - timedelta(seconds=1)
    AwardRun.objects.filter(pk=run.pk).update(release_at=past)
    Award.objects.filter(run=run).update(release_at=past)


def many(count: int) -> list[str]:
    """Lines of so many people who are new here."""
    return [f"person{n}@acme.example,Person {n}" for n in range(count)]


def test_the_good_rows_are_awarded_although_others_are_bad(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example", "bad", "new@acme.example,Ben Lund", "member@acme.example")
    run = start(batch, actor=acme.steward)
    run_jobs()
    assert outcomes(batch) == ["awarded", "mend", "awarded", "double"]
    assert set(run.awards.values_list("person__email", flat=True)) == {"member@acme.example", "new@acme.example"}
    assert Person.objects.get(email="new@acme.example").name == "Ben Lund"
    assert not Credential.objects.exists()


def test_the_whole_run_is_held_for_ten_minutes_and_then_signed(acme: World, version: AchievementVersion) -> None:
    run = start(begun(acme, version, *many(3)), actor=acme.steward)
    run_jobs()
    assert run.release_at - run.awarded_at == rules.HOLD
    assert set(run.awards.values_list("release_at", flat=True)) == {run.release_at}
    release_now(run, actor=acme.steward)
    run_jobs()
    assert Credential.objects.issued().count() == 3


def test_each_row_may_have_its_own_words_and_its_own_day(acme: World, version: AchievementVersion) -> None:
    lines = ["member@acme.example,,Closed the kiln in time.,2026-03-14", "manager@acme.example"]
    batch = begin_batch(
        version,
        rows=[GivenRow(n, *line.split(",")) for n, line in enumerate(lines, start=2)],
        source="staff.csv",
        actor=acme.steward,
        narrative="Led toolbox talks.",
    )
    run = start(batch, actor=acme.steward)
    run_jobs()
    release_now(run, actor=acme.steward)
    run_jobs()
    own, usual = (Credential.objects.get(award__person=person) for person in (acme.member_person, acme.manager_person))
    assert "Closed the kiln in time." in own.document
    assert "Led toolbox talks." in usual.document
    assert own.valid_from.isoformat().startswith("2026-03-14T00:00")
    assert usual.valid_from == run.awarded_at
    assert (own.award.why, usual.award.why) == ("Closed the kiln in time.", "Led toolbox talks.")


def test_a_list_is_run_once(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    start(batch, actor=acme.steward)
    with pytest.raises(Conflict, match="run already"):
        start(batch, actor=acme.steward)
    assert AwardRun.objects.count() == 1


def test_a_list_without_a_good_row_is_not_run(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid, match="No row of this list is ready"):
        start(begun(acme, version, "bad"), actor=acme.steward)
    assert not AwardRun.objects.exists()


def test_the_same_list_again_awards_nobody_twice(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example", "new@acme.example,Ben Lund", "bad")
    start(batch, actor=acme.steward)
    run_jobs()
    rerun = again(batch, actor=acme.steward)
    assert outcomes(rerun) == ["held", "held", "mend"]
    assert Award.objects.count() == 2


def test_two_lists_with_the_same_people_started_at_once_award_each_once(acme: World, version: AchievementVersion) -> None:
    first, second = begun(acme, version, *many(5)), begun(acme, version, *many(5))
    for batch in (first, second):
        start(batch, actor=acme.steward)
    run_jobs()
    assert outcomes(first) == ["awarded"] * 5
    assert outcomes(second) == ["held"] * 5
    assert reasons(second)[0] == "Held it already when this row's turn came."
    assert (Award.objects.count(), Person.objects.filter(name__startswith="Person").count()) == (5, 5)


def test_a_chunk_that_was_cut_off_is_made_once_by_the_next(
    acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "CHUNK", 2)
    batch = begun(acme, version, *many(5))
    start(batch, actor=acme.steward)
    assert make_some(batch.pk) == 2
    monkeypatch.setattr(making, "update_rows", _dies)
    with pytest.raises(SystemError):
        make_some(batch.pk)
    monkeypatch.undo()
    assert (Award.objects.count(), outcomes(batch).count("awarded")) == (2, 2)
    jobs.wake_for_batches()
    run_jobs()
    assert outcomes(batch) == ["awarded"] * 5
    assert Award.objects.count() == Event.objects.filter(event_type=EventType.AWARDED).count() == 5


def _dies(*arguments: object, **named: object) -> None:
    raise SystemError


def test_who_lost_the_right_meanwhile_makes_no_more_awards(acme: World, version: AchievementVersion) -> None:
    for access in (Access.PROGRAMME_OWNER, Access.HR):
        grant_access(acme.manager_person, access=access, actor=acme.system)
    owner = actor_for(acme.manager_person)
    batch = begin_batch(version, rows=[GivenRow(2, "member@acme.example")], source="x", actor=owner)
    start(batch, actor=owner)
    end_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    run_jobs()
    assert outcomes(batch) == ["failed"]
    assert "no longer had the right to award" in reasons(batch)[0]
    assert not Award.objects.exists()


def test_who_may_not_add_people_any_more_fails_with_new_people_alone(acme: World, version: AchievementVersion) -> None:
    for access in (Access.PROGRAMME_OWNER, Access.HR):
        grant_access(acme.manager_person, access=access, actor=acme.system)
    owner = actor_for(acme.manager_person)
    given = [GivenRow(2, "member@acme.example"), GivenRow(3, "new@acme.example", "Ben Lund")]
    batch = begin_batch(version, rows=given, source="x", actor=owner)
    start(batch, actor=owner)
    end_access(acme.manager_person, access=Access.HR, actor=acme.steward)
    run_jobs()
    assert outcomes(batch) == ["awarded", "failed"]


def test_what_is_retired_while_a_list_runs_is_awarded_no_more(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    start(batch, actor=acme.steward)
    retire_version(version, actor=acme.steward)
    run_jobs()
    assert reasons(batch) == ["“Safety Champion” was retired before this row's turn came."]


def test_who_leaves_between_check_and_run_is_not_awarded(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    start(batch, actor=acme.steward)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    run_jobs()
    assert outcomes(batch) == ["failed"]


def test_somebody_added_by_others_meanwhile_is_the_person_whom_the_row_awards(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "ben@acme.example,Ben Lund")
    start(batch, actor=acme.steward)
    ben = Person.objects.create(organisation=acme.organisation, name="Benedict Lund", email="BEN@acme.example")
    run_jobs()
    assert Award.objects.get().person == ben


def test_one_person_who_cannot_be_added_keeps_nobody_else_away(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, *many(3))
    start(batch, actor=acme.steward)
    # As if a rule for names had been made stricter between check and run.
    batch.rows.filter(line=3).update(name="\u200b")
    run_jobs()
    assert outcomes(batch) == ["awarded", "failed", "awarded"]
    assert "hidden characters" in reasons(batch)[1]
    assert Person.objects.filter(name__startswith="Person").count() == 2


# Undo


def test_undo_while_rows_are_being_made_leaves_no_award(acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CHUNK", 2)
    batch = begun(acme, version, *many(5))
    run = start(batch, actor=acme.steward)
    make_some(batch.pk)
    assert undo(run, actor=acme.steward) == 5
    assert make_some(batch.pk) == 0
    run_jobs()
    assert not Award.objects.exists()


def test_a_long_run_is_undone_at_once_and_cleared_in_chunks(
    acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "AT_ONCE", 3)
    monkeypatch.setattr(clearing, "CHUNK", 2)
    batch = begun(acme, version, *many(5))
    run = start(batch, actor=acme.steward)
    make_some(batch.pk)
    assert undo(run, actor=acme.steward) == 5
    assert Award.objects.count() == 5
    end_hold(run)
    jobs.wake_for_batches()
    run_jobs()
    assert (Award.objects.count(), Credential.objects.count()) == (0, 0)
    assert Batch.objects.get().run == run


def test_what_is_undone_but_not_cleared_yet_is_not_signed_and_in_nobodys_way(
    acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "AT_ONCE", 0)
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    undo(run, actor=acme.steward)
    assert Award.objects.count() == 1
    assert award(version, to=[acme.member_person], actor=acme.system).made == 1
    run_jobs()
    assert Credential.objects.issued().count() == Award.objects.count() == 1


def test_a_long_run_of_which_something_is_being_signed_is_not_undone(
    acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "AT_ONCE", 0)
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    Award.objects.update(reserved_at=timezone.now())
    with pytest.raises(Conflict, match="ten minutes are over"):
        undo(run, actor=acme.steward)


# Pause


def test_a_paused_run_is_not_signed_until_it_is_resumed(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    pause_signing(run, actor=acme.steward)
    release_now(run, actor=acme.steward)
    run_jobs()
    assert not Credential.objects.exists()
    resume_signing(run, actor=acme.steward)
    run_jobs()
    assert Credential.objects.issued().count() == 1
    assert [event.event_type for event in Event.objects.filter(subject_id=run.public_id)] == [
        EventType.RUN_PAUSED,
        EventType.RELEASED,
        EventType.RUN_RESUMED,
    ]


def test_pausing_twice_or_resuming_what_goes_on_is_refused(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    with pytest.raises(Conflict, match="not paused"):
        resume_signing(run, actor=acme.steward)
    pause_signing(run, actor=acme.steward)
    with pytest.raises(Conflict, match="paused already"):
        pause_signing(run, actor=acme.steward)
    undo(run, actor=acme.steward)
    with pytest.raises(Conflict):
        resume_signing(run, actor=acme.steward)


def test_only_who_may_award_pauses_and_resumes(acme: World, globex: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    for actor in (acme.member, globex.steward):
        for act in (pause_signing, resume_signing):
            with pytest.raises(NotPermitted):
                act(run, actor=actor)
