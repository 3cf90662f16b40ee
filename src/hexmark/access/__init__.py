"""Who acts, what they may do, and the one table that decides it. Plain Python: no framework, no database."""

from hexmark.access.actor import ANONYMOUS, Actor, ActorKind, system
from hexmark.access.policy import Access, Permission, allow, permissions_of
from hexmark.access.scopes import SCOPES, Scope, permissions_of_scopes

__all__ = [
    "ANONYMOUS",
    "SCOPES",
    "Access",
    "Actor",
    "ActorKind",
    "Permission",
    "Scope",
    "allow",
    "permissions_of",
    "permissions_of_scopes",
    "system",
]
