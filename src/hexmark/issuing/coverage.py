"""What the people of a reporting line or team hold, and what of it will not last: read once, counted in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired
from hexmark.people.models import Person

#: When somebody should begin to renew.
SOON = timedelta(days=90)


class State(StrEnum):
    """How what somebody holds stands."""

    VALID = "valid"
    EXPIRING = "expiring"
    PAUSED = "paused"
    EXPIRED = "expired"

    @property
    def counts(self) -> bool:
        """Whether it is in force now."""
        return self in (State.VALID, State.EXPIRING)


@dataclass(frozen=True, slots=True)
class Achieved:
    """An achievement that somebody of the line holds or held, by its newest name there."""

    key: int
    name: str
    slug: str
    number: int
    level: int


@dataclass(frozen=True, slots=True)
class Held:
    """The best that one person has of one achievement."""

    person: Person
    achieved: Achieved
    award_id: str
    valid_until: datetime | None
    state: State


@dataclass(frozen=True, slots=True)
class Coverage:
    """People with what they hold; `held` by the person's key, then by the achievement's."""

    people: Sequence[Person]
    achieved: Sequence[Achieved]
    held: Mapping[int, Mapping[int, Held]]
    now: datetime = field(default_factory=timezone.now)

    def of(self, person: Person) -> list[Held]:
        """Everything that the person has, by name."""
        return sorted(self.held.get(person.pk, {}).values(), key=lambda one: one.achieved.name.casefold())

    def in_force(self, person: Person) -> int:
        """How many the person holds that are in force."""
        return sum(one.state.counts for one in self.held.get(person.pk, {}).values())

    def expiring(self, days: int) -> list[Held]:
        """What ends within so many days, soonest first."""
        until = self.now + timedelta(days=days)
        found = [one for one in self._all() if one.state is State.EXPIRING and one.valid_until and one.valid_until <= until]
        return sorted(found, key=_soonest)

    def attention(self) -> list[Held]:
        """What somebody should look at: expired, paused, then what ends within ninety days, soonest first."""
        order = {State.EXPIRED: 0, State.PAUSED: 1, State.EXPIRING: 2}
        return sorted((one for one in self._all() if one.state in order), key=lambda one: (order[one.state], *_soonest(one)))

    def without(self) -> list[Person]:
        """Who holds nothing that is in force."""
        return [person for person in self.people if not self.in_force(person)]

    def holders(self) -> list[tuple[Achieved, int]]:
        """Each achievement with how many hold it in force, most held first."""
        counts = dict.fromkeys((one.key for one in self.achieved), 0)
        for one in self._all():
            counts[one.achieved.key] += one.state.counts
        return sorted(((one, counts[one.key]) for one in self.achieved), key=lambda pair: (-pair[1], pair[0].name.casefold()))

    def _all(self) -> Iterable[Held]:
        return (one for by_achievement in self.held.values() for one in by_achievement.values())


def coverage_of(actor: Actor, people: Sequence[Person]) -> Coverage:
    """What these people hold, as far as the actor may see it; of several credentials of one achievement the best counts. One query."""
    by_key = {person.pk: person for person in people}
    credentials = Credential.objects.visible_to(actor).issued().filter(revoked_at__isnull=True)
    if len(people) <= 500:
        credentials = credentials.filter(award__person_id__in=list(by_key))
    fields = ("award__person_id", "award__public_id", "valid_until", "paused_at")
    about = ("achievement_id", "name", "achievement__slug", "number", "level")
    found = credentials.order_by("valid_from", "pk").values_list(*fields, *(f"award__version__{name}" for name in about))
    now, achieved, held = timezone.now(), dict[int, Achieved](), dict[int, dict[int, Held]]()
    for person_id, award_id, valid_until, paused_at, key, *text in found:
        if person_id not in by_key:
            continue
        achieved[key] = Achieved(key, *text)
        state = _state(valid_until, paused_at, now)
        one = Held(by_key[person_id], achieved[key], award_id, valid_until, state)
        mine = held.setdefault(person_id, {})
        if key not in mine or _rank(one) >= _rank(mine[key]):
            mine[key] = one
    ordered = sorted(achieved.values(), key=lambda one: one.name.casefold())
    return Coverage(people=people, achieved=ordered, held=held, now=now)


def credentials_of_person(actor: Actor, person: Person) -> QuerySet[Credential]:
    """Everything that was signed for the person, as far as the actor may see it, newest first; without the signed text."""
    credentials = Credential.objects.visible_to(actor).issued().filter(award__person=person).defer("document")
    related = ("award__version__achievement__organisation", "award__person", "organisation")
    return credentials.select_related(*related).order_by("-valid_from", "-pk")


def _state(valid_until: datetime | None, paused_at: datetime | None, now: datetime) -> State:
    if is_expired(valid_until, now):
        return State.EXPIRED
    if paused_at is not None:
        return State.PAUSED
    return State.EXPIRING if valid_until is not None and valid_until <= now + SOON else State.VALID


def _rank(one: Held) -> tuple[bool, bool, float]:
    """In force before not; for ever before for a time; later before sooner."""
    return one.state.counts, one.valid_until is None, one.valid_until.timestamp() if one.valid_until else 0.0


def _soonest(one: Held) -> tuple[float, str, str]:
    return one.valid_until.timestamp() if one.valid_until else 0.0, one.person.name.casefold(), one.achieved.name.casefold()
