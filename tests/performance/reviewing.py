"""A cycle with a review for acme's member, as many tests of reviews need it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.world import World, run_jobs

from hexmark.access import Access, Actor
from hexmark.people.actions import grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.cycles import CycleText, make_cycle, open_cycle
from hexmark.performance.review_models import Packet, Review
from hexmark.performance.review_rules import Dates
from hexmark.performance.reviewing import Consent, confirm, save_words, write_agreement

SCALE = "1 Below\n2 Mostly\n3 Meets what was agreed\n4 Above"


def a_cycle(acme: World, *, name: str = "FY 2026", **more: object) -> Cycle:
    """A cycle of this year's days, in its self review, that everybody on the staff is in."""
    today = timezone.localdate()
    text = CycleText(
        name=name,
        starts_on=today - timedelta(days=300),
        ends_on=today + timedelta(days=30),
        consequence="Nothing follows for pay; a missed target is talked about.",
        adjustments="Ask for more time, another form or another place.",
        **{"scale": SCALE, "marks_count": True, **more},  # type: ignore[arg-type]
    )
    phases = {
        "self_review": Dates(today - timedelta(days=3), today + timedelta(days=10)),
        "manager_review": Dates(today + timedelta(days=1), today + timedelta(days=20)),
    }
    return make_cycle(acme.organisation, text, phases=phases, actor=acme.steward)


def a_review(acme: World, **more: object) -> Review:
    """The member's review in an open cycle."""
    cycle = a_cycle(acme, **more)
    open_cycle(cycle, actor=acme.steward)
    return again(Review.objects.get(cycle=cycle, person=acme.member_person))


def again(review: Review) -> Review:
    """The review as it stands now."""
    return Review.objects.select_related("cycle__organisation", "person__manager", "person__team__lead", "closed_with").get(pk=review.pk)


def closed(acme: World, review: Review, *, mark: str = "3", person: Consent | None = None, manager: Consent | None = None) -> Packet:
    """The review is written by both, agreed, confirmed and closed, and its packet is signed."""
    save_words(review, text="I led the move to the new rig.", hand_in=True, actor=acme.member)
    save_words(review, text="Steady, and a help to others.", mark=mark, hand_in=True, actor=acme.manager)
    version = write_agreement(
        again(review), text="Lead the next move too.", read_version=again(review).agreement_version, actor=acme.manager
    )
    confirm(again(review), manager or Consent(includes_words=True), read_version=version, actor=acme.manager)
    confirm(again(review), person or Consent(includes_words=True), read_version=version, actor=acme.member)
    run_jobs()
    return Packet.objects.filter(review=review).latest("pk")


def with_access(acme: World, access: Access, *, name: str = "") -> tuple[Person, Actor]:
    """Somebody else at acme with this access."""
    person = acme.person(name or f"Some {access.value}")
    grant_access(person, access=access, actor=acme.system)
    return person, actor_for(person)
