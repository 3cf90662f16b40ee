"""The one table of who may do what, and the one function that asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from hexmark.errors import NotPermitted

if TYPE_CHECKING:
    from hexmark.access.actor import Actor


class Access(StrEnum):
    """What somebody is in one organisation. *Manager* is not granted: it follows from the reporting line."""

    STEWARD = "steward"
    PROGRAMME_OWNER = "programme_owner"
    ASSESSOR = "assessor"
    HR = "hr"
    AUDITOR = "auditor"
    MEMBER = "member"


class Permission(StrEnum):
    """One kind of domain act."""

    VIEW_CATALOGUE = "view_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    PUBLISH_ACHIEVEMENT = "publish_achievement"
    AWARD = "award"
    VIEW_AWARDS = "view_awards"
    REVOKE = "revoke"
    PAUSE = "pause"
    VIEW_PEOPLE = "view_people"
    EDIT_PEOPLE = "edit_people"
    GRANT_ACCESS = "grant_access"
    EDIT_ORGANISATION = "edit_organisation"
    MANAGE_KEYS = "manage_keys"
    VIEW_EVENTS = "view_events"
    EDIT_SKILLS = "edit_skills"
    VIEW_GAPS = "view_gaps"
    VIEW_MEASURES = "view_measures"
    EDIT_MEASURES = "edit_measures"
    VIEW_TARGETS = "view_targets"
    SET_TARGETS = "set_targets"
    VIEW_OPPORTUNITIES = "view_opportunities"
    OFFER_OPPORTUNITIES = "offer_opportunities"
    DECIDE_OPPORTUNITIES = "decide_opportunities"
    RUN_REVIEWS = "run_reviews"
    AUDIT_REVIEWS = "audit_reviews"
    FOUND_ORGANISATION = "found_organisation"


_EVERYBODY = frozenset({Permission.VIEW_CATALOGUE})
#: Whoever offers one decides about those who are interested in it; about everybody's, only stewards and HR decide.
_OFFERS_OPPORTUNITIES = frozenset({Permission.VIEW_OPPORTUNITIES, Permission.OFFER_OPPORTUNITIES})
#: Figures about people, and targets of whoever does not report to oneself: who looks after people, and nobody else.
_LOOKS_AFTER_PEOPLE = frozenset({Permission.VIEW_MEASURES, Permission.EDIT_MEASURES, Permission.VIEW_TARGETS, Permission.SET_TARGETS})
_RUNS_PROGRAMMES = (
    _EVERYBODY
    | {
        Permission.EDIT_CATALOGUE,
        Permission.PUBLISH_ACHIEVEMENT,
        Permission.AWARD,
        Permission.VIEW_AWARDS,
        Permission.REVOKE,
        Permission.PAUSE,
        Permission.VIEW_PEOPLE,
        Permission.EDIT_SKILLS,
        Permission.VIEW_GAPS,
    }
    | _OFFERS_OPPORTUNITIES
)

#: Founding an organisation is the installation's act, never a member's, so it stands in no row.
POLICY: Mapping[Access, frozenset[Permission]] = {
    Access.STEWARD: _RUNS_PROGRAMMES
    | _LOOKS_AFTER_PEOPLE
    | {
        Permission.EDIT_PEOPLE,
        Permission.GRANT_ACCESS,
        Permission.EDIT_ORGANISATION,
        Permission.MANAGE_KEYS,
        Permission.VIEW_EVENTS,
        Permission.RUN_REVIEWS,
        Permission.DECIDE_OPPORTUNITIES,
    },
    Access.PROGRAMME_OWNER: _RUNS_PROGRAMMES,
    Access.ASSESSOR: _EVERYBODY,
    Access.HR: _EVERYBODY
    | _LOOKS_AFTER_PEOPLE
    | _OFFERS_OPPORTUNITIES
    | {Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE, Permission.RUN_REVIEWS, Permission.DECIDE_OPPORTUNITIES}
    | {Permission.EDIT_SKILLS, Permission.VIEW_GAPS},
    Access.AUDITOR: _EVERYBODY
    | {Permission.VIEW_AWARDS, Permission.VIEW_PEOPLE, Permission.VIEW_EVENTS, Permission.AUDIT_REVIEWS, Permission.VIEW_OPPORTUNITIES}
    | {Permission.VIEW_GAPS},
    Access.MEMBER: _EVERYBODY,
}


class Owned(Protocol):
    """Whatever belongs to one organisation."""

    @property
    def organisation_id(self) -> int: ...


def permissions_of(accesses: Iterable[Access]) -> frozenset[Permission]:
    """Everything that these kinds of access permit together."""
    return frozenset().union(*(POLICY[access] for access in accesses))


def allow(actor: Actor, permission: Permission, subject: Owned) -> None:
    """Pass silently if the actor may do this to a thing of its own organisation.

    Raises:
        NotPermitted: the permission is missing, or the thing belongs to another organisation.
    """
    if actor.organisation_id != subject.organisation_id:
        # The same words as for a thing that does not exist: a stranger must not learn that it does.
        raise NotPermitted("There is nothing here that you may change.")
    if permission not in actor.permissions:
        raise NotPermitted(f"You do not have the right to {permission.value.replace('_', ' ')} here. A badge administrator can grant it.")
