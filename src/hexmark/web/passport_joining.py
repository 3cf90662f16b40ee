"""Joining by a link from a mail: what waits, for whom, and what one can say to it. Nothing is asked that is not needed."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.access import Actor, ActorKind
from hexmark.errors import DomainError
from hexmark.passport.actions import accept, catch_up, decline, disown
from hexmark.passport.addresses import has_proved, tell_of_address
from hexmark.passport.audience import Audience
from hexmark.passport.queries import waiting_for
from hexmark.people.actions import open_account
from hexmark.people.joining import join as link_by_token
from hexmark.people.joining import person_of_link, reader_of
from hexmark.people.models import Account, Person
from hexmark.web.actors import refused_by_word
from hexmark.web.confirmation import ask_again
from hexmark.web.forms.passport import AUDIENCES, JoinForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
#: Wrong links from one place: 192 bits are not guessed, and whoever tries is slowed down all the same.
WRONG_LINKS = "20/h/ip"
#: Forms sent with one link.
TRIES = "30/h/key"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, join_token: str) -> HttpResponse:
    """What was given, by whom and why; accept it with an account of one's own."""
    person = person_of_link(join_token)
    if person is None or person.account_id is not None:
        return _closed(request)
    form = None if request.user.is_authenticated else JoinForm(request.POST or None, initial={"name": person.name})
    problem = ""
    if request.method == "POST":
        if slower := too_often(request, "join", TRIES, key=join_token):
            return slower
        # Whoever sent the link on, or sits at a browser that was left open, would from then on sign in to this account by mail.
        if _adds_address(request, person) and (stopped := refused_by_word(request) or ask_again(request, back_to=request.path)):
            return stopped
        if form is None or form.is_valid():
            try:
                return _joined(request, join_token, person, form)
            except DomainError as error:
                problem = _say(form, error)
    return _shown(request, person, join_token, form, problem)


@never_cache
@require_POST
def join_decline(request: Request, join_token: str, award_id: str) -> HttpResponse:
    """One of what waits is not wanted. No account is needed for that."""
    person = person_of_link(join_token)
    if person is None or person.account_id is not None:
        return _closed(request)
    entry = next((entry for entry in waiting_for(person) if entry.public_id == award_id), None)
    if entry is None:
        return _closed(request)
    decline(entry, actor=reader_of(person))
    context = {"issuer": person.organisation, "declined": entry, "token": join_token, "left": len(waiting_for(person))}
    return _private(render(request, "passport/declined.html", context))


@never_cache
@require_POST
def join_not_me(request: Request, join_token: str) -> HttpResponse:
    """The mail went to somebody else: nothing more is sent there."""
    person = person_of_link(join_token)
    if person is None or person.account_id is not None:
        return _closed(request)
    disown(person, actor=reader_of(person))
    return _private(render(request, "passport/not_me.html", {"issuer": person.organisation}))


def _adds_address(request: Request, person: Person) -> bool:
    """Whether the account that is signed in would sign in with one more address after joining."""
    return isinstance(request.user, Account) and not has_proved(request.user, person.email)


def _closed(request: Request) -> HttpResponse:
    """One answer for a link that is used, old or invented."""
    if slower := too_often(request, "join_wrong", WRONG_LINKS):
        return slower
    return _private(render(request, "passport/join_closed.html", status=404))


def _shown(request: Request, person: Person, token: str, form: JoinForm | None, problem: str) -> HttpResponse:
    context = {
        "who": person,
        "issuer": person.organisation,
        "entries": waiting_for(person),
        "token": token,
        "form": form,
        "problem": problem,
        "audiences": [(audience, audience.label, hint) for audience, hint in AUDIENCES.items()],
        "chosen": request.POST.get("audience") or Audience.LINK.value,
        "account": request.user if request.user.is_authenticated else None,
        "adds_address": _adds_address(request, person),
    }
    failed = bool(problem or (form is not None and form.errors))
    return _private(render(request, "passport/join.html", context, status=422 if failed else 200))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no search engine keeps it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _joined(request: Request, token: str, person: Person, form: JoinForm | None) -> HttpResponse:
    accepted, account = _accept(request, token, person, form)
    if form is not None:
        login(request, account, backend=BACKEND)
    messages.success(request, "Yours now." if accepted else f"Welcome to {person.organisation.name}.")
    return redirect("me")


@transaction.atomic
def _accept(request: Request, token: str, person: Person, form: JoinForm | None) -> tuple[int, Account]:
    """Account, link and acceptance together: whatever is refused leaves nothing behind."""
    if form is None:
        account = cast(Account, request.user)
    else:
        account = open_account(email=person.email, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
    waiting, is_new = waiting_for(person), form is None and not has_proved(account, person.email)
    link_by_token(token, account=account)
    if is_new:
        tell_of_address(account, person.email)
    holder = Actor(
        kind=ActorKind.PERSON, organisation_id=person.organisation_id, label=account.name, person_id=person.pk, account_id=account.pk
    )
    chosen = request.POST.get("audience", "")
    accepted = accept(waiting, audience=chosen if chosen in Audience.values else Audience.LINK, actor=holder)
    catch_up(account)
    return accepted, account


def _say(form: JoinForm | None, error: DomainError) -> str:
    """The error beside its field, or as a sentence above the form."""
    if form is not None and error.field in form.fields:
        form.add_error(error.field, str(error))
        return ""
    return str(error)
