"""Who reads what of a review: everybody there is, against each state and each thing in it, tried one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.performance.reviewing import a_review, again, closed, with_access
from tests.world import World

from hexmark.access import ANONYMOUS, Access, Actor
from hexmark.errors import NotPermitted
from hexmark.people.models import Person, Team
from hexmark.people.queries import actor_for
from hexmark.performance import feedback, review_queries
from hexmark.performance.notes import notes_about, write_note
from hexmark.performance.packets import packet_for
from hexmark.performance.review_models import Review
from hexmark.performance.reviewing import Consent, confirm, reopen, save_words, write_agreement

KINDS = (
    "person",
    "own manager",
    "manager above",
    "other manager",
    "former manager",
    "hr",
    "steward",
    "auditor",
    "peer",
    "guest",
    "stranger",
)
STATES = ("draft", "handed in", "closed")
#: Who may read the page in which state; the cycle lets HR read closed ones.
READS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"person", "own manager"}),
    "handed in": frozenset({"person", "own manager"}),
    "closed": frozenset({"person", "own manager", "hr", "auditor"}),
}
SELF, MANAGERS = "I led the move to the new rig.", "Steady, and a help to others."


def actors(acme: World, globex: World) -> dict[str, Actor]:
    """Everybody there is, by what they are to acme's member."""
    above = acme.person("Manager Above")
    Person.objects.filter(pk=acme.manager_person.pk).update(manager=above)
    other = acme.person("Other Manager")
    peer = acme.person("Peer")
    Person.objects.filter(pk=peer.pk).update(manager=other)
    guest = acme.person("Guest")
    Person.objects.filter(pk=guest.pk).update(kind=Person.Kind.GUEST)
    return {
        "person": acme.member,
        "own manager": acme.manager,
        "manager above": actor_for(above),
        "other manager": actor_for(other),
        "former manager": actor_for(acme.person("Former Manager")),
        "hr": with_access(acme, Access.HR)[1],
        "steward": acme.steward,
        "auditor": with_access(acme, Access.AUDITOR)[1],
        "peer": actor_for(peer),
        "guest": actor_for(guest),
        "stranger": globex.steward,
    }


def in_state(acme: World, review: Review, state: str) -> Review:
    if state == "closed":
        closed(acme, review)
    else:
        save_words(review, text=SELF, hand_in=state == "handed in", actor=acme.member)
        save_words(review, text=MANAGERS, hand_in=state == "handed in", actor=acme.manager)
    return again(review)


@pytest.mark.parametrize("state", STATES)
def test_everybody_reads_what_the_table_says_and_nobody_more(acme: World, globex: World, state: str) -> None:
    everybody = actors(acme, globex)
    review = in_state(acme, a_review(acme), state)
    for kind in KINDS:
        actor = everybody[kind]
        readable = Review.objects.visible_to(actor).filter(pk=review.pk).exists()
        assert readable == (kind in READS[state]), (kind, state)
        if readable:
            said = {one.text for one in review_queries.read_review(review, actor).words}
            assert said == (set() if state == "draft" else {SELF, MANAGERS}), (kind, state)
        assert (packet_for(review, actor) is not None) == (state == "closed" and kind in ("person", "own manager")), (kind, state)
    readers = {one.reader_id for one in review.reads.all()}
    assert readers == {everybody[kind].person_id for kind in READS[state] - {"person"}}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("person", "own manager")])
def test_nobody_but_the_two_writes(acme: World, globex: World, kind: str) -> None:
    review, actor = a_review(acme), actors(acme, globex)[kind]
    for act in (
        lambda: save_words(review, text="Mine", hand_in=True, actor=actor),
        lambda: write_agreement(review, text="Mine", read_version=0, actor=actor),
        lambda: confirm(review, Consent(), read_version=0, actor=actor),
        lambda: feedback.ask(review, name="A", email="a@b.example", question="", audience="both", actor=actor),
        lambda: write_note(acme.member_person, text="Mine", audience="author", actor=actor),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize("kind", ["system", "anonymous"])
def test_no_machine_reads_or_writes(acme: World, kind: str) -> None:
    review, actor = a_review(acme), acme.system if kind == "system" else ANONYMOUS
    assert not Review.objects.visible_to(actor).exists()
    for act in (
        lambda: save_words(review, text="Mine", mark="4", hand_in=True, actor=actor),
        lambda: reopen(review, reason="Because", actor=actor),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_change_of_manager_counts_the_same_moment_and_the_words_stay_by_policy(acme: World) -> None:
    review = in_state(acme, a_review(acme), "handed in")
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    assert not Review.objects.visible_to(acme.manager).filter(pk=review.pk).exists()
    seen = review_queries.read_review(again(review), acme.steward)
    assert {one.text for one in seen.words} == {SELF, MANAGERS}
    assert not seen.progress.manager_handed_in


def test_where_the_policy_says_so_only_the_person_keeps_a_former_managers_words(acme: World) -> None:
    review = in_state(acme, a_review(acme, predecessor="person_only"), "handed in")
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    assert {one.text for one in review_queries.read_review(again(review), acme.steward).words} == {SELF}
    assert {one.text for one in review_queries.read_review(again(review), acme.member).words} == {SELF, MANAGERS}


def test_a_draft_of_a_former_manager_is_seen_by_nobody(acme: World) -> None:
    review = in_state(acme, a_review(acme), "draft")
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    for actor in (acme.steward, acme.member):
        reading = review_queries.read_review(again(review), actor)
        assert MANAGERS not in {one.text for one in reading.words}


def test_a_former_managers_confirmation_closes_nothing(acme: World) -> None:
    review = a_review(acme)
    version = write_agreement(review, text="Lead the next move.", read_version=0, actor=acme.manager)
    confirm(again(review), Consent(), read_version=version, actor=acme.manager)
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    assert not confirm(again(review), Consent(), read_version=version, actor=acme.member)
    assert confirm(again(review), Consent(), read_version=version, actor=acme.steward)


def test_a_lead_is_the_manager_where_nobody_is_named(acme: World) -> None:
    review = a_review(acme)
    team = Team.objects.create(organisation=acme.organisation, name="Rigs", lead=acme.steward_person)
    Person.objects.filter(pk=acme.member_person.pk).update(manager=None, team=team)
    assert Review.objects.managed_by(acme.steward).filter(pk=review.pk).exists()
    # But never of oneself.
    Person.objects.filter(pk=acme.steward_person.pk).update(manager=None, team=team)
    assert not Review.objects.managed_by(acme.steward).filter(person=acme.steward_person).exists()


def test_notes_are_read_by_whom_they_say(acme: World, globex: World) -> None:
    write_note(acme.member_person, text="Mine", audience="author", actor=acme.manager)
    write_note(acme.member_person, text="Ours", audience="both", actor=acme.manager)
    everybody = actors(acme, globex)
    for kind in KINDS:
        read = {one.text for one in notes_about(acme.member_person, everybody[kind])}
        assert read == {"person": {"Ours"}, "own manager": {"Mine", "Ours"}}.get(kind, set()), kind
