"""Setting up an installation, by a link that works once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hexmark.access import Actor, ActorKind, Permission
from hexmark.errors import DomainError
from hexmark.organisations.actions import found_organisation
from hexmark.people.actions import use_set_up_link, welcome_first_steward
from hexmark.people.models import Account
from hexmark.people.queries import set_up_link_is_open
from hexmark.web.forms.setup import SetUpForm
from hexmark.web.requests import Request

FOUNDER = Actor(
    kind=ActorKind.SYSTEM, organisation_id=None, permissions=frozenset({Permission.FOUND_ORGANISATION}), label="the set-up page"
)


@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: Request) -> HttpResponse:
    """Name the organisation and yourself; you are then its badge administrator and signed in."""
    token = request.POST.get("token") or request.GET.get("token", "")
    if not set_up_link_is_open(token):
        # One answer for a used, an old and an invented token.
        return render(request, "setup_closed.html", status=404)
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = _set_up(token, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
            messages.success(request, "Your organisation is ready, and its signing key is made. Now define what can be earned.")
            return redirect("catalogue_new")
    return render(request, "setup.html", {"form": form, "token": token}, status=422 if form.errors else 200)


@transaction.atomic
def _set_up(token: str, *, organisation: str, slug: str, name: str, email: str, password: str) -> Account:
    use_set_up_link(token)
    founded = found_organisation(name=organisation, slug=slug, actor=FOUNDER)
    person = welcome_first_steward(founded, name=name, email=email, password=password)
    assert person.account is not None
    return person.account
