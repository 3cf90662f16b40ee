"""Whom a program acts for: an API key opens what its scopes say, for as long as whoever made it could make it still."""

from __future__ import annotations

from dataclasses import dataclass

from hexmark.access import Actor, ActorKind, Permission, permissions_of_scopes
from hexmark.organisations.models import ApiKey
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


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
    maker = maker_of(key)
    if maker is None or not maker.may(Permission.MANAGE_KEYS):
        return None
    return KeyHolder(key=key, actor=_actor(key, maker))


def maker_of(key: ApiKey) -> Actor | None:
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
