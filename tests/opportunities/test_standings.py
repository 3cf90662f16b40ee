"""Gates that open and close for somebody: told once, each time, and nobody is told of what they had all along."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.opportunities.openings import achievement_leaf, give, offered, settle
from tests.world import World

from hexmark.holdings.actions import record_expired
from hexmark.holdings.models import Decision, Holding
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.opportunities.consents import ask_for_consent, give_consent
from hexmark.opportunities.interest_tables import Interest, Standing
from hexmark.opportunities.interests import raise_hand
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import set_gate
from hexmark.opportunities.standings import behind, tell, work_out, work_out_person


def told(template: str, to: str) -> int:
    """How many letters of this template they have."""
    return Message.objects.filter(template=template, to=to).count()


def test_who_gains_the_last_badge_is_told_once(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    give(acme, version, acme.member_person)
    settle()
    work_out_person(acme.member_person)
    tell()
    assert told("opportunity_unlocked", acme.member_person.email) == 1
    assert Standing.objects.get(opportunity=opening, person=acme.member_person).is_met
    [kept] = Decision.objects.filter(person=acme.member_person, purpose="eligibility")
    assert kept.met


def test_nobody_is_told_of_what_was_open_to_them_from_the_beginning(acme: World) -> None:
    version = acme.achievement("Coaching")
    give(acme, version, acme.member_person)
    opening = offered(acme, achievement_leaf(version, 0))
    assert Standing.objects.get(opportunity=opening).person == acme.member_person
    assert not Message.objects.filter(template="opportunity_unlocked").exists()


def test_when_a_badge_is_revoked_the_gate_closes_and_they_are_told_once(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    give(acme, version, acme.member_person)
    hand = raise_hand(opening, acme.member_person, actor=acme.member, shows=True)
    revoke(Credential.objects.get(award__version=version), actor=acme.steward, reason="A mistake.")
    settle()
    settle()
    assert told("opportunity_lapsed", acme.member_person.email) == 1
    assert told("opportunity_lapsed", acme.manager_person.email) == 0, "whom nobody asked is not told"
    assert "Coaching" in Message.objects.get(template="opportunity_lapsed").text
    assert Interest.objects.get(pk=hand.pk).withdrawn_at is None, "a hand that is up stays up"


def test_a_manager_who_agreed_is_told_too(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, {"type": "all", "parts": [achievement_leaf(version, 0), {"type": "consent", "by": "manager"}]})
    give(acme, version, acme.member_person)
    give_consent(ask_for_consent(opening, acme.member_person, actor=acme.member), actor=acme.manager)
    settle()
    revoke(Credential.objects.get(award__version=version), actor=acme.steward, reason="A mistake.")
    settle()
    assert told("opportunity_lapsed", acme.manager_person.email) == 1
    assert "You agreed that Acme Member applies." in Message.objects.get(to=acme.manager_person.email, template="opportunity_lapsed").text


def test_when_a_badge_expires_the_gate_closes(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    give(acme, version, acme.member_person)
    past = timezone.now() - timedelta(hours=1)
    Holding.objects.filter(kind="credential").update(valid_until=past, expiry_recorded_at=None)
    record_expired(timezone.now())
    settle()
    assert not Standing.objects.get(opportunity=opening).is_met
    assert told("opportunity_lapsed", acme.member_person.email) == 1


def test_what_opens_and_closes_before_anybody_was_told_is_not_told(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    Standing.objects.create(opportunity=opening, person=acme.member_person, is_met=True, changed_at=timezone.now())
    assert work_out_person(acme.member_person) == 1
    assert tell() == 0
    assert not Message.objects.filter(template__startswith="opportunity_").exists()


def test_a_change_of_the_gate_tells_who_gains_and_who_loses(acme: World) -> None:
    first, second = acme.achievement("First"), acme.achievement("Second")
    give(acme, first, acme.member_person)
    give(acme, second, acme.manager_person)
    opening = offered(acme, achievement_leaf(first, 0))
    set_gate(opening, achievement_leaf(second, 0), actor=acme.steward)
    settle()
    assert told("opportunity_unlocked", acme.manager_person.email) == 1
    assert told("opportunity_lapsed", acme.member_person.email) == 1


def test_working_out_twice_changes_nothing_the_second_time(acme: World) -> None:
    version = acme.achievement("Coaching")
    opening = offered(acme, achievement_leaf(version, 0))
    give(acme, version, acme.member_person)
    before = list(Standing.objects.values_list("changed_at", "told_at"))
    assert work_out(opening) == 0
    assert list(Standing.objects.values_list("changed_at", "told_at")) == before


def test_standings_of_an_earlier_day_or_gate_are_found_again(acme: World) -> None:
    opening = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0))
    assert behind() == []
    Opportunity.objects.filter(pk=opening.pk).update(standings_on=timezone.localdate() - timedelta(days=1))
    assert behind() == [opening.pk]
    Opportunity.objects.filter(pk=opening.pk).update(standings_on=None)
    assert behind() == [opening.pk]


def test_an_open_gate_without_a_rule_is_nobodys_news(acme: World) -> None:
    offered(acme)
    assert behind() == []
    assert not Standing.objects.exists()
