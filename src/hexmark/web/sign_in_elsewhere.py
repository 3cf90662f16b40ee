"""Signing in at an organisation's identity provider: there, back, and into the account."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.errors import DomainError
from hexmark.openbadges.errors import Unreachable
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.models import Organisation
from hexmark.organisations.sign_in import providers_for
from hexmark.people.models import Account
from hexmark.people.provided import NeedsProof, account_for
from hexmark.web import oidc
from hexmark.web.actors import ONLY_ORGANISATION
from hexmark.web.confirmation import was_confirmed_lately
from hexmark.web.forms.accounts import ElsewhereForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

_ATTEMPT = "oidc.attempt"
#: An identity that waits until its owner has proved that the account is theirs.
_WAITING = "oidc.waiting"
WAITS_SECONDS = 600
MOST_BUTTONS = 10


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page. Whose providers there are is nobody's business who does not belong there."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """What the page shows."""
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {"elsewhere": IdentityProvider.objects.filter(active=True).exists()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Signed in; if a provider waits to be connected, that comes next."""
        self.request.session.pop(ONLY_ORGANISATION, None)
        response = cast(HttpResponse, super().form_valid(form))
        waits = _waiting(cast(Request, self.request)) and self.request.user.is_authenticated
        return redirect("sign_in_connect") if waits else response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """Where somebody signs in whose address is of an organisation that has a provider, asked for by that address."""
    form = ElsewhereForm(request.POST or None)
    found: list[IdentityProvider] = []
    if request.method == "POST":
        if slower := too_often(request, "sign_in_choose", "30/m/ip"):
            return slower
        if form.is_valid():
            found = providers_for(form.cleaned_data["email"], most=MOST_BUTTONS)
            if not found:
                form.add_error("email", "No organisation here signs in elsewhere with that address. Sign in with a password or a passkey.")
    context = {"form": form, "providers": found, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "account/elsewhere.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def of_organisation(request: Request, slug: str) -> HttpResponse:
    """An organisation's own sign-in address, which it gives to its people."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    found = organisation.identity_providers.filter(active=True).order_by("label", "pk")[:MOST_BUTTONS]
    context = {"organisation": organisation, "providers": found, "next": request.GET.get("next", "")}
    return render(request, "account/elsewhere.html", context)


@never_cache
@require_safe
def begin(request: Request, provider_id: str) -> HttpResponse:
    """To the provider."""
    provider = _provider(provider_id)
    if asked_too_often := too_often(request, "sign_in_elsewhere", "30/m/ip"):
        return asked_too_often
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    try:
        metadata = oidc.discovered(provider.issuer)
        attempt = oidc.Attempt.begin(provider, next_url=wanted if safe else "")
    except (Unreachable, DomainError) as error:
        return _sorry(request, str(error))
    request.session[_ATTEMPT] = asdict(attempt)
    return HttpResponseRedirect(oidc.authorization_url(provider, metadata, attempt, redirect_uri=_back(provider)))


@never_cache
@require_safe
def back(request: Request, provider_id: str) -> HttpResponse:
    """From the provider, into the account. Each attempt is used up by its first answer."""
    provider = _provider(provider_id)
    kept = request.session.pop(_ATTEMPT, None)
    if not kept or kept.get("provider") != provider.public_id:
        return _sorry(request, "This sign-in was not begun in this browser, or was used before. Begin again.")
    attempt = oidc.Attempt(**kept)
    try:
        metadata = oidc.discovered(provider.issuer)
        code = oidc.check_answer(request.GET.dict(), attempt, metadata)
        claims = oidc.claims_for(provider, metadata, attempt, code, redirect_uri=_back(provider))
        return _enter(request, provider, claims, attempt.next)
    except (Unreachable, DomainError) as error:
        return _sorry(request, str(error))


@never_cache
def connect(request: Request) -> HttpResponse:
    """Whoever proved to own the account connects the provider with it: from then on its word is enough."""
    waiting = _waiting(request)
    if waiting is None or not isinstance(request.user, Account) or not was_confirmed_lately(request):
        return redirect("account_login")
    provider = _provider(waiting["provider"])
    if request.method != "POST":
        return render(request, "account/connect.html", {"provider": provider, "email": waiting["email"], "section": "my_settings"})
    del request.session[_WAITING]
    if request.POST.get("answer") == "yes":
        subject, email = str(waiting["subject"]), str(waiting["email"])
        account_for(provider, subject=subject, email=email, verified=True, proven=request.user)
    return redirect(_inside(request, str(waiting["next"])))


def _enter(request: Request, provider: IdentityProvider, claims: dict[str, Any], next_url: str) -> HttpResponse:
    email = claims.get("email") if isinstance(claims.get("email"), str) else ""
    try:
        account = account_for(provider, subject=claims["sub"], email=str(email), verified=claims.get("email_verified") is True)
    except NeedsProof as error:
        request.session[_WAITING] = {
            "provider": provider.public_id,
            "subject": claims["sub"],
            "email": email,
            "at": time.time(),
            "next": next_url,
        }
        return _sorry(request, str(error), title="One step before this works", status=409)
    if request.user.is_authenticated and request.user.pk != account.pk:
        # The session of somebody else must not live on under this account.
        request.session.flush()
        request.user = AnonymousUser()
    request.session[ONLY_ORGANISATION] = provider.organisation_id
    # Through the library's own door, so that a second factor of the account is asked for here too.
    response = perform_login(request, Login(user=account, redirect_url=_inside(request, next_url)))
    IdentityProvider.objects.filter(pk=provider.pk).update(last_used_at=timezone.now())
    return cast(HttpResponse, response)


def _waiting(request: Request) -> dict[str, Any] | None:
    kept = request.session.get(_WAITING)
    return kept if kept and time.time() - kept["at"] < WAITS_SECONDS else None


def _inside(request: Request, wanted: str) -> str:
    safe = wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("me")


def _provider(public_id: str) -> IdentityProvider:
    found = IdentityProvider.objects.filter(public_id=public_id, active=True).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


def _back(provider: IdentityProvider) -> str:
    """Where the provider sends the browser: an address of its own for each, so that no answer is taken for another's."""
    return settings.PUBLIC_URL + reverse("sign_in_back", args=[provider.public_id])


def _sorry(request: Request, sentence: str, *, title: str = "", status: int = 409) -> HttpResponse:
    return render(request, "account/elsewhere_failed.html", {"sentence": sentence, "title": title}, status=status)


sign_in = SignIn.as_view()
__all__ = ["back", "begin", "choose", "connect", "of_organisation", "sign_in"]
