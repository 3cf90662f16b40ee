"""Hands: raised, taken down, decided about; never put in an order of merit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.opportunities.openings import achievement_leaf, give, offered, settle
from tests.world import World

from hexmark.access import Access
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.holdings.models import Decision
from hexmark.mail.models import Message
from hexmark.opportunities import interests
from hexmark.opportunities.interest_tables import Interest
from hexmark.opportunities.interests import decide, raise_hand, undo_decision, withdraw
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import close_opportunity
from hexmark.opportunities.queries import ORDERS, interested
from hexmark.opportunities.rules import HOLD
from hexmark.opportunities.telling import is_anything_owed, tell_decisions
from hexmark.people.actions import grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


def up(opening: Opportunity, person: Person, **more: object) -> Interest:
    """The person's hand is up."""
    return raise_hand(opening, person, actor=actor_for(person), shows=True, **more)  # type: ignore[arg-type]


def earlier(hand: Interest, minutes: int) -> Interest:
    """The hand has been up for so long."""
    Interest.objects.filter(pk=hand.pk).update(raised_at=timezone.now() - timedelta(minutes=minutes))
    hand.refresh_from_db()
    return hand


def test_a_hand_is_raised_with_what_counted(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    give(acme, version, acme.member_person)
    hand = up(opening, acme.member_person, note="For a year I have wanted this.")
    assert hand.explanation is not None
    assert hand.explanation["explanation"]["met"]
    assert hand.rule_version == opening.rule_version
    assert Event.objects.filter(event_type="interest.raised").count() == 1


def test_nobody_raises_a_hand_without_having_agreed_to_what_is_shown(acme: World) -> None:
    with pytest.raises(Invalid, match="Agree to what is shown"):
        raise_hand(offered(acme), acme.member_person, actor=acme.member, shows=False)


def test_a_closed_gate_refuses_with_reasons_and_keeps_the_answer(acme: World) -> None:
    opening = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0))
    with pytest.raises(Conflict, match=r"You cannot apply yet\. 0 of 1 shown; missing: Coaching"):
        up(opening, acme.member_person)
    assert not Interest.objects.exists()
    kept = Decision.objects.get(person=acme.member_person)
    assert not kept.met
    assert kept.rule_version == opening.rule_version


def test_a_hand_is_up_once_and_only_ones_own(acme: World) -> None:
    opening = offered(acme)
    up(opening, acme.member_person)
    with pytest.raises(Conflict, match="up already"):
        up(opening, acme.member_person)
    with pytest.raises(NotPermitted):
        raise_hand(opening, acme.manager_person, actor=acme.member, shows=True)


def test_what_is_closed_takes_no_hand(acme: World) -> None:
    opening = offered(acme)
    close_opportunity(opening, actor=acme.steward)
    with pytest.raises(Conflict, match="no more interest"):
        up(opening, acme.member_person)


def test_a_hand_that_was_raised_just_now_can_be_undone_as_if_it_had_never_been(acme: World) -> None:
    hand = up(offered(acme), acme.member_person)
    assert withdraw(hand, actor=acme.member)
    assert not Interest.objects.exists()


def test_a_hand_that_was_taken_down_by_mistake_keeps_its_place(acme: World) -> None:
    opening = offered(acme)
    hand = earlier(up(opening, acme.member_person), minutes=60)
    assert not withdraw(hand, actor=acme.member)
    assert up(opening, acme.member_person).raised_at == hand.raised_at


def test_the_interested_stand_in_the_order_of_their_hands_or_by_name_and_there_is_no_other(acme: World) -> None:
    opening = offered(acme)
    first, second = acme.person("Zoe Zander"), acme.person("Abe Aaron")
    for minutes, person in ((30, first), (20, second)):
        earlier(up(opening, person), minutes)
    assert [hand.person.name for hand in interested(opening, acme.steward)] == ["Zoe Zander", "Abe Aaron"]
    assert [hand.person.name for hand in interested(opening, acme.steward, order="name")] == ["Abe Aaron", "Zoe Zander"]
    assert [hand.person.name for hand in interested(opening, acme.steward, order="points")] == ["Zoe Zander", "Abe Aaron"]
    assert {column.split("__")[-1] for columns in ORDERS.values() for column in columns} == {"raised_at", "pk", "name"}


# Deciding -------------------------------------------------------------------------------------------------------------------------


def test_a_decision_has_a_reason_and_is_told_after_ten_minutes(acme: World) -> None:
    hand = up(offered(acme), acme.member_person)
    with pytest.raises(Invalid, match="Give a reason"):
        decide(hand, Interest.Decision.CHOSEN, reason=" ", actor=acme.steward)
    decide(hand, Interest.Decision.CHOSEN, reason="Your crew trusts you.", actor=acme.steward)
    settle()
    assert not Message.objects.filter(template="interest_decided").exists()
    assert not is_anything_owed()

    Interest.objects.update(decided_at=timezone.now() - HOLD)
    assert is_anything_owed()
    assert (tell_decisions(), tell_decisions()) == (1, 0)
    letter = Message.objects.get(template="interest_decided")
    assert letter.to == acme.member_person.email
    assert "You were chosen for “Team lead, North”." in letter.text
    assert "Your crew trusts you." in letter.text


def test_a_decision_can_be_undone_until_it_was_told(acme: World) -> None:
    hand = up(offered(acme), acme.member_person)
    decide(hand, Interest.Decision.NOT_CHOSEN, reason="A slip.", actor=acme.steward)
    undo_decision(hand, actor=acme.steward)
    assert Interest.objects.get().decision == ""
    decide(hand, Interest.Decision.CHOSEN, reason="Meant.", actor=acme.steward)
    Interest.objects.update(decided_at=timezone.now() - HOLD)
    tell_decisions()
    with pytest.raises(Conflict, match="was told already"):
        undo_decision(hand, actor=acme.steward)


def test_no_more_are_chosen_than_there_are_places(acme: World) -> None:
    opening = offered(acme, places=1)
    first, second = (up(opening, acme.person(name)) for name in ("Abe Aaron", "Zoe Zander"))
    decide(first, Interest.Decision.CHOSEN, reason="Yes.", actor=acme.steward)
    with pytest.raises(Conflict, match=r"All places are taken \(1\)"):
        decide(second, Interest.Decision.CHOSEN, reason="Yes.", actor=acme.steward)
    decide(second, Interest.Decision.NOT_CHOSEN, reason="It is taken.", actor=acme.steward)


def test_nobody_decides_about_themselves(acme: World) -> None:
    opening = offered(acme)
    hand = up(opening, acme.steward_person)
    with pytest.raises(NotPermitted, match="Nobody decides about themselves"):
        decide(hand, Interest.Decision.CHOSEN, reason="I am good.", actor=acme.steward)
    grant_access(acme.manager_person, access=Access.HR, actor=acme.system)
    decide(hand, Interest.Decision.CHOSEN, reason="So you are.", actor=actor_for(acme.manager_person))


def test_what_was_withdrawn_cannot_be_decided(acme: World) -> None:
    hand = earlier(up(offered(acme), acme.member_person), minutes=60)
    withdraw(hand, actor=acme.member)
    with pytest.raises(Conflict, match="withdrawn or decided"):
        decide(hand, Interest.Decision.CHOSEN, reason="Yes.", actor=acme.steward)


def test_only_two_decisions_are_there(acme: World) -> None:
    hand = up(offered(acme), acme.member_person)
    with pytest.raises(Invalid):
        decide(hand, "rank 1", reason="Best.", actor=acme.steward)
    assert [value for value, _ in interests.Decision.choices] == ["chosen", "not_chosen"]
