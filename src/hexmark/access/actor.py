"""The actor: whoever performs an action, in one organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hexmark.access.policy import Permission


class ActorKind(StrEnum):
    """What stands behind an actor."""

    PERSON = "person"
    API_KEY = "api_key"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which organisation, with which permissions.

    `label` is what the event log shows for ever after; `person_id` and `account_id` are database keys, where a human acts.
    """

    kind: ActorKind
    organisation_id: int | None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    label: str = ""
    person_id: int | None = None
    account_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this permission is held at all; `allow` also asks whether the thing is the actor's organisation's."""
        return permission in self.permissions


#: A visitor without a session.
ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, organisation_id=None, label="a visitor")


def system(organisation_id: int, label: str = "Hexmark") -> Actor:
    """The installation itself, acting for one organisation: an actor with every permission, so that no action needs a skip flag."""
    return Actor(kind=ActorKind.SYSTEM, organisation_id=organisation_id, permissions=frozenset(Permission), label=label)
