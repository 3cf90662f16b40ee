"""The mark of a closed review as a fact that opportunities may ask for: only where the cycle has marks and says that they count.

Nothing here makes up a mark. It hands on the one that the manager chose on a form, or takes it back.
"""

from __future__ import annotations

from decimal import Decimal

from hexmark.access import Actor
from hexmark.holdings.actions import hold
from hexmark.holdings.actions import release as release_holding
from hexmark.performance.review_models import Review, Words
from hexmark.requirements.facts import FactKind, ReviewMarkFact


def given_mark(review: Review) -> str:
    """The mark that the manager with whom it was closed handed in; empty if none."""
    handed_in = review.words.filter(part=Words.Part.MANAGER, handed_in_at__isnull=False, author_id=review.closed_with_id)
    return handed_in.values_list("mark", flat=True).first() or ""


def keep(review: Review, *, actor: Actor) -> None:
    """The person holds the mark of this closed review, if there is one and the cycle says that it counts."""
    mark = given_mark(review)
    if mark and review.cycle.marks_count and review.closed_at is not None:
        hold(review.person, ReviewMarkFact(cycle=review.cycle.public_id, mark=Decimal(mark), at=review.closed_at), actor=actor)


def release(review: Review, *, actor: Actor) -> None:
    """Whatever mark this review gave counts no longer: it was opened again."""
    if review.cycle.marks_count:
        release_holding(review.person, FactKind.REVIEW_MARK, review.cycle.public_id, actor=actor)
