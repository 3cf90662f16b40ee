"""Who acts, what they may do, and the one table that decides it. Plain Python: no framework, no database."""

from hexmark.access.actor import ANONYMOUS, Actor, ActorKind, system
from hexmark.access.policy import Access, Permission, allow, permissions_of

__all__ = ["ANONYMOUS", "Access", "Actor", "ActorKind", "Permission", "allow", "permissions_of", "system"]
