"""What a review looks at: the credentials of its period as they stand now, and the targets with what showed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired
from hexmark.people.models import Person
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.target_models import Target

#: So many are listed on a page; the others are counted.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """One credential and how it stands at this moment."""

    credential: Credential
    #: "verified", "expired", "paused" or "revoked".
    state: str
    #: Since or until when, where that matters.
    at: datetime | None

    @property
    def name(self) -> str:
        """What was achieved."""
        return str(self.credential.award.version.name)


def credentials_of_period(person: Person, cycle: Cycle) -> QuerySet[Credential]:
    """What the person was given in the cycle's period and did not decline, in order of time."""
    begins, ends = _moments(cycle)
    credentials = Credential.objects.issued().filter(award__person=person, valid_from__gte=begins, valid_from__lt=ends)
    kept = credentials.filter(Q(entry__isnull=True) | Q(entry__declined_at__isnull=True))
    return kept.select_related("award__version__achievement", "register").defer("document").order_by("valid_from", "pk")


def standing(credentials: Sequence[Credential]) -> list[Standing]:
    """How these stand at this moment."""
    now = timezone.now()
    return [_standing(one, now) for one in credentials]


def proofs_of(targets: Sequence[Target], person: Person) -> dict[str, Credential]:
    """The person's credentials that showed these targets, by the id under which the targets name them."""
    refs = {ref for target in targets for ref in target.met_ref.split()}
    ids = {ref.rpartition("/")[2]: ref for ref in refs}
    found = Credential.objects.issued().filter(award__person=person, award__public_id__in=ids)
    return {ids[one.award.public_id]: one for one in found.select_related("award__version__achievement", "register").defer("document")}


def _standing(credential: Credential, now: datetime) -> Standing:
    if credential.revoked_at:
        return Standing(credential, "revoked", credential.revoked_at)
    if is_expired(credential.valid_until, now):
        return Standing(credential, "expired", credential.valid_until)
    if credential.paused_at:
        return Standing(credential, "paused", credential.paused_at)
    return Standing(credential, "verified", credential.valid_until)


def _moments(cycle: Cycle) -> tuple[datetime, datetime]:
    """The first moment of the period and the first after it, where the organisation is."""
    zone = cycle.organisation.zone
    return (
        datetime.combine(cycle.starts_on, time.min, tzinfo=zone),
        datetime.combine(cycle.ends_on + timedelta(days=1), time.min, tzinfo=zone),
    )
