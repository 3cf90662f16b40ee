"""Telling people that a phase of their cycle has begun: a batch at a time, each once, managers with one letter for all their people."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hexmark.people.models import Person
from hexmark.performance import review_letters
from hexmark.performance.cycle_models import Phase
from hexmark.performance.review_models import Review
from hexmark.performance.sides import nearest_manager

BATCH = 200
Kind = Phase.Kind
FOR_PEOPLE = frozenset({Kind.TARGETS, Kind.SELF_REVIEW, Kind.CONVERSATION, Kind.CLOSE})
FOR_MANAGERS = frozenset({Kind.TARGETS, Kind.MANAGER_REVIEW, Kind.CONVERSATION, Kind.CLOSE})


def begun_phases() -> QuerySet[Phase]:
    """Phases of open cycles that begin today or earlier and of which not everybody was told."""
    # The day is UTC's: a letter that comes some hours after midnight of a place far away is early enough.
    begun = Phase.objects.filter(told_at__isnull=True, starts_on__lte=timezone.now().date())
    return begun.filter(cycle__opened_at__isnull=False, cycle__closed_at__isnull=True).order_by("starts_on", "pk")


@transaction.atomic
def tell_batch(phase_id: int) -> bool:
    """Up to a batch of people have their letters in the outbox; whether there are more to tell."""
    phase = begun_phases().select_for_update(of=("self",), skip_locked=True).select_related("cycle").filter(pk=phase_id).first()
    if phase is None:
        return False
    over = phase.ends_on < timezone.now().date()
    related = ("organisation", "cycle", "person__manager", "person__team__lead")
    reviews = Review.objects.filter(cycle=phase.cycle, closed_at__isnull=True).select_related(*related).order_by("pk")
    batch = [] if over else list(reviews.filter(pk__gt=phase.told_up_to, person__left_at__isnull=True)[:BATCH])
    if phase.kind in FOR_PEOPLE:
        review_letters.send(review_letters.phase_begun(one, phase) for one in batch)
    if len(batch) == BATCH:
        Phase.objects.filter(pk=phase.pk).update(told_up_to=batch[-1].pk)
        return True
    if phase.kind in FOR_MANAGERS and not over:
        _tell_managers(phase, reviews)
    Phase.objects.filter(pk=phase.pk).update(told_at=timezone.now())
    return False


def _tell_managers(phase: Phase, reviews: QuerySet[Review]) -> None:
    managers: dict[int, Person] = {}
    people: Counter[int] = Counter()
    first: dict[int, Review] = {}
    for review in reviews:
        manager = nearest_manager(review.person)
        if manager is not None:
            managers.setdefault(manager.pk, manager)
            first.setdefault(manager.pk, review)
            people[manager.pk] += 1
    review_letters.send(review_letters.phase_begun_for_manager(managers[key], first[key], phase, count) for key, count in people.items())
