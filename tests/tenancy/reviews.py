"""Cycles, reviews, feedback, and one person before a talk."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.people.models import Person
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.feedback import digest
from hexmark.performance.review_models import Feedback, Note, Packet, Review
from tests.tenancy.area import Area
from tests.world import World

TOKEN = "a-link-that-somebody-outside-was-sent"


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """The open review of somebody who reports to nobody, who asked for feedback, with a link too, and a note about them."""
    other = acme.person("Reports To Nobody")
    found = of(acme, other, asked_of=acme.person("Asked Instead"), author=acme.steward_person, name="FY 2027")
    review = Review.objects.get(public_id=found["review_id"])
    Review.objects.filter(pk=review.pk).update(closed_at=None, closed_with=None)
    _asked(review, None, token=TOKEN)
    return {**found, "feedback_token": TOKEN}


def of(
    acme: World, person: Person, *, asked_of: Person | None = None, author: Person | None = None, name: str = "FY 2026"
) -> dict[str, str]:
    """The person's closed review with its packet, feedback that is asked of them about somebody else, and their manager's note."""
    today = timezone.localdate()
    period = {"starts_on": today - timedelta(days=300), "ends_on": today}
    cycle = Cycle.objects.create(organisation=acme.organisation, name=name, opened_at=timezone.now(), **period)
    manager = author or acme.manager_person
    closed = {"closed_at": timezone.now(), "closed_with": manager}
    review = Review.objects.create(organisation=acme.organisation, cycle=cycle, person=person, **closed)
    Packet.objects.create(organisation=acme.organisation, review=review, closed_at=timezone.now(), content={})
    another = Review.objects.create(organisation=acme.organisation, cycle=cycle, person=acme.person(f"Spoken Of In {name}"))
    about = {"organisation": acme.organisation, "about": person, "author": manager}
    note = Note.objects.create(text="Ask about the rig", written_at=timezone.now(), **about)
    return {
        "cycle_id": cycle.public_id,
        "review_id": review.public_id,
        "feedback_id": _asked(another, asked_of or person).public_id,
        "note_id": note.public_id,
    }


def _asked(review: Review, giver: Person | None, *, token: str = "") -> Feedback:
    now = timezone.now()
    return Feedback.objects.create(
        review=review,
        asked_by=review.person,
        giver=giver,
        giver_name="Somebody",
        giver_email=giver.email if giver else "outside@example.org",
        audience=Feedback.Audience.BOTH,
        token_sha256=digest(token) if token else "",
        asked_at=now,
        expires_at=now + timedelta(days=9),
    )


AREA = Area(
    public=frozenset({"feedback_link"}),
    own=frozenset({"reviews"}),
    of_the_organisation=frozenset({"cycles", "cycle_new"}),
    of_a_thing=frozenset(
        """
        cycle cycle_edit cycle_open cycle_close cycle_export feedback review review_words review_agreement review_confirm review_reopen
        review_ask review_packet team_person note_discard
        """.split()
    ),
    values=values,
)
