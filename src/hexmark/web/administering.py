"""What every page of administration has: a fence, a pause after which it asks again who it is, and the tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hexmark.access import Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.web.actors import View, permitted
from hexmark.web.confirmation import ask_after_pause
from hexmark.web.requests import Request

#: Each tab: its name, the address, and whoever may see it.
TABS = (
    ("Overview", "administration", Permission.EDIT_ORGANISATION),
    ("Organisation", "organisation", Permission.EDIT_ORGANISATION),
    ("Access", "administration_access", Permission.GRANT_ACCESS),
    ("Sign-in", "administration_sign_in", Permission.EDIT_ORGANISATION),
    ("Mail", "administration_mail", Permission.EDIT_ORGANISATION),
    ("Keys", "administration_keys", Permission.MANAGE_KEYS),
    ("Signing", "administration_signing", Permission.MANAGE_KEYS),
    ("Jobs", "administration_jobs", Permission.EDIT_ORGANISATION),
    ("Audit", "administration_audit", Permission.VIEW_EVENTS),
)


def administers(permission: Permission) -> Callable[[View], View]:
    """The view is shown to whoever holds this permission and was here within half an hour; to anybody else it does not exist."""

    def decorate(view: View) -> View:
        @permitted(permission)
        @wraps(view)
        def guarded(request: Request, *arguments: object, **named: object) -> HttpResponse:
            return ask_after_pause(request) or view(request, *arguments, **named)

        return guarded

    return decorate


def organisation_of(request: Request) -> Organisation:
    """The organisation that is administered."""
    assert request.person is not None
    return request.person.organisation


def administration_page(request: Request, template: str, tab: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One page of administration with its tabs, of which `tab` is the one that is open."""
    tabs = [{"label": label, "href": reverse(name), "current": name == tab} for label, name, _ in visible_tabs(request.actor)]
    return render(request, f"administration/{template}.html", context | {"tabs": tabs, "section": "administration"}, status=status)


def visible_tabs(actor: Actor) -> list[tuple[str, str, Permission]]:
    """The tabs that the actor may open."""
    return [tab for tab in TABS if actor.may(tab[2])]
