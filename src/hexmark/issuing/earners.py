"""How many people hold each achievement, for the public directory.

Counting is not done in the transaction of an award, which must be short, nor at each look at the directory, which would count a million
rows: an event marks the achievement, and a sweep counts what is marked. The catalogue lies upstream and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, Max, Q

from hexmark.awarding.models import Award
from hexmark.catalogue import listing
from hexmark.catalogue.health import Use
from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.issuing.event_types import EventType
from hexmark.issuing.models import Credential
from hexmark.jobs import sweep

#: Counted in one transaction: nobody who wants to write waits for more.
TOGETHER = 50


@subscribe("issuing.earners", EventType.CREDENTIAL_ISSUED, EventType.CREDENTIAL_REVOKED)
def mark(events: Sequence[Event]) -> None:
    """The achievements of these credentials are counted again soon."""
    awards = Award.objects.filter(public_id__in={event.subject_id for event in events} | {event.data.get("award", "") for event in events})
    listing.count_again(awards.values_list("version__achievement_id", flat=True).distinct())


@sweep("issuing.count_earners", every_seconds=30)
def count_marked() -> None:
    """Every achievement that was marked has its earners counted."""
    while _count_some():
        pass


def earners_of(achievement_ids: Iterable[int]) -> dict[int, int]:
    """How many people hold any version of these achievements, unrevoked; by key of the achievement."""
    ids = list(achievement_ids)
    held = Credential.objects.issued().filter(revoked_at__isnull=True, award__version__achievement_id__in=ids)
    counted = held.order_by().values_list("award__version__achievement_id").annotate(Count("award__person_id", distinct=True))
    return dict.fromkeys(ids, 0) | dict(counted)


def uses_of(organisation_id: int) -> dict[int, Use]:
    """When each achievement of the organisation was last earned and how many hold it now, unrevoked; by key of the achievement."""
    issued = Credential.objects.issued().filter(organisation_id=organisation_id).order_by()
    counted = issued.values_list("award__version__achievement_id").annotate(
        last=Max("valid_from"), holders=Count("award__person_id", distinct=True, filter=Q(revoked_at__isnull=True))
    )
    rows = counted.values_list("award__version__achievement_id", "last", "holders")
    return {achievement_id: Use(last_earned_at=last, holders=holders) for achievement_id, last, holders in rows}


@transaction.atomic
def _count_some() -> bool:
    marked = listing.claim_to_count(TOGETHER)
    listing.set_earners(earners_of(marked))
    return bool(marked)
