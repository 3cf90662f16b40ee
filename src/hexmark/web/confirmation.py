"""Asking again who it is, before what matters: within minutes for keys and access, after a long pause for administration."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hexmark.people.models import Account

#: How long administration may rest before it asks again.
IDLE_SECONDS = 30 * 60
_SEEN = "administration_seen_at"
#: A page that is read does not write to the database each time.
_NOTE_EVERY_SECONDS = 60


def confirmed_at(request: HttpRequest) -> float:
    """When whoever signed in here last proved who they are, in seconds since 1970; 0 if that is not known."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    return max((float(record.get("at", 0)) for record in records), default=0.0)


def was_confirmed_lately(request: HttpRequest) -> bool:
    """Whether they did so within the last five minutes."""
    return time.time() - confirmed_at(request) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_again(request: HttpRequest, *, back_to: str) -> HttpResponse | None:
    """The way to the page that asks who it is, unless that was proved within five minutes; then nothing.

    A form that was sent is not sent again by itself: whoever confirms comes back to the page that shows it.
    """
    return None if was_confirmed_lately(request) or _cannot_confirm(request) else _to_confirm(back_to)


def ask_after_pause(request: HttpRequest) -> HttpResponse | None:
    """The same, after half an hour without a look at administration (OWASP ASVS 5.0, 7.3.1)."""
    now = time.time()
    user = request.user
    signed_in_at = user.last_login.timestamp() if isinstance(user, Account) and user.last_login else 0.0
    seen_at = float(request.session.get(_SEEN, signed_in_at))
    if now - max(seen_at, confirmed_at(request)) > IDLE_SECONDS and not _cannot_confirm(request):
        return _to_confirm(request.get_full_path() if request.method in ("GET", "HEAD") else reverse("administration"))
    if now - float(request.session.get(_SEEN, 0)) > _NOTE_EVERY_SECONDS:
        request.session[_SEEN] = now
    return None


def _cannot_confirm(request: HttpRequest) -> bool:
    """Whoever signs in elsewhere and has neither password nor factor here can only sign out and in again."""
    return not get_reauthentication_flows(request.user)


def _to_confirm(back_to: str) -> HttpResponse:
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back_to})}")
