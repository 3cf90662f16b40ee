"""What people are written about cycles and reviews. Never anybody's words about anybody: a letter lies in more hands than a review."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from hexmark.mail.letters import Letter
from hexmark.passport.letters import send as send_each
from hexmark.people.models import Person
from hexmark.performance.cycle_models import Phase
from hexmark.performance.review_models import Feedback, Review

FEEDBACK_PATH = "/feedback/"


def send(letters: Iterable[Letter]) -> None:
    """The letters stand in the outbox, except those that no mail server would take."""
    send_each(letters)


def phase_begun(review: Review, phase: Phase) -> Letter:
    """What begins now for the person, until when, and where."""
    return _to(review.person, "review_phase", review, phase=phase.kind, until=phase.ends_on.isoformat())


def phase_begun_for_manager(manager: Person, review: Review, phase: Phase, people: int) -> Letter:
    """What begins now for a manager: one letter, however many people it is about."""
    return _to(
        manager,
        "review_phase_manager",
        review,
        phase=phase.kind,
        until=phase.ends_on.isoformat(),
        people=people,
        link=f"{settings.PUBLIC_URL}/reviews",
    )


def handed_in(to: Person, review: Review, *, by: str) -> Letter:
    """The other side has handed in what they wrote."""
    return _to(to, "review_handed_in", review, by=by)


def to_confirm(to: Person, review: Review, *, by: str) -> Letter:
    """The other side has confirmed, so it is this one's turn."""
    return _to(to, "review_to_confirm", review, by=by)


def closed(to: Person, review: Review, *, key: str) -> Letter:
    """The review is closed, the packet is there, and this is the key that it is signed with."""
    return _to(to, "review_closed", review, key=key)


def reopened(to: Person, review: Review, *, by: str, reason: str) -> Letter:
    """The review was opened again, by whom and why."""
    return _to(to, "review_reopened", review, by=by, reason=reason)


def feedback_asked(feedback: Feedback, token: str) -> Letter:
    """Somebody is asked for feedback: about whom, by whom, and who will see it."""
    review, giver = feedback.review, feedback.giver
    way = f"{FEEDBACK_PATH}{token}" if token else f"/reviews/feedback/{feedback.public_id}"
    context = {
        "sender": review.organisation.name,
        "organisation": review.organisation.name,
        "name": feedback.giver_name,
        "by": feedback.asked_by.name,
        "person": review.person.name,
        "question": feedback.question,
        "audience": feedback.audience,
        "until": feedback.expires_at.date().isoformat(),
        "link": f"{settings.PUBLIC_URL}{way}",
    }
    language = giver.language if giver else feedback.asked_by.language
    return Letter(
        to=feedback.giver_email,
        template="feedback_asked",
        language=language,
        context=context,
        organisation_id=review.organisation_id,
        about=review.public_id,
        secret=bool(token),
    )


def feedback_answered(feedback: Feedback) -> Letter:
    """What was asked for is there."""
    return _to(feedback.asked_by, "feedback_answered", feedback.review, by=feedback.giver_name)


def _to(person: Person, template: str, review: Review, **more: object) -> Letter:
    context: dict[str, object] = {
        "sender": review.organisation.name,
        "organisation": review.organisation.name,
        "name": person.name,
        "person": review.person.name,
        "words": review.organisation.word_badge_plural,
        "cycle": review.cycle.name,
        "link": review.url,
    }
    return Letter(
        to=person.email,
        template=template,
        language=person.language,
        context=context | more,
        organisation_id=review.organisation_id,
        about=review.public_id,
    )
