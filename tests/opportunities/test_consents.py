"""A manager's consent: asked, given, refused, withdrawn; by whoever manages somebody at that moment."""

from __future__ import annotations

import pytest
from tests.opportunities.openings import offered
from tests.world import World

from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.mail.models import Message
from hexmark.opportunities.consents import ask_for_consent, give_consent, refuse_consent, withdraw_consent
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.interest_tables import Consent
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.queries import consents_answered, consents_waiting
from hexmark.opportunities.waivers import ask_for_waiver
from hexmark.people.models import Person

RULE = {"type": "consent", "by": "manager"}


@pytest.fixture
def opening(acme: World) -> Opportunity:
    return offered(acme, RULE)


@pytest.fixture
def asked(acme: World, opening: Opportunity) -> Consent:
    return ask_for_consent(opening, acme.member_person, actor=acme.member, note="It is what I want to do.")


def test_the_manager_is_told_who_asks_and_for_what(acme: World, asked: Consent) -> None:
    letter = Message.objects.get(template="consent_asked")
    assert letter.to == acme.manager_person.email
    assert "Acme Member would like to apply for “Team lead, North”" in letter.text
    assert "It is what I want to do." in letter.text
    assert list(consents_waiting(acme.manager)) == [asked]


def test_a_consent_that_is_given_opens_the_gate_and_is_told(acme: World, opening: Opportunity, asked: Consent) -> None:
    give_consent(asked, actor=acme.manager)
    assert gate_of(opening, acme.member_person).is_open
    assert "agrees that you apply" in Message.objects.get(template="consent_answered").text
    assert not consents_waiting(acme.manager).exists()
    assert list(consents_answered(acme.manager)) == [asked]


def test_a_consent_is_for_this_opportunity_and_no_other(acme: World, asked: Consent) -> None:
    other = offered(acme, RULE, title="Another post")
    give_consent(asked, actor=acme.manager)
    assert not gate_of(other, acme.member_person).is_open


def test_a_refusal_has_a_reason_and_one_may_ask_again(acme: World, opening: Opportunity, asked: Consent) -> None:
    with pytest.raises(Invalid, match="Give a reason"):
        refuse_consent(asked, actor=acme.manager, reason="")
    refuse_consent(asked, actor=acme.manager, reason="Not before the audit.")
    assert "Not before the audit." in Message.objects.get(template="consent_answered").text
    assert not gate_of(opening, acme.member_person).is_open
    again = ask_for_consent(opening, acme.member_person, actor=acme.member)
    assert (again.pk, again.state) == (asked.pk, Consent.State.ASKED)


def test_a_consent_that_is_withdrawn_counts_no_longer(acme: World, opening: Opportunity, asked: Consent) -> None:
    give_consent(asked, actor=acme.manager)
    withdraw_consent(asked, actor=acme.manager, reason="We lost two people.")
    assert not gate_of(opening, acme.member_person).is_open
    give_consent(asked, actor=acme.manager)
    assert gate_of(opening, acme.member_person).is_open


def test_nobody_is_asked_twice(acme: World, opening: Opportunity, asked: Consent) -> None:
    with pytest.raises(Conflict, match="was asked already"):
        ask_for_consent(opening, acme.member_person, actor=acme.member)
    give_consent(asked, actor=acme.manager)
    with pytest.raises(Conflict, match="has agreed already"):
        ask_for_consent(opening, acme.member_person, actor=acme.member)


def test_only_who_manages_somebody_now_answers(acme: World, asked: Consent) -> None:
    with pytest.raises(NotPermitted):
        give_consent(asked, actor=acme.member)
    with pytest.raises(NotPermitted):
        give_consent(asked, actor=acme.steward)
    other = acme.person("Other Manager")
    Person.objects.filter(pk=acme.member_person.pk).update(manager=other)
    with pytest.raises(NotPermitted):
        give_consent(asked, actor=acme.manager)
    assert not Consent.objects.visible_to(acme.manager).exists()


def test_where_nobody_manages_somebody_the_consent_can_be_waived_and_only_there(acme: World, opening: Opportunity) -> None:
    [part] = gate_of(opening, acme.member_person).parts
    with pytest.raises(Invalid, match="for your manager to give"):
        ask_for_waiver(opening, acme.member_person, part.key, reason="She is away.", actor=acme.member)
    Person.objects.filter(pk=acme.member_person.pk).update(manager=None)
    with pytest.raises(Invalid, match="Nobody is recorded as your manager"):
        ask_for_consent(opening, acme.member_person, actor=acme.member)
    ask_for_waiver(opening, acme.member_person, part.key, reason="I have no manager.", actor=acme.member)


def test_where_no_consent_is_needed_none_is_asked(acme: World) -> None:
    with pytest.raises(Invalid, match="Nobody's consent is needed"):
        ask_for_consent(offered(acme), acme.member_person, actor=acme.member)
