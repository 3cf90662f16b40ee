"""What an API key may be given: scopes, and the one table of what each permits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hexmark.access.policy import Permission


class Scope(StrEnum):
    """One kind of thing that a key is for."""

    BADGE_READ = "badge:read"
    BADGE_AWARD = "badge:award"
    BADGE_REVOKE = "badge:revoke"
    CATALOGUE_WRITE = "catalogue:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    OPPORTUNITIES_READ = "opportunities:read"
    OPPORTUNITIES_WRITE = "opportunities:write"
    MEASURES_READ = "measures:read"
    MEASURES_WRITE = "measures:write"
    TARGETS_READ = "targets:read"
    TARGETS_WRITE = "targets:write"
    EVENTS_READ = "events:read"
    VERIFY = "verify"
    VC_API = "vc-api"


#: No scope grants access, manages keys or changes the organisation: whoever finds a key must not be able to make another.
SCOPES: Mapping[Scope, frozenset[Permission]] = {
    Scope.BADGE_READ: frozenset({Permission.VIEW_CATALOGUE, Permission.VIEW_AWARDS}),
    Scope.BADGE_AWARD: frozenset({Permission.VIEW_CATALOGUE, Permission.AWARD}),
    Scope.BADGE_REVOKE: frozenset({Permission.VIEW_AWARDS, Permission.REVOKE, Permission.PAUSE}),
    Scope.CATALOGUE_WRITE: frozenset({Permission.VIEW_CATALOGUE, Permission.EDIT_CATALOGUE, Permission.PUBLISH_ACHIEVEMENT}),
    Scope.PEOPLE_READ: frozenset({Permission.VIEW_PEOPLE}),
    Scope.PEOPLE_WRITE: frozenset({Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE}),
    Scope.OPPORTUNITIES_READ: frozenset({Permission.VIEW_OPPORTUNITIES}),
    Scope.OPPORTUNITIES_WRITE: frozenset({Permission.VIEW_OPPORTUNITIES, Permission.OFFER_OPPORTUNITIES, Permission.DECIDE_OPPORTUNITIES}),
    Scope.MEASURES_READ: frozenset({Permission.VIEW_CATALOGUE, Permission.VIEW_MEASURES}),
    Scope.MEASURES_WRITE: frozenset(
        {Permission.VIEW_CATALOGUE, Permission.VIEW_MEASURES, Permission.EDIT_MEASURES, Permission.VIEW_PEOPLE}
    ),
    Scope.TARGETS_READ: frozenset({Permission.VIEW_CATALOGUE, Permission.VIEW_TARGETS}),
    Scope.TARGETS_WRITE: frozenset(
        {Permission.VIEW_CATALOGUE, Permission.VIEW_TARGETS, Permission.SET_TARGETS, Permission.VIEW_PEOPLE, Permission.VIEW_MEASURES}
    ),
    Scope.EVENTS_READ: frozenset({Permission.VIEW_EVENTS}),
    # Anybody may verify; a key may do it more often.
    Scope.VERIFY: frozenset(),
    # It has documents of its own signed in the organisation's name, which no other scope permits.
    Scope.VC_API: frozenset({Permission.AWARD, Permission.REVOKE}),
}


def permissions_of_scopes(scopes: Iterable[Scope]) -> frozenset[Permission]:
    """Everything that these scopes permit together."""
    return frozenset().union(*(SCOPES[scope] for scope in scopes))
