"""The first page of administration: is everything ready."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import Permission
from hexmark.mail.actions import queue
from hexmark.mail.jobs import try_at_once
from hexmark.mail.letters import Letter
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.administration_checks import OK, TRIALS, checklist, remember
from hexmark.web.requests import Request


@administers(Permission.EDIT_ORGANISATION)
@require_safe
def overview(request: Request) -> HttpResponse:
    """What is ready, what is not, and what to do about it."""
    checks = checklist(organisation_of(request))
    ready = sum(check.outcome.state == OK for check in checks)
    return administration_page(request, "overview", "administration", {"checks": checks, "ready": ready})


@administers(Permission.EDIT_ORGANISATION)
@require_POST
def check(request: Request) -> HttpResponse:
    """One thing is tried now, and how it went is shown in the list."""
    name, organisation = request.POST.get("check", ""), organisation_of(request)
    if name == "mail":
        assert request.person is not None
        send_test(organisation, request.person)
        messages.success(request, f"A test message to {request.person.email} waits in the outbox.")
        return redirect("administration")
    if name not in TRIALS:
        raise Http404
    remember(organisation, name, TRIALS[name](organisation))
    return redirect("administration")


def send_test(organisation: Organisation, person: Person) -> None:
    """A test message to this person goes out as soon as the mail server takes it."""
    try_at_once()
    context = {"sender": organisation.name, "name": person.name}
    queue(Letter(person.email, "test", person.language, context, organisation_id=organisation.pk, about="test"))
