"""Who sees which awards, how runs are counted, and what is told about an award that cannot be made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.access import ANONYMOUS, Access, Actor, ActorKind, Permission
from hexmark.awarding import rules
from hexmark.awarding.actions import award, close, refuse, release_now, undo
from hexmark.awarding.models import Award, AwardRun
from hexmark.awarding.queries import awarder_lacks_right, due_for_signing, recent_runs, run_with_counts
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.models import Credential
from hexmark.people.actions import grant_access
from hexmark.people.queries import actor_for
from hexmark.verification import verify


def test_an_earner_sees_the_award_only_once_it_is_signed(acme: World, version: AchievementVersion) -> None:
    awarded = award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward)
    assert not Award.objects.visible_to(acme.member).exists()
    release_now(awarded.run, actor=acme.steward)
    run_jobs()
    assert [one.person for one in Award.objects.visible_to(acme.member)] == [acme.member_person]


def test_administrators_and_auditors_see_all_of_their_house_and_strangers_nothing(
    acme: World, globex: World, version: AchievementVersion
) -> None:
    award(version, to=[acme.member_person], actor=acme.steward)
    auditor = acme.person("Ann Auditor")
    grant_access(auditor, access=Access.AUDITOR, actor=acme.system)
    for actor, seen in ((acme.steward, 1), (actor_for(auditor), 1), (acme.member, 0), (globex.steward, 0), (ANONYMOUS, 0)):
        assert Award.objects.visible_to(actor).count() == seen
        assert AwardRun.objects.visible_to(actor).count() == seen
        assert len(recent_runs(actor)) == seen


def test_a_run_counts_what_is_signed_and_what_was_refused(acme: World, version: AchievementVersion) -> None:
    people = [acme.person(f"Colleague {n}") for n in range(5)]
    run = award(version, to=people, actor=acme.steward).run
    for one in run.awards.order_by("pk")[:2]:
        refuse(one, reason="A reason.")
    release_now(run, actor=acme.steward)
    run_jobs()
    counted: Any = run_with_counts(acme.steward, run.public_id)
    assert (counted.total, counted.signed, counted.refused) == (5, 3, 2)
    assert run_with_counts(acme.member, run.public_id) is None


def test_an_auditor_may_look_but_not_award_undo_or_release(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    auditor = acme.person("Ann Auditor")
    grant_access(auditor, access=Access.AUDITOR, actor=acme.system)
    by = actor_for(auditor)
    for act in (
        lambda: award(version, to=[acme.manager_person], actor=by),
        lambda: undo(run, actor=by),
        lambda: release_now(run, actor=by),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_only_what_is_due_is_signed_oldest_first(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.person("Late")], actor=acme.steward)
    second = award(version, to=[acme.person("Second")], actor=acme.system).run
    first = award(acme.achievement("Kiln Safety"), to=[acme.person("First")], actor=acme.system).run
    Award.objects.filter(run=first).update(release_at=timezone.now() - timedelta(days=1))
    assert [one.run for one in due_for_signing(timezone.now())] == [first, second]
    assert due_for_signing(timezone.now() + rules.HOLD).count() == 3


def test_a_refused_or_closed_award_is_not_due(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person, acme.manager_person], actor=acme.system).run
    refused, closed = run.awards.order_by("pk")
    refuse(refused, reason="A reason.")
    close(closed)
    assert not due_for_signing(timezone.now()).exists()


def test_refusing_or_closing_twice_changes_and_records_nothing_more(acme: World, version: AchievementVersion) -> None:
    one = award(version, to=[acme.member_person], actor=acme.steward).run.awards.get()
    for reason in ("First reason.", "Second reason."):
        refuse(one, reason=reason)
        close(one)
    one.refresh_from_db()
    assert one.refusal == "First reason."
    assert Event.objects.filter(event_type="award.refused").count() == 1


def test_the_database_itself_refuses_a_second_open_award(acme: World, version: AchievementVersion) -> None:
    one = award(version, to=[acme.member_person], actor=acme.steward).run.awards.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            organisation=acme.organisation,
            run=one.run,
            version=version,
            person=acme.member_person,
            awarded_at=one.awarded_at,
            release_at=one.release_at,
        )


@pytest.mark.parametrize("narrative", ["Led it\ufffe.", "Led it\x00.", "Led it\u202e.", "x" * (rules.LONGEST_NARRATIVE + 1)], ids=ascii)
def test_words_that_could_not_be_signed_are_refused_before_anybody_is_awarded(
    narrative: str, acme: World, version: AchievementVersion
) -> None:
    with pytest.raises(Invalid, match="visible") as refused:
        award(version, to=[acme.member_person], actor=acme.steward, narrative=narrative)
    assert refused.value.field == "narrative"
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    "narrative", ["", "Led it.", "Line one\nline two\r\n\t- *list*", "é 李 🦄 “quoted” <b>&amp;</b>", "x" * rules.LONGEST_NARRATIVE]
)
def test_words_that_are_accepted_are_signed_and_verify(narrative: str, acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.system, narrative=narrative)
    run_jobs()
    assert verify(Credential.objects.get().document, fetch=served, at=timezone.now()).ok


def test_nobody_at_all_cannot_be_awarded(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid):
        award(version, to=[], actor=acme.steward)
    assert not AwardRun.objects.exists()


def test_an_award_that_is_refused_leaves_neither_run_nor_event(acme: World, globex: World, version: AchievementVersion) -> None:
    before = Event.objects.count()
    with pytest.raises(Invalid):
        award(version, to=[acme.member_person, globex.member_person], actor=acme.steward)
    assert not AwardRun.objects.exists()
    assert Event.objects.count() == before


def test_a_key_of_a_program_awards_at_once_and_is_named_in_the_run(acme: World, version: AchievementVersion) -> None:
    key = Actor(ActorKind.API_KEY, acme.organisation.pk, frozenset({Permission.AWARD}), label="the learning platform")
    run = award(version, to=[acme.member_person], actor=key).run
    assert rules.hold_for(key) == timedelta(0)
    assert (run.awarded_by, run.awarded_by_label) == (None, "the learning platform")
    assert awarder_lacks_right(run) == ""
    run_jobs()
    assert Credential.objects.issued().count() == 1


def test_somebody_who_left_during_the_hold_has_lost_the_right_to_award(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    assert awarder_lacks_right(run) == ""
    acme.steward_person.left_at = timezone.now()
    acme.steward_person.save()
    assert "no longer had the right" in awarder_lacks_right(AwardRun.objects.get(pk=run.pk))


def test_public_ids_of_awards_tell_nothing_of_their_order(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.person(f"Colleague {n}") for n in range(40)], actor=acme.steward)
    ids = list(Award.objects.order_by("pk").values_list("public_id", flat=True))
    assert ids != sorted(ids)
    assert len(set(ids)) == 40
    assert all(len(one) == 26 for one in ids)
