"""Feedback: asked for by one of the two sides, given by a colleague or by somebody outside with a link, or declined."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hexmark.access import Actor, system
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.people.models import Person
from hexmark.people.rules import clean_email, clean_name
from hexmark.performance import review_letters
from hexmark.performance.review_event_types import EventType
from hexmark.performance.review_models import Feedback, Review, Words
from hexmark.performance.review_rules import LONGEST_WORDS, checked_text
from hexmark.performance.sides import side_of

LIFE = timedelta(days=60)
#: Requests in one review: whoever asks thirty people asks nobody.
MOST_ASKED = 12


@transaction.atomic
def ask(review: Review, *, name: str, email: str, question: str, audience: str, actor: Actor) -> Feedback:
    """Somebody is asked for feedback, and told before they write who will see it. A colleague signs in; anybody else gets a link.

    Raises:
        NotPermitted: the actor is neither the person nor the manager of this moment.
        Invalid: name or address cannot be used, they are one of the two, or the audience leaves out whoever asks.
        Conflict: the review is closed, they were asked already, or enough others were.
    """
    review = Review.objects.select_related("cycle", "organisation", "person__manager", "person__team__lead").get(pk=review.pk)
    side = side_of(review, actor)
    if side is None or actor.person_id is None:
        raise NotPermitted("There is nothing here that you may change.")
    if not review.is_open:
        raise Conflict("This review is closed, so nobody is asked any more.")
    others_only = Feedback.Audience.MANAGER if side == Words.Part.SELF else Feedback.Audience.PERSON
    if audience not in Feedback.Audience.values or audience == others_only:
        raise Invalid("Choose who will see it. You who ask are always among them.", field="audience")
    if review.feedback.count() >= MOST_ASKED:
        raise Conflict(f"{MOST_ASKED} people were asked already, which is enough for one review.")
    email = clean_email(email).lower()
    giver = Person.objects.filter(organisation_id=review.organisation_id, email__iexact=email).present().first()
    if giver is not None and giver.pk in (review.person_id, actor.person_id):
        raise Invalid("Ask somebody else than the two of you.", field="email")
    token = "" if giver else secrets.token_urlsafe(24)
    now = timezone.now()
    feedback = Feedback(
        review=review,
        asked_by_id=actor.person_id,
        giver=giver,
        giver_name=giver.name if giver else clean_name(name),
        giver_email=email,
        question=checked_text(question, most=1000, field="question"),
        audience=audience,
        token_sha256=digest(token) if token else "",
        asked_at=now,
        expires_at=now + LIFE,
    )
    try:
        with transaction.atomic():
            feedback.save()
    except IntegrityError as error:
        raise Conflict("They were asked already.", field="email") from error
    record(EventType.FEEDBACK_ASKED, review, actor=actor)
    review_letters.send([review_letters.feedback_asked(feedback, token)])
    return feedback


@transaction.atomic
def give(feedback: Feedback, *, text: str) -> None:
    """The feedback stands, for those whom the giver was told. Whoever calls has made sure that it is the giver.

    Raises:
        Invalid: it is empty or too long.
        Conflict: it was given or declined already, it is too late, or the review is closed.
    """
    text = checked_text(text, most=LONGEST_WORDS, missing="Write at least a sentence, or decline.")
    _answered(feedback, text=text, given_at=timezone.now())


@transaction.atomic
def decline(feedback: Feedback) -> None:
    """Whoever asked sees that no feedback will come, and no reason.

    Raises:
        Conflict: as `give`.
    """
    _answered(feedback, declined_at=timezone.now())


def feedback_for(token: str) -> Feedback | None:
    """What this link is for, while it can be answered; None for an unknown, used or old one."""
    return _open().filter(token_sha256=digest(token)).first() if token else None


def asked_of(actor: Actor) -> QuerySet[Feedback]:
    """What the actor was asked for and can still answer."""
    if actor.person_id is None or actor.organisation_id is None:
        return Feedback.objects.none()
    return _open().filter(giver_id=actor.person_id, review__organisation_id=actor.organisation_id).order_by("asked_at")


def readers_of(feedback: Feedback) -> str:
    """Who will see it, in a sentence for whoever writes."""
    person, cycle = feedback.review.person.name, feedback.review.cycle
    who = {
        Feedback.Audience.BOTH: f"{person} and the manager of {person}",
        Feedback.Audience.PERSON: f"Only {person}",
        Feedback.Audience.MANAGER: f"Only the manager of {person}, whoever that is when it is read",
    }[Feedback.Audience(feedback.audience)]
    return f"{who} will see what you write, with your name. It is part of the review “{cycle.name}” and goes into no file that leaves it."


def digest(token: str) -> str:
    """What is kept of a token: 192 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open() -> QuerySet[Feedback]:
    live = Feedback.objects.filter(given_at__isnull=True, declined_at__isnull=True, expires_at__gt=timezone.now())
    in_open = live.filter(review__closed_at__isnull=True, review__cycle__closed_at__isnull=True)
    return in_open.select_related("review__person", "review__cycle", "review__organisation", "asked_by")


def _answered(feedback: Feedback, **answer: object) -> None:
    # The link works once: what it was for is forgotten with the answer.
    if not _open().select_related(None).filter(pk=feedback.pk).update(token_sha256="", **answer):
        raise Conflict("This was answered already, or it is too late: the review is closed.")
    # Without the giver's name: the log is read by more people than the feedback.
    record(EventType.FEEDBACK_ANSWERED, feedback.review, actor=system(feedback.review.organisation_id, label="Whoever was asked"))
    review_letters.send([review_letters.feedback_answered(feedback)] if "given_at" in answer else [])
