"""How the organisation signs, and whether programs may have it sign documents of theirs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hexmark.access import Permission
from hexmark.issuing.choosing import choose_form, open_vc_api, signed_form_of, vc_api_is_open
from hexmark.organisations.models import Organisation
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.confirmation import ask_again
from hexmark.web.forms.signing import SignedFormForm
from hexmark.web.requests import Request


@administers(Permission.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: Request) -> HttpResponse:
    """The form of what is signed from now on, and the interface for other software."""
    ours = organisation_of(request)
    form = SignedFormForm(request.POST if "choose" in request.POST else None, form=signed_form_of(ours.pk))
    if request.method == "POST":
        if asked := ask_again(request, back_to=request.path):
            return asked
        if "choose" not in request.POST:
            return _vc_api(request, ours)
        if form.is_valid():
            changed = choose_form(ours, form.chosen, actor=request.actor)
            messages.success(request, "Saved. What is signed from now on is signed so." if changed else "Nothing was changed.")
            return redirect("administration_signing")
    context = {"form": form, "vc_api": f"{ours.url.rsplit('/o/', 1)[0]}/vc-api/{ours.slug}", "vc_api_open": vc_api_is_open(ours.pk)}
    return administration_page(request, "signing", "administration_signing", context, status=422 if form.errors else 200)


def _vc_api(request: Request, ours: Organisation) -> HttpResponse:
    is_open = request.POST.get("vc_api") == "open"
    if open_vc_api(ours, is_open=is_open, actor=request.actor):
        messages.success(request, "Open. Programs need a key with the scope “vc-api”." if is_open else "Closed.")
    return redirect("administration_signing")
