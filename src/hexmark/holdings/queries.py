"""Reading what people hold, as requirements see it. Whether somebody may ask about a person is asked before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F

from hexmark.holdings.facts import Fact, Row, fact_of, holdings_from
from hexmark.holdings.models import Holding
from hexmark.people.models import Person, RoleAssignment
from hexmark.requirements.facts import FactKind, Holdings, TenureFact

#: People asked about in one statement: below what any of the databases takes as parameters.
CHUNK = 5000
_COLUMNS = ("kind", "ref", "achievement", "issuer", "assurance", "data", "valid_from", "valid_until", "ended_at", "paused_at")


def holdings_of(person: Person) -> Holdings:
    """Everything that the person holds, and how long they are what they are."""
    return holdings_of_many([person.pk])[person.pk]


def holdings_of_many(person_ids: Iterable[int]) -> dict[int, Holdings]:
    """As `holdings_of`, for each of these people by key: three statements for every 5,000 of them."""
    wanted = sorted(set(person_ids))
    found: dict[int, Holdings] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= _some(wanted[start : start + CHUNK])
    return found


def _some(person_ids: Sequence[int]) -> dict[int, Holdings]:
    facts: dict[int, list[Fact]] = {person_id: [] for person_id in person_ids}
    held = Holding.objects.filter(person_id__in=person_ids).order_by("valid_from", "pk")
    for person_id, *columns in held.values_list("person_id", *_COLUMNS).iterator(chunk_size=2000):
        row = Row(*columns)
        # A credential that was taken back is still a fact, for explanations; of anything else, nothing is left to say.
        if row.ended_at is None or row.kind == FactKind.CREDENTIAL:
            facts[person_id].append(fact_of(row))
    tenures = _tenures(person_ids)
    return {person_id: holdings_from(facts[person_id], tenures[person_id]) for person_id in person_ids}


def _tenures(person_ids: Sequence[int]) -> dict[int, list[TenureFact]]:
    """Employment first, then job roles in order of their first day."""
    tenures: dict[int, list[TenureFact]] = {person_id: [] for person_id in person_ids}
    employed = Person.objects.filter(pk__in=person_ids, started_on__isnull=False)
    for person_id, since, ends_on, left_at in employed.values_list("pk", "started_on", "ends_on", "left_at"):
        until: date | None = ends_on or (left_at.date() if left_at else None)
        if since is not None and (until is None or until >= since):
            tenures[person_id].append(TenureFact("", since, until))
    roles = RoleAssignment.objects.filter(person_id__in=person_ids).annotate(name=F("role__name")).order_by("starts_on", "pk")
    for person_id, name, since, until in roles.values_list("person_id", "name", "starts_on", "ends_on"):
        tenures[person_id].append(TenureFact(name, since, until))
    return tenures
