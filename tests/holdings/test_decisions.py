"""Decisions are kept with their rule and facts, and give the same answer when they are asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.world import World

from hexmark.errors import NotPermitted
from hexmark.holdings import facts
from hexmark.holdings.actions import hold, release
from hexmark.holdings.decisions import decisions_about, record_decision, replay
from hexmark.holdings.models import Decision
from hexmark.issuing.models import Credential
from hexmark.requirements.facts import (
    AttributeFact,
    ConsentFact,
    CredentialFact,
    FactKind,
    Holdings,
    MeasureFact,
    PointsFact,
    ReviewMarkFact,
    SkillLevel,
    TenureFact,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULE = {"type": "consent", "by": "manager"}


def decide(acme: World, rule: dict[str, object] = RULE) -> Decision:
    organisation, person = acme.organisation, acme.member_person
    return record_decision(organisation=organisation, person=person, about="Team lead", rule=rule, at=timezone.now(), actor=acme.system)


def test_facts_are_the_same_after_they_were_kept_as_json() -> None:
    held = Holdings(
        credentials=(
            CredentialFact(
                ref="https://a.example/a/1",
                achievement="https://a.example/b/x",
                name="X",
                issuer="did:web:a.example",
                assurance=3,
                level=2,
                held_from=AT,
                valid_until=AT + timedelta(days=400),
                paused_at=AT + timedelta(days=1),
                skills=(SkillLevel("https://a.example/s/1", 3),),
                labels=frozenset({"safety"}),
                foreign=True,
            ),
        ),
        points=(PointsFact("p", "talk", Decimal("20.5"), AT),),
        tenures=(TenureFact("Welder", AT.date(), AT.date()), TenureFact("", AT.date())),
        marks=(ReviewMarkFact("2026", Decimal(3), AT),),
        consents=(ConsentFact("manager", "post", AT),),
        measures=(MeasureFact("sales", Decimal("1.10"), AT),),
        attributes=(AttributeFact("country", "GB"),),
    )
    assert facts.from_json(facts.to_json(held)) == held


def test_a_decision_replayed_gives_the_same_explanation_after_the_facts_have_changed(acme: World) -> None:
    hold(acme.member_person, ConsentFact(by="manager", about="", at=AT), actor=acme.system)
    decision = decide(acme)
    release(acme.member_person, FactKind.CONSENT, "manager:", actor=acme.system)
    decision.refresh_from_db()
    assert decision.met
    assert replay(decision).to_json() == decision.explanation
    assert not decide(acme).met


def test_a_decision_about_a_credential_names_it(acme: World, credential: Credential) -> None:
    achievement = credential.award.version.achievement.url
    decision = decide(acme, {"type": "achievement", "achievement": achievement})
    assert decision.explanation["counted"][0]["ref"] == credential.url
    assert replay(decision).to_json() == decision.explanation


def test_people_see_decisions_about_themselves_and_auditors_all(acme: World, globex: World) -> None:
    decision = decide(acme)
    assert decisions_about(acme.member_person, actor=acme.member) == [decision]
    assert decisions_about(acme.member_person, actor=acme.steward) == [decision]
    assert decisions_about(acme.member_person, actor=acme.manager) == []
    assert decisions_about(acme.member_person, actor=globex.steward) == []


def test_nothing_is_decided_about_another_organisations_people(acme: World, globex: World) -> None:
    with pytest.raises(NotPermitted):
        record_decision(
            organisation=acme.organisation, person=globex.member_person, about="x", rule=RULE, at=timezone.now(), actor=acme.system
        )
