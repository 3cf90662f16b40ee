"""Opportunities across organisations: what an account holds elsewhere counts where the gate names its issuer, and no more than that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from tests.opportunities.openings import achievement_leaf, give, offered, settle
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import NotPermitted
from hexmark.holdings.actions import hold
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.interests import decide, raise_hand
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import share_with
from hexmark.opportunities.queries import mine
from hexmark.people.models import Person
from hexmark.requirements import ReviewMarkFact


def trusting(globex: World, version: AchievementVersion, assurance: int = 4) -> dict[str, Any]:
    """The part of a rule that asks for globex's badge and trusts globex so far."""
    issuer = {"id": globex.organisation.did, "name": "Globex", "assurance": assurance}
    return achievement_leaf(version) | {"issuers": [issuer]}


def across(acme: World, globex: World, rule: dict[str, Any]) -> Opportunity:
    """An opening of acme's that globex's people see."""
    opening = offered(acme, rule, audience="network")
    share_with(opening, [globex.organisation], actor=acme.steward)
    settle()
    return opening


def test_what_a_partner_holds_counts_where_its_issuer_is_named(acme: World, globex: World) -> None:
    version = globex.achievement("Robot Cells", assurance="A4")
    give(globex, version, globex.member_person)
    trusted = across(acme, globex, trusting(globex, version))
    assert gate_of(trusted, globex.member_person).is_open
    assert not gate_of(across(acme, globex, trusting(globex, version, assurance=2)), globex.member_person).is_open
    assert not gate_of(across(acme, globex, achievement_leaf(version)), globex.member_person).is_open
    assert {one.opportunity.pk for one in mine(globex.member_person) if one.gate.is_open} == {trusted.pk}


def test_reviews_of_another_employer_stay_there(acme: World, globex: World) -> None:
    opening = across(acme, globex, {"type": "review_mark", "at_least": 3})
    hold(globex.member_person, ReviewMarkFact("cycle", Decimal(5), timezone.now()), actor=globex.system)
    assert not gate_of(opening, globex.member_person).is_open
    hold(acme.member_person, ReviewMarkFact("cycle", Decimal(5), timezone.now()), actor=acme.system)
    assert gate_of(opening, acme.member_person).is_open


def test_what_one_account_holds_in_two_organisations_counts_together(acme: World, globex: World) -> None:
    own = acme.achievement("Coaching", assurance="A3")
    give(acme, own, acme.member_person)
    opening = across(acme, globex, achievement_leaf(own))
    assert not gate_of(opening, globex.member_person).is_open
    Person.objects.filter(pk=globex.member_person.pk).update(account=acme.member_person.account)
    assert gate_of(opening, Person.objects.get(pk=globex.member_person.pk)).is_open


def test_who_offers_decides_about_a_partners_person_who_was_told_what_is_shown(acme: World, globex: World) -> None:
    version = globex.achievement("Robot Cells", assurance="A4")
    give(globex, version, globex.member_person)
    opening = across(acme, globex, trusting(globex, version))
    page = text_of(Visitor(globex.member_person).get(f"/opportunities/{opening.public_id}"))
    assert "your name and address, and that you are of Globex" in page
    assert "Reviews, figures and times in a role at Globex stay there." in page

    hand = raise_hand(opening, globex.member_person, actor=globex.member, shows=True)
    shown = text_of(Visitor(acme.steward_person).get(f"/opportunities/{opening.public_id}/interested"))
    assert "Globex Member of Globex" in shown
    with pytest.raises(NotPermitted):
        decide(hand, "chosen", reason="Ours.", actor=globex.steward)
    decide(hand, "chosen", reason="The cell in your barn.", actor=acme.steward)


def test_a_stranger_raises_no_hand(acme: World, globex: World) -> None:
    opening = offered(acme, audience="network")
    with pytest.raises(NotPermitted):
        raise_hand(opening, globex.member_person, actor=globex.member, shows=True)
    with pytest.raises(NotPermitted):
        share_with(opening, [globex.organisation], actor=globex.steward)
    with pytest.raises(NotPermitted):
        share_with(opening, [globex.organisation], actor=replace(globex.steward, person_id=acme.steward.person_id))
