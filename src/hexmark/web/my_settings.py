"""One's own settings: name and language, how one signs in, and where one is signed in."""

from __future__ import annotations

import re
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.errors import DomainError
from hexmark.mail.letters import LANGUAGES
from hexmark.people.accounts import change_own_details, language_of
from hexmark.people.models import Account
from hexmark.web.actors import signed_in
from hexmark.web.forms.accounts import DetailsForm
from hexmark.web.requests import Request

MOST_SESSIONS = 50
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request) -> HttpResponse:
    """Everything about one's own account on one page."""
    account = cast(Account, request.user)
    initial = {"name": account.name, "language": language_of(account)}
    form = DetailsForm(request.POST or None, initial=initial, languages=LANGUAGES)
    if request.method == "POST" and form.is_valid():
        try:
            change_own_details(account, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("my_settings")
    factors = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at"))
    context = {
        "form": form,
        "account": account,
        "has_password": account.has_usable_password(),
        "has_app": any(factor.type == Authenticator.Type.TOTP for factor in factors),
        "passkeys": sum(factor.type == Authenticator.Type.WEBAUTHN for factor in factors),
        "codes_left": next((len(one.wrap().get_unused_codes()) for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None),
        "sessions": _sessions(request, account),
        "section": "my_settings",
    }
    return render(request, "account/settings.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def end_session(request: Request, session_id: int) -> HttpResponse:
    """One of one's own sessions is over at once."""
    found = UserSession.objects.filter(pk=session_id, user_id=cast(Account, request.user).pk).first()
    if found is None:
        raise Http404
    here = found.session_key == request.session.session_key
    found.end()
    if here:
        return redirect("account_login")
    messages.success(request, "That session is over.")
    return redirect("my_settings")


@signed_in
@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """One is signed in here and nowhere else."""
    others = UserSession.objects.filter(user_id=cast(Account, request.user).pk).exclude(session_key=request.session.session_key)
    count = len(others)
    for session in others:
        session.end()
    messages.success(
        request, f"{count} other session{' was' if count == 1 else 's were'} ended." if count else "You are signed in only here."
    )
    return redirect("my_settings")


def _sessions(request: Request, account: Account) -> list[dict[str, object]]:
    alive = UserSession.objects.purge_and_list(account)
    newest = sorted(alive, key=lambda session: session.created_at, reverse=True)[:MOST_SESSIONS]
    return [
        {
            "id": session.pk,
            "device": device_of(session.user_agent),
            "ip": session.ip,
            "since": session.created_at,
            "here": session.session_key == request.session.session_key,
        }
        for session in newest
    ]


def device_of(user_agent: str) -> str:
    """Browser and system in two words, as far as the browser says so."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    known = " on ".join(part for part in (browser, system) if part)
    return known or re.sub(r"[^\w ./()-]", "", user_agent)[:40] or "Unknown browser"
