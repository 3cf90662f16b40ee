"""One's own badges."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hexmark.errors import NotPermitted
from hexmark.issuing.models import Credential
from hexmark.issuing.queries import credentials_of
from hexmark.issuing.rules import is_expired
from hexmark.people.models import Account
from hexmark.people.queries import persons_of
from hexmark.web.actors import ACTIVE_ORGANISATION, signed_in
from hexmark.web.requests import Request


@signed_in
@require_safe
def badges(request: Request) -> HttpResponse:
    """Everything that one was given, by whichever organisation, newest first."""
    account = cast(Account, request.user)
    held = [(credential, state_of(credential)) for credential in credentials_of(account)]
    return render(request, "me/badges.html", {"held": held, "persons": persons_of(account), "section": "me"})


@signed_in
@require_POST
def choose_organisation(request: Request) -> HttpResponse:
    """Act for another of one's organisations from now on."""
    chosen = request.POST.get("organisation", "")
    for person in persons_of(cast(Account, request.user)):
        if person.organisation.slug == chosen:
            request.session[ACTIVE_ORGANISATION] = person.organisation_id
            return redirect("me")
    raise NotPermitted("You are not known in that organisation.")


def state_of(credential: Credential) -> str:
    """`revoked`, `paused`, `expired`, or empty while it is valid: what the picture on a list shows."""
    if credential.revoked_at:
        return "revoked"
    if credential.paused_at:
        return "paused"
    return "expired" if is_expired(credential.valid_until, timezone.now()) else ""
