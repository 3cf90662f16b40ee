"""Keys for programs: made with as little power as they need, shown once, ended at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hexmark.access import Permission, Scope
from hexmark.errors import DomainError
from hexmark.organisations.actions import NewKey, make_api_key, revoke_api_key
from hexmark.organisations.models import ApiKey
from hexmark.people.api_keys import states_of
from hexmark.web.actors import permitted
from hexmark.web.confirmation import ask_again
from hexmark.web.forms.developer import SCOPE_WORDS, NewKeyForm
from hexmark.web.requests import Request

PAGE_SIZE = 20
STATE_WORDS = {"works": ("ok", "Works"), "stopped": ("warn", "Stopped"), "over": ("", "Over"), "revoked": ("bad", "Revoked")}


@permitted(Permission.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD"])
def index(request: Request) -> HttpResponse:
    """Every key of the organisation, newest first."""
    page = Paginator(ApiKey.objects.visible_to(request.actor).order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    states = states_of(list(page.object_list))
    rows = [{"key": key, "state": STATE_WORDS[states[key.pk]], "does": _words(key), "is_open": key.revoked_at is None} for key in page]
    context = {"rows": rows, "page": page, "api": f"{settings.PUBLIC_URL}/api/v1", "section": "developer"}
    return render(request, "developer/index.html", context)


@permitted(Permission.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form; after a good one the key, this once."""
    if asked := ask_again(request, back_to=reverse("developer_key_new")):
        return asked
    form = NewKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.person is not None
        try:
            made = make_api_key(
                request.person.organisation,
                label=form.cleaned_data["label"],
                scopes=form.scopes_chosen(),
                expires_at=form.expires_at(),
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _shown_once(request, made)
    context = {"form": form, "section": "developer"}
    return render(request, "developer/new.html", context, status=422 if form.errors else 200)


@permitted(Permission.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, key_id: str) -> HttpResponse:
    """Asks once; then the key opens nothing any more."""
    key = ApiKey.objects.visible_to(request.actor).filter(public_id=key_id).first()
    if key is None:
        raise Http404
    if request.method == "POST":
        revoke_api_key(key, actor=request.actor)
        messages.success(request, f"“{key.label}” is revoked and opens nothing any more.")
        return redirect("developer")
    context = {
        "title": f"Revoke “{key.label}”?",
        "lead": f"Every program that sends the key {key.prefix}… is refused from the next request on. This cannot be undone.",
        "word": "Revoke",
        "back": reverse("developer"),
        "section": "developer",
    }
    return render(request, "confirm.html", context)


def _shown_once(request: Request, made: NewKey) -> HttpResponse:
    context: dict[str, Any] = {
        "key": made.key,
        "token": made.token,
        "does": _words(made.key),
        "api": f"{settings.PUBLIC_URL}/api/v1",
        "section": "developer",
    }
    response = render(request, "developer/made.html", context, status=201)
    # The only place where the token stands: no cache may keep it, nor the browser for its Back button.
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(key: ApiKey) -> str:
    return ", ".join(SCOPE_WORDS[scope][0].lower() for scope in Scope if scope in key.scope_set).capitalize()
