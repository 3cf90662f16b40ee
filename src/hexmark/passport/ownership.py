"""Whose thing it is: everything of a passport belongs to one account, and no organisation may touch it."""

from __future__ import annotations

from typing import Protocol

from hexmark.access import Actor
from hexmark.errors import NotPermitted
from hexmark.people.models import Account


class Kept(Protocol):
    """Whatever an account has."""

    @property
    def account_id(self) -> int | None: ...


def allow_own(actor: Actor, thing: Kept) -> None:
    """Pass silently if it is the actor's account's.

    Raises:
        NotPermitted: it is not; the same words as for a thing that does not exist.
    """
    if actor.account_id is None or actor.account_id != thing.account_id:
        raise NotPermitted("There is nothing here that you may change.")


def allow_self(actor: Actor, account: Account) -> None:
    """Pass silently if the actor is signed in with this account.

    Raises:
        NotPermitted: it is another's.
    """
    if actor.account_id is None or actor.account_id != account.pk:
        raise NotPermitted("There is nothing here that you may change.")
