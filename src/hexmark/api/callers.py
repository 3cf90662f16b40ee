"""Who calls: the holder of a key, or a visitor. By the Authorization header alone, so that no other site can call in anybody's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from hexmark.access import ANONYMOUS, Actor, Scope
from hexmark.api.problems import Problem
from hexmark.organisations.models import ApiKey, Organisation
from hexmark.people.api_keys import holder_of

LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of one call, and the key that it came with."""

    actor: Actor
    key: ApiKey | None = None

    @property
    def organisation(self) -> Organisation:
        """The organisation that the key acts for."""
        assert self.key is not None, "A visitor acts for no organisation."
        return self.key.organisation


class ApiRequest(HttpRequest):
    """A request that has passed the door."""

    auth: Caller


class Key(HttpBearer):
    """Which scopes an operation needs, all of them; `visitors`: whether it also answers without a key."""

    def __init__(self, *scopes: Scope, visitors: bool = False) -> None:
        super().__init__()
        self.scopes = scopes
        self.visitors = visitors

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller, whom the door has let in."""
        caller = request.auth  # type: ignore[attr-defined]
        assert isinstance(caller, Caller)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never called: the door reads the token before anything else happens."""
        raise NotImplementedError

    def check(self, caller: Caller) -> None:
        """Pass silently if the caller may come in. Every action asks again, of the thing itself.

        Raises:
            Problem: no-key, or not-permitted with the scopes that are missing.
        """
        if caller.key is None:
            if self.visitors:
                return
            raise _no_key("Send your key as “Authorization: Bearer hxm_…”. Keys are made on the page “Developer”.")
        missing = [scope.value for scope in self.scopes if scope not in caller.key.scope_set]
        if missing:
            challenge = {"WWW-Authenticate": f'Bearer realm="Hexmark", error="insufficient_scope", scope="{" ".join(missing)}"'}
            raise Problem("not-permitted", f"This key lacks the scope {' and '.join(missing)}.", headers=challenge)


def caller_of(request: HttpRequest) -> Caller:
    """Who calls; a visitor where there is no Authorization header.

    Raises:
        Problem: no-key, when there is a header that opens nothing: it is never taken for a visitor's.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return Caller(ANONYMOUS)
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    holder = holder_of(token) if scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN else None
    if holder is None:
        raise _no_key("This key opens nothing: it is unknown, revoked or over, or its maker lost the right.", error="invalid_token")
    return Caller(holder.actor, holder.key)


def _no_key(detail: str, *, error: str = "") -> Problem:
    challenge = 'Bearer realm="Hexmark"' + (f', error="{error}"' if error else "")
    return Problem("no-key", detail, headers={"WWW-Authenticate": challenge})
