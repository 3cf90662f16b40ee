"""How often something may be tried from one place, or for one thing. Counted in the database, so that a restart forgets nothing."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_often(request: HttpRequest, action: str, rates: str, *, key: str | None = None) -> HttpResponse | None:
    """The page that says so, if this was tried too often; None if it may be tried now, which counts.

    `rates` as in `20/h/ip,5/m/key`.
    """
    if consume(request, app="hexmark", action=action, config={action: rates}, key=key, limit_get=True):
        return None
    return render(request, "errors/429.html", status=429)
