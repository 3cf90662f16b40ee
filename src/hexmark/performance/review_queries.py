"""Reading reviews: the page of one with both sides' words, last time's agreement, who has read it, and what comes next for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.performance.review_models import Confirmation, Feedback, Review, ReviewRead, Words, is_hr
from hexmark.performance.sides import current_author, is_manager_of, may_read, side_of

Part = Words.Part
READ_AGAIN_AFTER = timedelta(minutes=1)


class Step(StrEnum):
    """What comes next in a review; the value is shown, in the order in which it is done."""

    SELF = "Self review"
    MANAGER = "Manager's review"
    AGREE = "Talk, and write down what is agreed"
    CONFIRM_PERSON = "Person confirms"
    CONFIRM_MANAGER = "Manager confirms"
    DONE = "Closed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one review is."""

    review: Review
    self_handed_in: bool
    manager_handed_in: bool
    agreed: bool
    person_confirmed: bool
    manager_confirmed: bool
    has_draft: bool = False

    @property
    def step(self) -> Step:
        """What comes next."""
        if self.review.closed_at is not None:
            return Step.DONE
        open_ = (
            (self.self_handed_in, Step.SELF),
            (self.manager_handed_in, Step.MANAGER),
            (self.agreed, Step.AGREE),
            (self.manager_confirmed, Step.CONFIRM_MANAGER),
            (self.person_confirmed, Step.CONFIRM_PERSON),
        )
        return next((step for done, step in open_ if not done), Step.CONFIRM_PERSON)

    def waits_for(self, part: Part) -> str:
        """What this side has to do now, or nothing. A manager need not wait for the self review to write."""
        if not self.review.is_open:
            return ""
        mine: tuple[tuple[bool, str], ...]
        if part == Part.SELF:
            mine = ((self.self_handed_in, "Write your self review"), (not self.agreed or self.person_confirmed, "Read and confirm"))
        else:
            mine = (
                (self.manager_handed_in, "Write your review"),
                (self.agreed, "Write down what you agreed"),
                (self.manager_confirmed, "Read and confirm"),
            )
        return next((words for done, words in mine if not done), "")


def with_parts(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """The reviews with all that their progress needs, in three queries however many they are."""
    light = Prefetch("words", Words.objects.defer("text"))
    related = ("cycle", "person__manager", "person__team__lead", "closed_with")
    return reviews.select_related(*related).prefetch_related(light, "confirmations")


def progress_of(review: Review, *, reader: int | None = None) -> Progress:
    """How far a review is, of what `with_parts` has read. `reader` says whose draft counts as one."""
    author = current_author(review)
    words = list(review.words.all())
    confirmed: dict[str, Confirmation] = {one.side: one for one in review.confirmations.all()}
    theirs = confirmed.get(Part.MANAGER.value)
    return Progress(
        review=review,
        self_handed_in=any(one.part == Part.SELF and one.handed_in_at for one in words),
        manager_handed_in=any(one.part == Part.MANAGER and one.handed_in_at and one.author_id == author for one in words),
        agreed=bool(review.agreement),
        person_confirmed=Part.SELF.value in confirmed,
        manager_confirmed=theirs is not None and theirs.by_id == author,
        has_draft=any(one.handed_in_at is None and one.author_id == reader and one.version for one in words),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A review as one reader may see it."""

    review: Review
    side: Part | None
    #: Handed in and readable, the person's own words first.
    words: list[Words]
    #: The reader's own text, handed in or not.
    own: Words | None
    feedback: list[Feedback]
    confirmations: list[Confirmation]
    last: Review | None
    progress: Progress

    @property
    def mine(self) -> str:
        """What the reader has to do now, or nothing."""
        return self.progress.waits_for(self.side) if self.side is not None else ""


def read_review(review: Review, actor: Actor) -> Reading:
    """What the actor, who may see this review, sees of it. If it is somebody else than its subject, that is written down."""
    side = side_of(review, actor)
    words = [one for one in review.words.select_related("author").order_by("-part", "handed_in_at") if may_read(one, review, actor)]
    last = last_closed(review, actor)
    write_down(review, actor, what=ReviewRead.What.PAGE)
    if last is not None:
        write_down(last, actor, what=ReviewRead.What.AGREEMENT)
    return Reading(
        review=review,
        side=side,
        words=[one for one in words if one.handed_in_at is not None],
        own=next((one for one in words if one.author_id == actor.person_id and one.part == side), None),
        feedback=[one for one in review.feedback.select_related("asked_by").order_by("asked_at") if may_read_feedback(one, actor, side)],
        confirmations=list(review.confirmations.select_related("by")),
        last=last,
        progress=progress_of(review, reader=actor.person_id),
    )


def last_closed(review: Review, actor: Actor) -> Review | None:
    """The review before this one, for the two sides only: what was agreed last time belongs into this conversation."""
    if side_of(review, actor) is None:
        return None
    earlier = Review.objects.filter(person=review.person, closed_at__isnull=False, cycle__ends_on__lt=review.cycle.ends_on)
    return earlier.exclude(pk=review.pk).select_related("cycle", "person").order_by("-cycle__ends_on").first()


def may_read_feedback(feedback: Feedback, actor: Actor, side: Part | None) -> bool:
    """Whether the actor is whom the giver was told would see it. Of what is asked and not given, only who asked knows."""
    if feedback.given_at is None:
        return feedback.asked_by_id == actor.person_id
    if side == Part.SELF:
        return feedback.audience != Feedback.Audience.MANAGER
    return side == Part.MANAGER and feedback.audience != Feedback.Audience.PERSON


@transaction.atomic
def write_down(review: Review, actor: Actor, *, what: ReviewRead.What) -> None:
    """It stands written that the actor read this, unless it is their own.

    What is opened twice within a minute counts once; each file that is taken away counts.
    """
    if actor.person_id is None or actor.person_id == review.person_id:
        return
    now = timezone.now()
    just = ReviewRead.objects.filter(review=review, reader_id=actor.person_id, what=what)
    if what is not ReviewRead.What.PACKET and just.filter(read_at__gt=now - READ_AGAIN_AFTER).exists():
        return
    ReviewRead.objects.create(review=review, reader_id=actor.person_id, read_as=_part(review, actor), what=what, read_at=now)


def reads_of(review: Review, actor: Actor) -> QuerySet[ReviewRead]:
    """Who read it, newest first; for its subject alone."""
    if actor.person_id != review.person_id:
        return ReviewRead.objects.none()
    return review.reads.select_related("reader").order_by("-read_at", "-pk")


def my_reviews(actor: Actor) -> list[Progress]:
    """The actor's own reviews, newest first."""
    if actor.person_id is None:
        return []
    mine = Review.objects.in_house(actor).filter(person_id=actor.person_id).order_by("-cycle__ends_on", "-pk")
    return [progress_of(one, reader=actor.person_id) for one in with_parts(mine)]


def people_reviewed(actor: Actor) -> list[Progress]:
    """Open reviews of the people whom the actor manages: first those in which something is to be done by the actor."""
    found = Review.objects.managed_by(actor).filter(closed_at__isnull=True, cycle__closed_at__isnull=True)
    rows = [progress_of(one, reader=actor.person_id) for one in with_parts(found).order_by("person__name", "pk")]
    return sorted(rows, key=lambda one: not one.waits_for(Part.MANAGER))


def next_to_write(actor: Actor, after: Review) -> Review | None:
    """The next review in which the actor has yet to hand in the manager's words, so that many are written one after the other."""
    rows: Iterable[Progress] = people_reviewed(actor)
    waiting = [one.review for one in rows if not one.manager_handed_in and one.review.pk != after.pk]
    later = [one for one in waiting if (one.person.name, one.pk) > (after.person.name, after.pk)]
    return next(iter(later or waiting), None)


def _part(review: Review, actor: Actor) -> ReviewRead.As:
    if is_manager_of(actor, review.person):
        return ReviewRead.As.MANAGER
    return ReviewRead.As.HR if is_hr(actor) else ReviewRead.As.AUDITOR
