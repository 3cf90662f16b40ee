"""The only writers of reviews: words, agreement, confirmation, closing and reopening.

A mark comes from a person's form and from nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, ActorKind, Permission
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.jobs import wake
from hexmark.people.models import Person
from hexmark.performance import marks, packets, review_letters
from hexmark.performance.review_event_types import EventType
from hexmark.performance.review_models import Confirmation, Reopening, Review, Words
from hexmark.performance.review_rules import LONGEST_AGREEMENT, LONGEST_WORDS, checked_mark, checked_text
from hexmark.performance.sides import nearest_manager, side_of

Part = Words.Part
_READ_ANEW = "The other side changed this while you were writing. Your words are kept below; read theirs, then save again."
_CLOSED = "This review is closed. It can be opened again, with a reason."


@transaction.atomic
def save_words(review: Review, *, text: str, mark: str = "", hand_in: bool, actor: Actor) -> Words:
    """The actor's own view is kept: as a draft that nobody else sees, or handed in, which the other side sees from now on.

    What was handed in can be handed in anew until the review is closed; confirmations that were given before fall.

    Raises:
        NotPermitted: the actor is neither the person nor the manager of this moment; or no human.
        Invalid: the text is too long, nothing stands in what is handed in, or the mark is none of the scale.
        Conflict: the review is closed, or a draft would replace what was handed in.
    """
    found, part = _locked(review, actor)
    missing = "Write at least a sentence before you hand it in." if hand_in else ""
    text = checked_text(text, most=LONGEST_WORDS, missing=missing)
    mark = checked_mark(mark, found.cycle.rating_scale)
    words, _ = Words.objects.get_or_create(review=found, part=part, author_id=actor.person_id, defaults={"saved_at": timezone.now()})
    if words.handed_in_at is not None and not hand_in:
        raise Conflict("This is handed in, and the other side has read it. Hand the new text in instead of keeping it as a draft.")
    words.text, words.mark, words.saved_at, words.version = text, mark, timezone.now(), words.version + 1
    if hand_in:
        words.handed_in_at = words.saved_at
        # Whoever confirmed had read something else.
        found.confirmations.all().delete()
        record(EventType.REVIEW_HANDED_IN, found, actor=actor, part=part.value)
        review_letters.send(review_letters.handed_in(to, found, by=actor.label) for to in _other_side(found, part))
    words.save()
    return words


@transaction.atomic
def write_agreement(review: Review, *, text: str, read_version: int, actor: Actor) -> int:
    """Both sides see this as what was agreed; returns its version. Either side may write it, and confirmations that were given fall.

    Raises:
        NotPermitted: the actor is neither the person nor the manager of this moment.
        Invalid: it is empty or too long.
        Conflict: the review is closed, or the other side changed the text since `read_version`.
    """
    found, _ = _locked(review, actor)
    text = checked_text(text, most=LONGEST_AGREEMENT, field="agreement", missing="Write down what you agreed.")
    if read_version != found.agreement_version:
        raise Conflict(_READ_ANEW, field="agreement")
    if text == found.agreement:
        return found.agreement_version
    found.agreement, found.agreement_version = text, found.agreement_version + 1
    found.save(update_fields=["agreement", "agreement_version"])
    found.confirmations.all().delete()
    return found.agreement_version


@dataclass(frozen=True, slots=True)
class Consent:
    """What one side confirms with, and what of it may go into the packet."""

    disagreement: str = ""
    includes_words: bool = False
    includes_agreement: bool = True


@transaction.atomic
def confirm(review: Review, consent: Consent, *, read_version: int, actor: Actor) -> bool:
    """This side stands by the agreement, perhaps with words of disagreement; returns whether the review is closed by it.

    It is closed as soon as both sides, the manager being the one of this moment, have confirmed the same text.

    Raises:
        NotPermitted: the actor is neither the person nor the manager of this moment.
        Invalid: the words of disagreement are too long, or nothing was agreed yet.
        Conflict: the review is closed, or the text is not the one that was read.
    """
    found, part = _locked(review, actor)
    disagreement = checked_text(consent.disagreement, most=LONGEST_AGREEMENT, field="disagreement")
    if not found.agreement:
        raise Invalid("Write down what you agreed before you confirm it.", field="agreement")
    if read_version != found.agreement_version:
        raise Conflict("The agreement was changed after you opened this page. Read it again, then confirm.")
    Confirmation.objects.update_or_create(
        review=found,
        side=part,
        defaults={
            "by_id": actor.person_id,
            "confirmed_at": timezone.now(),
            "disagreement": disagreement,
            "includes_words": consent.includes_words,
            "includes_agreement": consent.includes_agreement,
        },
    )
    record(EventType.REVIEW_CONFIRMED, found, actor=actor, side=part.value)
    closed = _close_if_both(found, actor=actor)
    if not closed:
        review_letters.send(review_letters.to_confirm(to, found, by=actor.label) for to in _other_side(found, part))
    return closed


@transaction.atomic
def reopen(review: Review, *, reason: str, actor: Actor) -> None:
    """The review can be written in again; both sides confirm anew. Its packet stays true of its day.

    Raises:
        NotPermitted: the actor is neither side, nor runs reviews here.
        Invalid: there is no reason.
        Conflict: it is not closed, or its cycle is.
    """
    found = _under_lock(review)
    person_id = _human(actor, found)
    if side_of(found, actor) is None and not actor.may(Permission.RUN_REVIEWS):
        raise NotPermitted("There is nothing here that you may change.")
    reason = checked_text(reason, most=500, field="reason", missing="Say why it is opened again. Both sides read this.")
    if found.cycle.closed_at is not None:
        raise Conflict("The cycle is closed, so none of its reviews changes.")
    if not Review.objects.filter(pk=found.pk, closed_at__isnull=False).update(closed_at=None, closed_with=None):
        raise Conflict("This review is open.")
    found.confirmations.all().delete()
    Reopening.objects.create(review=found, by_id=person_id, reason=reason, reopened_at=timezone.now())
    marks.release(found, actor=actor)
    record(EventType.REVIEW_REOPENED, found, actor=actor)
    both = [found.person, *_other_side(found, Part.SELF)]
    others = [one for one in both if one.pk != person_id]
    review_letters.send(review_letters.reopened(one, found, by=actor.label, reason=reason) for one in others)


def _close_if_both(review: Review, *, actor: Actor) -> bool:
    """Under the review's lock: closed, with its packet and, where the policy says so, its mark."""
    given = {one.side: one for one in review.confirmations.all()}
    manager: Person | None = nearest_manager(review.person)
    ours, theirs = given.get(Part.SELF.value), given.get(Part.MANAGER.value)
    # A confirmation of somebody who is no longer the manager counts for nothing.
    if ours is None or theirs is None or manager is None or theirs.by_id != manager.pk:
        return False
    review.closed_at, review.closed_with = timezone.now(), manager
    review.save(update_fields=["closed_at", "closed_with"])
    packet = packets.begin(review, ours=ours, theirs=theirs)
    marks.keep(review, actor=actor)
    record(EventType.REVIEW_CLOSED, review, actor=actor)
    wake("performance.packets", packet.pk)
    return True


def _other_side(review: Review, part: Words.Part) -> list[Person]:
    """Who is to be told of what this side did; nobody, where there is no manager."""
    other = nearest_manager(review.person) if part == Part.SELF else review.person
    return [other] if other is not None else []


def _locked(review: Review, actor: Actor) -> tuple[Review, Words.Part]:
    """The review as it is now, under a lock, and on which side of it the actor is."""
    found = _under_lock(review)
    _human(actor, found)
    part = side_of(found, actor)
    if part is None:
        raise NotPermitted("There is nothing here that you may change.")
    if not found.is_open:
        raise Conflict(_CLOSED if found.cycle.closed_at is None else "The cycle is closed, so none of its reviews changes.")
    return found, part


def _under_lock(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "cycle__organisation", "person__manager", "person__team__lead").get(pk=review.pk)


def _human(actor: Actor, review: Review) -> int:
    """Nothing but a person writes in a review: no key, no job, not the installation itself."""
    if actor.kind is not ActorKind.PERSON or actor.person_id is None or actor.organisation_id != review.organisation_id:
        raise NotPermitted("There is nothing here that you may change.")
    return actor.person_id
