"""Identity providers, and the organisation's signing keys."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.keys.store import published_keys
from hexmark.net import TextRecords
from hexmark.organisations.actions import rotate_key
from hexmark.organisations.domain_proofs import DomainProof, prove_domains
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.sign_in import add_provider, edit_provider, remove_provider
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.confirmation import ask_again
from hexmark.web.forms.administration import ProviderForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

#: More domains than these are told of one after another, as each is mended.
MOST_SENTENCES = 3


@administers(Permission.EDIT_ORGANISATION)
@require_safe
def providers(request: Request) -> HttpResponse:
    """Where people of the organisation can sign in besides here."""
    found = IdentityProvider.objects.visible_to(request.actor).order_by("label", "pk")
    return administration_page(request, "sign_in", "administration_sign_in", {"providers": found})


@administers(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """A provider is added; what it has to know of us is shown afterwards."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST":
        if asked := ask_again(request, back_to=request.path):
            return asked
        if form.is_valid():
            try:
                added = add_provider(organisation_of(request), **form.cleaned_data, actor=request.actor)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, "Added. Now tell the provider the address below.")
                return redirect("administration_provider", added.public_id)
    return administration_page(request, "provider", "administration_sign_in", {"form": form}, status=422 if form.errors else 200)


@administers(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: Request, provider_id: str) -> HttpResponse:
    """One provider: what it has to know of us, and how we ask it."""
    found = _provider(request, provider_id)
    form = ProviderForm(request.POST or None, provider=found)
    if request.method == "POST":
        if asked := ask_again(request, back_to=request.path):
            return asked
        if form.is_valid():
            try:
                edit_provider(_provider(request, provider_id), **form.cleaned_data, actor=request.actor)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, "Saved.")
                return redirect("administration_sign_in")
    back = settings.PUBLIC_URL + reverse("sign_in_back", args=[found.public_id])
    context = {
        "form": form,
        "provider": found,
        "redirect_uri": back,
        "people": found.identities.count(),
        "proofs": _proofs(request, found),
        "address": settings.PUBLIC_URL + reverse("sign_in_organisation", args=[organisation_of(request).slug]),
    }
    return administration_page(request, "provider", "administration_sign_in", context, status=422 if form.errors else 200)


@administers(Permission.EDIT_ORGANISATION)
@require_POST
def domains(request: Request, provider_id: str) -> HttpResponse:
    """The name servers are asked whether the provider's domains are the organisation's."""
    found = _provider(request, provider_id)
    if slower := too_often(request, "domain_proof", "10/m/key", key=str(request.actor.organisation_id)):
        return slower
    open_still = prove_domains(_proofs(request, found), ask=TextRecords(settings.NAME_SERVERS), actor=request.actor)
    for sentence in open_still[:MOST_SENTENCES]:
        messages.warning(request, sentence)
    if not open_still:
        messages.success(request, "Every domain is proven. People with such an address can sign in there.")
    return redirect("administration_provider", found.public_id)


@administers(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, provider_id: str) -> HttpResponse:
    """A provider goes, after a question."""
    found = _provider(request, provider_id)
    if request.method == "POST":
        if asked := ask_again(request, back_to=request.path):
            return asked
        remove_provider(found, actor=request.actor)
        messages.success(request, "Removed.")
        return redirect("administration_sign_in")
    lead = "Nobody signs in there any more. Accounts stay; whoever has no password sets one with “Forgot your password?”."
    context = {"title": f"Remove “{found.label}”?", "lead": lead, "word": "Remove it", "back": reverse("administration_sign_in")}
    return render(request, "confirm.html", context)


@administers(Permission.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Request) -> HttpResponse:
    """The key that signs now, and those that signed before; a new key after a question."""
    if request.method == "POST" or "new" in request.GET:
        return ask_again(request, back_to=f"{request.path}?new=1") or _rotate(request)
    ours = organisation_of(request)
    newest_first = list(reversed(published_keys(ours.pk)))
    context = {
        "active": [key for key in newest_first if key.retired_at is None],
        "retired": [key for key in newest_first if key.retired_at is not None],
        "did": ours.did,
        "document": f"{ours.url}/did.json",
    }
    return administration_page(request, "keys", "administration_keys", context)


def _rotate(request: Request) -> HttpResponse:
    if request.method == "POST":
        rotate_key(organisation_of(request), actor=request.actor)
        messages.success(request, "A new key signs from now on. The old one stays published.")
        return redirect("administration_keys")
    lead = "What was signed keeps verifying, because the old key stays published. It never signs again."
    context = {"title": "Sign with a new key?", "lead": lead, "word": "Make a new key", "back": reverse("administration_keys")}
    return render(request, "confirm.html", context)


def _proofs(request: Request, provider: IdentityProvider) -> list[DomainProof]:
    return list(DomainProof.objects.visible_to(request.actor).filter(domain__in=provider.domains).order_by("domain"))


def _provider(request: Request, provider_id: str) -> IdentityProvider:
    found = IdentityProvider.objects.visible_to(request.actor).filter(public_id=provider_id).first()
    if found is None:
        raise Http404
    return found
