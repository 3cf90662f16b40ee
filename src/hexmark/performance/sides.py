"""Who stands on which side of a review at this moment. Asked anew each time, so that a change of manager counts at once."""

from __future__ import annotations

from hexmark.access import Actor
from hexmark.people.models import Person
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.review_models import Review, Words, managed_by


def nearest_manager(person: Person) -> Person | None:
    """The manager whom the record names, or else the lead of the team; as `managed_by` says it in the database."""
    if person.manager is not None and person.manager.left_at is None:
        return person.manager
    lead = person.team.lead if person.team is not None and person.team.closed_at is None else None
    return lead if lead is not None and lead.left_at is None and lead.pk != person.pk else None


def is_manager_of(actor: Actor, person: Person) -> bool:
    """Whether the actor is the nearest manager of this person, asked of the database now."""
    if actor.person_id is None or actor.organisation_id != person.organisation_id:
        return False
    return Person.objects.filter(managed_by(actor.person_id), pk=person.pk).exists()


def side_of(review: Review, actor: Actor) -> Words.Part | None:
    """The person's side, the manager's, or none."""
    if actor.person_id is None or actor.organisation_id != review.organisation_id:
        return None
    if actor.person_id == review.person_id:
        return Words.Part.SELF
    return Words.Part.MANAGER if is_manager_of(actor, review.person) else None


def current_author(review: Review) -> int | None:
    """Whose manager's review counts: of whom it was closed with, or of the manager of this moment."""
    if review.closed_with_id is not None:
        return review.closed_with_id
    manager = nearest_manager(review.person)
    return manager.pk if manager else None


def may_read(words: Words, review: Review, actor: Actor) -> bool:
    """Whether the actor, who may read the review, may read these words in it.

    A draft is its author's alone. What a former manager handed in is always the person's to read, and stays with the review or not
    as the cycle says.
    """
    if words.author_id == actor.person_id:
        return True
    if words.handed_in_at is None:
        return False
    if words.part == Words.Part.SELF or actor.person_id == review.person_id:
        return True
    return words.author_id == current_author(review) or review.cycle.predecessor == Cycle.Predecessor.STAYS
