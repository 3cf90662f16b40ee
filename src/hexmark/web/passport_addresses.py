"""The addresses of one's account, and making one account of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.errors import DomainError, Invalid
from hexmark.passport import addresses as actions
from hexmark.passport.merging import ask_merge_by_mail, confirm_merge, merge_by_password
from hexmark.passport.models import AccountLink
from hexmark.people.models import Account
from hexmark.web.actors import by_own_means
from hexmark.web.forms.passport import AddressForm, MergeForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

#: Each sends a mail, or tries a password.
MAILS = "10/h/user"
PASSWORDS = "10/h/user,10/h/key"  # a rate
WRONG_LINKS = "20/h/ip"


@by_own_means
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: Request) -> HttpResponse:
    """One's addresses, and a new one."""
    account = cast(Account, request.user)
    form = AddressForm(request.POST or None, with_password=account.has_usable_password())
    if request.method == "POST":
        if slower := too_often(request, "address", MAILS):
            return slower
        if form.is_valid() and _done(form, lambda: _ask(request, account, form)):
            messages.success(request, f"A link is on its way to {form.cleaned_data['email']}. Open it in this browser.")
            return redirect("addresses")
    return _shown(request, account, form)


@by_own_means
@require_POST
def make_primary(request: Request) -> HttpResponse:
    """Mail about the account goes there."""
    actions.make_primary(cast(Account, request.user), email=request.POST.get("email", ""), actor=request.actor)
    messages.success(request, "Saved.")
    return redirect("addresses")


@by_own_means
@require_POST
def remove(request: Request) -> HttpResponse:
    """No longer an address of this account."""
    account = cast(Account, request.user)
    try:
        _check_password(request, account, request.POST.get("password", ""))
        actions.remove_address(account, email=request.POST.get("email", ""), actor=request.actor)
    except DomainError as error:
        return _shown(request, account, AddressForm(with_password=account.has_usable_password()), problem=str(error))
    messages.success(request, "Removed.")
    return redirect("addresses")


@by_own_means
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request) -> HttpResponse:
    """The other account, by its password or by a link to its address."""
    account = cast(Account, request.user)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        if slower := too_often(request, "merge", PASSWORDS, key=email.lower()):
            return slower
        if password and _done(form, lambda: merge_by_password(account, email=email, password=password, actor=request.actor)):
            messages.success(request, "Your two accounts are one now.")
            return redirect("me")
        if not password and _done(form, lambda: ask_merge_by_mail(account, email=email, actor=request.actor)):
            messages.success(request, f"If an account has the address {email}, a link is on its way there. Open it in this browser.")
            return redirect("merge_accounts")
    context = {"form": form, "account": account, "section": "my_settings"}
    return render(request, "me/merge.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_link(request: Request, link_token: str) -> HttpResponse:
    """What a link from a mail does, for the account that asked for it and nobody else."""
    link = actions.link_of_token(link_token)
    if link is None:
        return too_often(request, "account_link_wrong", WRONG_LINKS) or render(request, "passport/link_closed.html", status=404)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.pk != link.account_id:
        return render(request, "passport/link_of_another.html", status=403)
    if request.method != "POST":
        return render(
            request, "passport/account_link.html", {"link": link, "token": link_token, "merges": link.purpose == AccountLink.Purpose.MERGE}
        )
    if link.purpose == AccountLink.Purpose.MERGE:
        confirm_merge(link_token, actor=request.actor)
        messages.success(request, "Your two accounts are one now.")
        return redirect("me")
    email = actions.confirm_address(link_token, actor=request.actor)
    messages.success(request, f"{email} is yours. You can sign in with it.")
    return redirect("me" if actions.standing_of(link.account).needs_personal else "addresses")


def _ask(request: Request, account: Account, form: AddressForm) -> None:
    _check_password(request, account, form.cleaned_data.get("password", ""))
    actions.ask_address(account, email=form.cleaned_data["email"], actor=request.actor)


def _check_password(request: Request, account: Account, password: str) -> None:
    """Pass silently if whoever sits there knows the password: a browser left open must not give the account away.

    Raises:
        Invalid: it is another, or was tried too often.
    """
    if not account.has_usable_password():
        return
    if too_often(request, "own_password", "10/h/user") is not None:
        raise Invalid("That was tried too often. Wait an hour.", field="password")
    if not account.check_password(password):
        raise Invalid("That is not your password.", field="password")


def _done(form: Form, act: Callable[[], None]) -> bool:
    """Whether it was done; what is in the way stands beside its field."""
    try:
        act()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _shown(request: Request, account: Account, form: AddressForm, *, problem: str = "") -> HttpResponse:
    own = EmailAddress.objects.filter(user=account, verified=True).order_by("-primary", "email")
    now_waiting = AccountLink.objects.filter(account=account, purpose=AccountLink.Purpose.ADDRESS, used_at__isnull=True)
    given = {email.lower(): name for email, name in account.persons.values_list("email", "organisation__name")}
    context = {
        "addresses": [(address, given.get(address.email, "")) for address in own],
        "waiting": now_waiting.order_by("email"),
        "form": form,
        "problem": problem,
        "has_password": account.has_usable_password(),
        "section": "my_settings",
    }
    return render(request, "me/addresses.html", context, status=422 if problem or form.errors else 200)
