"""What people hold follows from what is issued and taken back, and can be made anew from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.world import World, run_jobs

from hexmark.access import system
from hexmark.awarding.actions import award
from hexmark.errors import NotPermitted
from hexmark.events.models import Cursor, Event
from hexmark.holdings.actions import hold, hold_many, record_expired, release
from hexmark.holdings.event_types import EventType
from hexmark.holdings.models import Holding, HoldingSkill
from hexmark.holdings.queries import holdings_of, holdings_of_many
from hexmark.issuing.actions import lift, pause, revoke
from hexmark.issuing.models import Credential
from hexmark.issuing.projection import rebuild
from hexmark.passport.actions import decline
from hexmark.passport.models import Entry
from hexmark.people.models import Person
from hexmark.people.records import give_role
from hexmark.requirements.facts import AttributeFact, ConsentFact, FactKind, PointsFact, ReviewMarkFact, TenureFact

pytestmark = pytest.mark.django_db


def issued(world: World, name: str = "Safety Champion", **text: object) -> Credential:
    """Something that the member holds, signed."""
    award(world.achievement(name, **text), to=[world.member_person], actor=world.system)
    run_jobs()
    return Credential.objects.get(award__version__name=name)


def kept() -> list[dict[str, object]]:
    """Every holding with its skills, but for keys."""
    columns = [field.name for field in Holding._meta.concrete_fields if field.name != "id"]
    rows = Holding.objects.order_by("person", "kind", "ref").values(*columns)
    skills = sorted(HoldingSkill.objects.values_list("holding__ref", "skill__url", "level"))
    return [*rows, {"skills": skills}]


def test_what_is_signed_is_held_at_once(acme: World) -> None:
    credential = issued(acme, assurance="A3", level=2, tags=["safety"])
    [fact] = holdings_of(acme.member_person).credentials
    assert (fact.ref, fact.issuer) == (credential.url, acme.organisation.did)
    assert fact.achievement == credential.award.version.achievement.url
    assert (fact.assurance, fact.level, fact.held_from) == (3, 2, credential.valid_from)
    assert "safety" in fact.labels
    assert "assessed" in fact.labels


def test_being_told_of_everything_again_changes_and_records_nothing(acme: World) -> None:
    issued(acme)
    before, events = kept(), Event.objects.filter(event_type=EventType.HOLDINGS_CHANGED).count()
    Cursor.objects.filter(subscriber="issuing.holdings").delete()
    from hexmark.events.subscriptions import deliver

    deliver()
    assert kept() == before
    assert Event.objects.filter(event_type=EventType.HOLDINGS_CHANGED).count() == events == 1


def test_pausing_lifting_and_revoking_show(acme: World) -> None:
    credential = issued(acme)
    pause(credential, actor=acme.steward, reason="Checking the evidence")
    run_jobs()
    assert holdings_of(acme.member_person).credentials[0].paused_at is not None
    lift(credential, actor=acme.steward)
    run_jobs()
    assert holdings_of(acme.member_person).credentials[0].paused_at is None
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    assert holdings_of(acme.member_person).credentials[0].ended_at is not None


def test_what_nobody_has_answered_yet_is_held_and_what_was_declined_is_not(acme: World) -> None:
    credential = issued(acme)
    assert holdings_of(acme.member_person).credentials[0].ended_at is None
    decline(Entry.objects.get(credential=credential), actor=acme.member)
    run_jobs()
    assert holdings_of(acme.member_person).credentials[0].ended_at is not None


def test_making_all_anew_gives_what_was_kept_step_by_step(acme: World) -> None:
    first, second = issued(acme), issued(acme, "Kiln Operator", validity_months=12)
    issued(acme, "Crane Driver")
    revoke(first, actor=acme.steward, reason="Awarded in error")
    pause(second, actor=acme.steward, reason="Checking")
    run_jobs()
    step_by_step = kept()
    Holding.objects.all().delete()
    assert sum(rebuild(acme.organisation.pk)) == 3
    assert kept() == step_by_step


def test_it_is_recorded_once_that_a_credential_expired(acme: World) -> None:
    credential = issued(acme, validity_months=1)
    later = timezone.now() + timedelta(days=40)
    assert [record_expired(later), record_expired(later)] == [1, 0]
    [event] = Event.objects.filter(event_type=EventType.HOLDING_EXPIRED)
    assert event.data["ref"] == credential.url
    assert event.data["person"] == acme.member_person.pk
    # Making it anew does not make it news.
    list(rebuild(acme.organisation.pk))
    assert record_expired(later) == 0


def test_the_change_names_the_people_whom_it_is_about(acme: World) -> None:
    issued(acme)
    [event] = Event.objects.filter(event_type=EventType.HOLDINGS_CHANGED)
    assert event.data["people"] == [acme.member_person.pk]


def test_a_fact_can_be_kept_changed_and_released(acme: World) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert hold(acme.member_person, ConsentFact(by="manager", about="post", at=at), actor=acme.system)
    assert not hold(acme.member_person, ConsentFact(by="manager", about="post", at=at), actor=acme.system)
    assert hold(acme.member_person, ConsentFact(by="manager", about="post", at=at, until=at + timedelta(days=90)), actor=acme.system)
    assert holdings_of(acme.member_person).consents == (ConsentFact("manager", "post", at, at + timedelta(days=90)),)
    assert release(acme.member_person, FactKind.CONSENT, "manager:post", actor=acme.system)
    assert not release(acme.member_person, FactKind.CONSENT, "manager:post", actor=acme.system)
    assert holdings_of(acme.member_person).consents == ()


def test_points_are_kept_to_the_last_digit(acme: World) -> None:
    fact = PointsFact(ref="talk-1", category="talk", points=Decimal("0.10"), at=datetime(2026, 3, 1, tzinfo=UTC))
    hold(acme.member_person, fact, actor=acme.system)
    assert holdings_of(acme.member_person).points == (fact,)


def test_tenure_is_read_from_the_roles_when_it_is_asked_for(acme: World) -> None:
    day = timezone.localdate()
    Person.objects.filter(pk=acme.member_person.pk).update(started_on=day - timedelta(days=900))
    give_role(acme.member_person, name="Welder", starts_on=day - timedelta(days=30), actor=acme.system)
    tenures = holdings_of(acme.member_person).tenures
    assert tenures == (TenureFact("", day - timedelta(days=900)), TenureFact("Welder", day - timedelta(days=30)))


def test_another_organisation_writes_nothing_here(acme: World) -> None:
    with pytest.raises(NotPermitted):
        hold(acme.member_person, AttributeFact("country", "GB"), actor=system(acme.organisation.pk + 1))


def test_many_are_read_with_as_few_questions_as_one(acme: World, django_assert_num_queries: object) -> None:
    people = [acme.person(f"Worker {number}") for number in range(12)]
    facts = [(person.pk, AttributeFact("country", "GB")) for person in people]
    assert hold_many(acme.organisation.pk, facts, actor=acme.system) == 12
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = holdings_of_many(person.pk for person in people)
    assert all(one.attributes == (AttributeFact("country", "GB"),) for one in found.values())


def test_of_others_only_credentials_are_seen_and_never_a_mark_or_a_consent(acme: World, globex: World) -> None:
    issued(acme)
    hold(acme.member_person, ReviewMarkFact("FY26", Decimal(3), timezone.now()), actor=acme.system)
    kinds = {
        who: set(Holding.objects.visible_to(actor).values_list("kind", flat=True))
        for who, actor in [("self", acme.member), ("manager", acme.manager), ("steward", acme.steward), ("stranger", globex.steward)]
    }
    credential = FactKind.CREDENTIAL.value
    assert kinds == {"self": {credential, FactKind.REVIEW_MARK.value}, "manager": {credential}, "steward": {credential}, "stranger": set()}
