"""Who sees which opportunity, hand, waiver, consent and answer: everybody there is, against everything there is."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import pytest
from django.utils import timezone
from tests.opportunities.openings import offered
from tests.world import PASSWORD, World

from hexmark.access import Access, Actor
from hexmark.api.v1 import opportunities as api
from hexmark.holdings.models import Decision
from hexmark.opportunities import queries
from hexmark.opportunities.consents import ask_for_consent
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.interest_tables import Consent, Interest, Waiver
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import share_with
from hexmark.opportunities.waivers import ask_for_waiver
from hexmark.people.actions import grant_access, link_account, open_account
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.web import opportunities_offered

RULE = {"type": "all", "parts": [{"type": "consent", "by": "manager"}, {"type": "tenure", "months_at_least": 900}]}

#: Who sees what. The applicant is acme's member; `partner` is of globex, with whose people the network opening is shared.
#: draft, staff and network and public opening; the applicant's hand, waiver, consent and kept answer.
TABLE = """
    applicant      . x x x  x x x x
    own_manager    . x x x  . . x .
    other_manager  . x x x  . . . .
    hr             x x x x  x x . .
    steward        x x x x  x x . x
    auditor        x x x x  x x . x
    peer           . x x x  . . . .
    guest          . . . x  . . . .
    customer       . . x x  . . . .
    left           . . . x  . . . .
    partner        . . x x  . . . .
    stranger       . . . x  . . . .
"""
COLUMNS = ("draft", "staff", "network", "public", "hand", "waiver", "consent", "answer")
EXPECTED = {row.split()[0]: dict(zip(COLUMNS, row.split()[1:], strict=True)) for row in TABLE.strip().splitlines()}


def somebody(world: World, name: str, *, kind: str = "staff", access: Access = Access.MEMBER) -> Actor:
    """An actor of this kind."""
    person = world.person(f"{world.organisation.slug} {name}")
    link_account(person, account=open_account(email=person.email, name=person.name, password=PASSWORD), actor=world.system)
    grant_access(person, access=access, actor=world.system)
    Person.objects.filter(pk=person.pk).update(kind=kind)
    return actor_for(Person.objects.get(pk=person.pk))


@pytest.fixture
def actors(acme: World, globex: World) -> Mapping[str, Actor]:
    """Everybody there is."""
    other = somebody(acme, "Other Manager")
    Person.objects.filter(pk=acme.person("Her Report").pk).update(manager_id=other.person_id)
    left = somebody(acme, "Gone")
    Person.objects.filter(pk=left.person_id).update(left_at=timezone.now())
    third = somebody(globex, "Partner")
    return {
        "applicant": acme.member,
        "own_manager": acme.manager,
        "other_manager": other,
        "hr": somebody(acme, "Hr", access=Access.HR),
        "steward": acme.steward,
        "auditor": somebody(acme, "Auditor", access=Access.AUDITOR),
        "peer": somebody(acme, "Peer"),
        "guest": somebody(acme, "Guest", kind="guest"),
        "customer": somebody(acme, "Customer", kind="customer"),
        "left": actor_for(Person.objects.get(pk=left.person_id)),
        "partner": third,
        "stranger": Actor(kind=third.kind, organisation_id=0, person_id=0, label="Nobody"),
    }


def test_everybody_sees_what_the_table_says_and_nothing_else(acme: World, globex: World, actors: Mapping[str, Actor]) -> None:
    staff = offered(acme, RULE)
    network, public = offered(acme, audience="network"), offered(acme, audience="public")
    share_with(network, [globex.organisation], actor=acme.steward)
    Opportunity.objects.filter(pk=(draft := offered(acme, audience="public")).pk).update(state="draft")
    consent = ask_for_consent(staff, acme.member_person, actor=acme.member)
    part = gate_of(staff, acme.member_person).parts[1]
    waiver = ask_for_waiver(staff, acme.member_person, part.key, reason="Long ago.", actor=acme.member)
    now = timezone.now()
    hand = Interest.objects.create(
        organisation=acme.organisation, opportunity=staff, person=acme.member_person, raised_at=now, shown_at=now, rule_version=2
    )
    answer = Decision.objects.create(
        organisation=acme.organisation,
        person=acme.member_person,
        about="x",
        rule={},
        rule_sha256="",
        facts={},
        explanation={},
        met=False,
        at=now,
    )
    seen = {
        name: {
            "draft": draft in (found := list(Opportunity.objects.visible_to(actor))),
            "staff": staff in found,
            "network": network in found,
            "public": public in found,
            "hand": hand in Interest.objects.visible_to(actor),
            "waiver": waiver in Waiver.objects.visible_to(actor),
            "consent": consent in Consent.objects.visible_to(actor),
            "answer": answer in Decision.objects.visible_to(actor),
        }
        for name, actor in actors.items()
    }
    assert {name: {column: "x" if sees else "." for column, sees in row.items()} for name, row in seen.items()} == EXPECTED


def test_who_offers_sees_the_hands_without_any_grant(acme: World) -> None:
    opening = offered(acme)
    now = timezone.now()
    Interest.objects.create(
        organisation=acme.organisation, opportunity=opening, person=acme.member_person, raised_at=now, shown_at=now, rule_version=1
    )
    assert not Interest.objects.visible_to(acme.manager).exists()
    Opportunity.objects.filter(pk=opening.pk).update(offered_by=acme.manager_person)
    assert Interest.objects.visible_to(acme.manager).exists()


def test_what_was_shared_is_seen_no_more_once_it_is_not(acme: World, globex: World) -> None:
    opening = offered(acme, audience="network")
    share_with(opening, [globex.organisation], actor=acme.steward)
    assert opening in Opportunity.objects.visible_to(globex.member)
    share_with(opening, [], actor=acme.steward)
    assert opening not in Opportunity.objects.visible_to(globex.member)


def test_nothing_orders_people_by_anything_that_they_earned() -> None:
    """No list of the interested, in page, file or API, knows an order but time and name, nor a figure by which to make one."""
    assert set(queries.ORDERS) == {"raised", "name"}
    assert opportunities_offered.COLUMNS == (
        "name", "email", "organisation", "raised_at", "says", "counted", "waived", "decision", "reason", "decided_at",
    )  # fmt: skip
    assert not {"score", "rank", "points", "match", "readiness", "percent"} & set(api.InterestShown.model_fields)
    assert 'order=["raised_at", "pk"]' in inspect.getsource(api.interests)
    for field in Interest._meta.get_fields():
        assert not {"score", "rank", "points", "match"} & set(field.name.split("_")), field.name
