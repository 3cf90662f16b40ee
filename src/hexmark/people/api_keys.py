"""Whom a program acts for: an API key opens what its scopes say, for as long as whoever made it could make it still."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from hexmark.access import Access, Actor, ActorKind, Permission, permissions_of, permissions_of_scopes
from hexmark.organisations.models import ApiKey
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


class KeyState(StrEnum):
    """What a key does now."""

    WORKS = "works"
    #: Its maker left, or lost the right to make keys.
    STOPPED = "stopped"
    OVER = "over"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key that opens something now, and the actor that its program is."""

    key: ApiKey
    actor: Actor


def holder_of(token: str) -> KeyHolder | None:
    """Who comes with this token; None for one that never was, was revoked, is over, or whose maker may not make keys any more."""
    key = ApiKey.objects.live().filter(token_sha256=ApiKey.digest(token)).select_related("organisation").first()
    if key is None:
        return None
    maker = _maker_of(key)
    if maker is None or not maker.may(Permission.MANAGE_KEYS):
        return None
    return KeyHolder(key=key, actor=_actor(key, maker))


def states_of(keys: Collection[ApiKey]) -> dict[int, KeyState]:
    """What each of these keys does now, by database key; in two queries for all of them."""
    makers = Person.objects.filter(pk__in={key.made_by_person_id for key in keys}).select_related("account").prefetch_related("memberships")
    able = {(person.pk, person.organisation_id) for person in makers if _may_make_keys(person)}
    return {key.pk: _state(key, able) for key in keys}


def _state(key: ApiKey, able: Collection[tuple[int, int]]) -> KeyState:
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return KeyState.OVER
    if key.made_by_person_id is None or (key.made_by_person_id, key.organisation_id) in able:
        return KeyState.WORKS
    return KeyState.STOPPED


def _may_make_keys(person: Person) -> bool:
    active = person.left_at is None and (person.account is None or person.account.is_active)
    accesses = [Access(membership.access) for membership in person.memberships.all()]
    return active and Permission.MANAGE_KEYS in permissions_of(accesses)


def _maker_of(key: ApiKey) -> Actor | None:
    """Whoever made the key, with the rights of today; the installation itself for a key of its own, None for somebody who is gone."""
    if key.made_by_person_id is None:
        return Actor(ActorKind.SYSTEM, key.organisation_id, frozenset(Permission), key.made_by_label)
    person = Person.objects.filter(pk=key.made_by_person_id, organisation_id=key.organisation_id).select_related("account").first()
    return actor_for(person) if person else None


def _actor(key: ApiKey, maker: Actor) -> Actor:
    return Actor(
        kind=ActorKind.API_KEY,
        organisation_id=key.organisation_id,
        # What the maker may not do any more, the key may not either.
        permissions=permissions_of_scopes(key.scope_set) & maker.permissions,
        label=f"{key.label} ({key.prefix}…)",
        # Not the person: a key sees what its scopes show, never what its maker sees of themselves. But nobody may award
        # themselves through a key of theirs.
        account_id=maker.account_id,
    )
