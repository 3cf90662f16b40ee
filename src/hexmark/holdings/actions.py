"""The only writers of holdings. Who may give, take back or agree to something was asked where it was done; here it is only kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, system
from hexmark.errors import NotPermitted
from hexmark.events.log import record, record_many
from hexmark.holdings.event_types import EventType
from hexmark.holdings.facts import Fact, Row, row_of
from hexmark.holdings.models import Holding, HoldingSkill
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.requirements.facts import FactKind
from hexmark.skills.models import Skill

#: Names of people in one event, and rows in one statement.
CHUNK = 500
_COLUMNS = ("achievement", "issuer", "assurance", "data", "valid_from", "valid_until", "ended_at", "paused_at", "expiry_recorded_at")
_COMPARED = _COLUMNS[:-1]


def hold(person: Person, fact: Fact, *, actor: Actor) -> bool:
    """The person holds this, as the fact says now; whether anything was changed by that.

    Raises:
        NotPermitted: the actor acts for another organisation.
    """
    return bool(hold_many(person.organisation_id, [(person.pk, fact)], actor=actor))


@transaction.atomic
def hold_many(organisation_id: int, facts: Iterable[tuple[int, Fact]], *, actor: Actor) -> int:
    """These people (by key) hold these facts, each as it says now; returns how many were new or different.

    Told the same twice, nothing is changed the second time, and nothing is recorded. The people must be the organisation's own.

    Raises:
        NotPermitted: the actor acts for another organisation.
    """
    _own(organisation_id, actor)
    rows = {(person_id, row.kind, row.ref): row for person_id, fact in facts for row in [row_of(fact)]}
    keys = sorted(rows)
    changed: list[tuple[int, str]] = []
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        different = _different(some, rows)
        _write(organisation_id, different)
        changed += [(one.person_id, one.ref) for one in different]
    _tell(organisation_id, changed, actor)
    return len(changed)


def release(person: Person, kind: FactKind, ref: str, *, actor: Actor, at: datetime | None = None) -> bool:
    """What is known by this ref counts no longer from that moment on (now); whether it did count until then."""
    return bool(release_many(person.organisation_id, [(person.pk, kind, ref)], actor=actor, at=at))


@transaction.atomic
def release_many(organisation_id: int, which: Collection[tuple[int, FactKind, str]], *, actor: Actor, at: datetime | None = None) -> int:
    """As `release`, for many; returns how many counted until then.

    Raises:
        NotPermitted: the actor acts for another organisation.
    """
    _own(organisation_id, actor)
    wanted = {(person_id, kind.value, ref) for person_id, kind, ref in which}
    refs = sorted({ref for _, _, ref in wanted})
    ended: list[tuple[int, str]] = []
    for start in range(0, len(refs), CHUNK):
        found = Holding.objects.filter(organisation_id=organisation_id, ref__in=refs[start : start + CHUNK], ended_at__isnull=True)
        keys = [one.pk for one in found if (one.person_id, one.kind, one.ref) in wanted]
        ended += list(Holding.objects.filter(pk__in=keys).values_list("person_id", "ref"))
        Holding.objects.filter(pk__in=keys).update(ended_at=at or timezone.now())
    _tell(organisation_id, ended, actor)
    return len(ended)


@transaction.atomic
def record_expired(now: datetime, most: int = CHUNK) -> int:
    """Of up to so many credentials whose time is over it is recorded, once each, that they expired; returns how many there were."""
    over = Holding.objects.filter(
        kind=FactKind.CREDENTIAL.value, expiry_recorded_at__isnull=True, valid_until__lt=now, ended_at__isnull=True
    )
    them = list(over.select_for_update(of=("self",)).select_related("person").order_by("valid_until", "pk")[:most])
    Holding.objects.filter(pk__in=[one.pk for one in them]).update(expiry_recorded_at=now)
    for organisation_id in sorted({one.organisation_id for one in them}):
        theirs = [(one, _about_expiry(one)) for one in them if one.organisation_id == organisation_id]
        record_many(EventType.HOLDING_EXPIRED, theirs, actor=system(organisation_id))
    return len(them)


def match_skills(holdings: Iterable[Holding]) -> int:
    """The skills that these holdings name by address are linked to the organisation's own of that address; how many links are new."""
    them = list(holdings)
    named = {str(url) for one in them for url, _ in one.data.get("skills", ())}
    if not named:
        return 0
    organisations = {one.organisation_id for one in them}
    known = Skill.objects.filter(organisation_id__in=organisations, url__in=named).values_list("organisation_id", "url", "pk")
    keys = {(organisation_id, url): pk for organisation_id, url, pk in known}
    links = [
        HoldingSkill(holding=one, person_id=one.person_id, skill_id=keys[one.organisation_id, url], level=level)
        for one in them
        for url, level in _highest(one.data.get("skills", ())).items()
        if (one.organisation_id, url) in keys
    ]
    before = HoldingSkill.objects.filter(holding__in=[one.pk for one in them]).count()
    HoldingSkill.objects.bulk_create(
        links, batch_size=CHUNK, update_conflicts=True, unique_fields=["holding", "skill"], update_fields=["level"]
    )
    return HoldingSkill.objects.filter(holding__in=[one.pk for one in them]).count() - before


def _own(organisation_id: int, actor: Actor) -> None:
    if actor.organisation_id != organisation_id:
        raise NotPermitted("There is nothing here that you may change.")


def _different(keys: Sequence[tuple[int, str, str]], rows: dict[tuple[int, str, str], Row]) -> list[Holding]:
    """Holdings as they are to be, of those that are not so yet."""
    people, refs = {key[0] for key in keys}, {key[2] for key in keys}
    kept = {(one.person_id, one.kind, one.ref): one for one in Holding.objects.filter(person_id__in=people, ref__in=refs)}
    different = []
    for key in keys:
        row, old = rows[key], kept.get(key)
        begins = row.valid_from or (old.valid_from if old else timezone.now())
        row = row._replace(valid_from=begins)
        if old is not None and all(getattr(old, name) == getattr(row, name) for name in _COMPARED):
            continue
        new = Holding(person_id=key[0], **row._asdict())
        if old is not None and old.valid_until == new.valid_until:
            # What was recorded once is not recorded again, unless it has another end by now.
            new.expiry_recorded_at = old.expiry_recorded_at
        different.append(new)
    return different


def _write(organisation_id: int, holdings: list[Holding]) -> None:
    if not holdings:
        return
    for one in holdings:
        one.organisation_id = organisation_id
    Holding.objects.bulk_create(
        holdings, update_conflicts=True, unique_fields=["person", "kind", "ref"], update_fields=list(_COLUMNS), batch_size=CHUNK
    )
    people, refs = {one.person_id for one in holdings}, {one.ref for one in holdings if one.kind == FactKind.CREDENTIAL}
    if refs:
        # Read again: not every database says the keys of rows that were there before.
        match_skills(Holding.objects.filter(person_id__in=people, ref__in=refs))


def _tell(organisation_id: int, changed: Sequence[tuple[int, str]], actor: Actor) -> None:
    organisation = Organisation(pk=organisation_id)
    for start in range(0, len(changed), CHUNK):
        some = changed[start : start + CHUNK]
        people, refs = sorted({person_id for person_id, _ in some}), sorted({ref for _, ref in some})
        record(EventType.HOLDINGS_CHANGED, organisation, actor=actor, people=people, refs=refs)


def _about_expiry(one: Holding) -> dict[str, object]:
    until = one.valid_until.isoformat() if one.valid_until else ""
    about = {"ref": one.ref, "achievement": one.achievement, "name": one.data.get("name", ""), "expired_at": until}
    return {"person": one.person_id, **about}


def _highest(skills: Sequence[Sequence[object]]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for url, level in skills:
        highest[str(url)] = max(highest.get(str(url), 0), int(str(level)))
    return highest
