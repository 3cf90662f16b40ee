"""What every page knows: who is looking, for which organisation, and where they can go."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from hexmark.access import ANONYMOUS, Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.web.requests import Request

Link = dict[str, str]
MOST_IN_DOCK = 4


def page(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person, their organisation, what they may do, and the links of bar, dock and foot."""
    ours = cast(Request, request)
    person = getattr(ours, "person", None)
    actor = getattr(ours, "actor", ANONYMOUS)
    organisation: Organisation | None = person.organisation if person else None
    links = _navigation(actor, organisation, manages=getattr(person, "is_manager", False))
    return {
        "person": person,
        "organisation": organisation,
        # Who left every organisation has no person, and still what their account holds.
        "signed_in": actor.account_id is not None,
        "may": {permission.value: actor.may(permission) for permission in Permission},
        "needs_second_factor": getattr(ours, "needs_second_factor", False),
        "site_name": organisation.name if organisation else "Hexmark",
        "public_url": settings.PUBLIC_URL,
        "navigation": links,
        "public_navigation": links,
        "dock": links[:MOST_IN_DOCK] if person else [],
        # A narrow window shows no bar: what the dock has no room for stands in the menu, where Verify is anyway.
        "beyond_dock": [link for link in links[MOST_IN_DOCK:] if link["section"] != "verify"] if person else [],
        "footer_navigation": [_link("Verify", "verify", "")],
    }


def _navigation(actor: Actor, organisation: Organisation | None, *, manages: bool) -> list[Link]:
    if organisation is None:
        board = _link("Opportunities", "opportunities_board", "briefcase")
        return [_link("Directory", "directory", "compass"), board, _link("Verify", "verify", "shield-check")]
    links = [_link(f"My {organisation.word_badge_plural}", "me", "award"), _link("Directory", "directory", "compass")]
    if manages:
        links.append(_link("Team", "team", "users"))
    links.append(_link("Targets", "targets", "target"))
    links.append(_link("Opportunities", "opportunities", "briefcase"))
    if actor.may(Permission.VIEW_CATALOGUE):
        links.append(_link("Catalogue", "catalogue", "book-open"))
    if actor.may(Permission.AWARD):
        links.append(_link("Award", "award_new", "plus"))
    if actor.may(Permission.VIEW_AWARDS):
        links.append(_link("Awards", "awards", "list"))
    if actor.may(Permission.VIEW_PEOPLE):
        links.append(_link("People", "people", "user"))
    return [*links, _link("Verify", "verify", "shield-check")]


def _link(label: str, name: str, icon: str) -> Link:
    return {"label": label, "href": reverse(name), "section": name, "icon": icon}
