"""Who makes a request: the signed-in account's person in the active organisation, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hexmark.access import ANONYMOUS, Access, Actor, ActorKind, Permission
from hexmark.access.policy import POLICY
from hexmark.errors import NotPermitted
from hexmark.people.models import Account, Person
from hexmark.people.queries import actor_for, persons_of
from hexmark.web.factors import has_factor
from hexmark.web.headers import PRIVATE
from hexmark.web.requests import Request

ACTIVE_ORGANISATION = "organisation"
#: Signed in by the word of one organisation's provider: a session that acts for that organisation and for no other.
ONLY_ORGANISATION = "only_organisation"
SAFE = ("GET", "HEAD")
_OWN_MEANS = (
    "You signed in through one organisation, and another one knows this account too. Sign in with your password first; if you have none, "
    "ask for one with “Forgot your password?” on the page to sign in."
)
View = Callable[..., HttpResponse]


class ActorMiddleware:
    """Sets `request.actor` and `request.person`. A request without a session cookie costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request that knows its actor."""
        ours = cast(Request, request)
        ours.person = _person_of(request)
        ours.needs_second_factor = False
        ours.actor = _actor_of(ours, ours.person) if ours.person else _without_organisation(request)
        if ours.person is None:
            return self.get_response(request)
        # Days begin and end where the organisation is.
        with timezone.override(ours.person.organisation.zone):
            return self.get_response(request)


def signed_in(view: View) -> View:
    """The view is shown to people with an account only; others are asked to sign in and come back."""

    @wraps(view)
    def guarded(request: Request, *arguments: object, **named: object) -> HttpResponse:
        if not request.user.is_authenticated:
            # After signing in one comes back to a page, never to the address that only takes forms.
            return redirect_to_login(request.get_full_path() if request.method in SAFE else reverse("me"))
        response = view(request, *arguments, **named)
        response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    return guarded


def by_own_means(view: View) -> View:
    """The view, which changes how the account is signed in to, is closed where `refused_by_word` says so."""

    @signed_in
    @wraps(view)
    def guarded(request: Request, *arguments: object, **named: object) -> HttpResponse:
        return refused_by_word(request) or view(request, *arguments, **named)

    return guarded


def refused_by_word(request: Request) -> HttpResponse | None:
    """The page that says so, where somebody signed in by one organisation's word alone and others know the account too.

    Its provider could otherwise give itself a way into the others: a password, an address, a passkey.
    """
    only = request.session.get(ONLY_ORGANISATION)
    if not only or not Person.objects.filter(account=cast(Account, request.user)).exclude(organisation_id=only).exists():
        return None
    return render(request, "errors/refused.html", {"sentence": _OWN_MEANS}, status=403)


def permitted(permission: Permission) -> Callable[[View], View]:
    """The view is shown to whoever holds this permission; to anybody else it does not exist.

    A first fence for pages; every action asks again, of the thing itself.
    """

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Request, *arguments: object, **named: object) -> HttpResponse:
            if not request.actor.may(permission):
                raise NotPermitted("There is nothing here for you.")
            return view(request, *arguments, **named)

        return guarded

    return decorate


def _actor_of(request: Request, person: Person) -> Actor:
    """The person's actor; a member's only, where the organisation demands a second factor that the account does not have."""
    actor, account = actor_for(person), person.account
    more = actor.permissions - POLICY[Access.MEMBER]
    if not more or account is None or not person.organisation.second_factor_required or has_factor(account):
        return actor
    request.needs_second_factor = True
    return replace(actor, permissions=actor.permissions & POLICY[Access.MEMBER])


def _without_organisation(request: HttpRequest) -> Actor:
    """Somebody who left every organisation keeps what their account holds; anybody else is a visitor."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, Account):
        return ANONYMOUS
    return Actor(kind=ActorKind.PERSON, organisation_id=None, label=request.user.name, account_id=request.user.pk)


def _person_of(request: HttpRequest) -> Person | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, Account):
        return None
    persons = persons_of(request.user)
    if only := request.session.get(ONLY_ORGANISATION):
        persons = [person for person in persons if person.organisation_id == only]
    active = request.session.get(ACTIVE_ORGANISATION)
    return next((person for person in persons if person.organisation_id == active), persons[0] if persons else None)
