"""One's own badge on a page of its own: what it is, who sees it, and what one can do with it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hexmark.errors import Invalid
from hexmark.files.markdown import to_html
from hexmark.passport import actions
from hexmark.passport.audience import Audience
from hexmark.passport.collections import pin, put_into, take_out
from hexmark.passport.models import Collection, Entry
from hexmark.passport.objections import make_objection, may_object
from hexmark.passport.queries import own_entry
from hexmark.people.models import Account
from hexmark.web.actors import signed_in
from hexmark.web.forms.passport import AUDIENCES, ObjectionForm
from hexmark.web.me import state_of
from hexmark.web.requests import Request


@signed_in
@require_safe
def badge(request: Request, award_id: str) -> HttpResponse:
    """One's own badge."""
    entry = _entry(request, award_id)
    actions.see(entry, actor=request.actor)
    return _shown(request, entry, ObjectionForm())


@signed_in
@require_POST
def accept(request: Request, award_id: str) -> HttpResponse:
    """It is mine, and these may see it."""
    actions.accept([_entry(request, award_id)], audience=_audience(request), actor=request.actor)
    messages.success(request, "Accepted.")
    return redirect("my_badge", award_id)


@signed_in
@require_POST
def decline(request: Request, award_id: str) -> HttpResponse:
    """I do not want it."""
    entry = _entry(request, award_id)
    actions.decline(entry, actor=request.actor)
    messages.success(request, f"Declined. {entry.credential.organisation.name} sees that, and it is revoked.")
    return redirect("me")


@signed_in
@require_POST
def show_to(request: Request, award_id: str) -> HttpResponse:
    """These may see it from now on."""
    actions.show_to(_entry(request, award_id), _audience(request), actor=request.actor)
    messages.success(request, "Saved.")
    return redirect("my_badge", award_id)


@signed_in
@require_POST
def pin_badge(request: Request, award_id: str) -> HttpResponse:
    """First on one's own page, or in its turn."""
    pin(_entry(request, award_id), pinned=request.POST.get("pinned") == "1", actor=request.actor)
    return redirect("my_badge", award_id)


@signed_in
@require_POST
def collect(request: Request, award_id: str) -> HttpResponse:
    """Into these collections, and out of the others."""
    entry, account = _entry(request, award_id), cast(Account, request.user)
    chosen = set(request.POST.getlist("collection"))
    for collection in account.collections.all():
        if collection.public_id in chosen:
            put_into(collection, [entry], actor=request.actor)
        else:
            take_out(collection, entry, actor=request.actor)
    messages.success(request, "Saved.")
    return redirect("my_badge", award_id)


@signed_in
@require_POST
def object_to(request: Request, award_id: str) -> HttpResponse:
    """What is not right with a revocation or a pause."""
    entry, form = _entry(request, award_id), ObjectionForm(request.POST)
    if form.is_valid():
        try:
            make_objection(entry, text=form.cleaned_data["text"], actor=request.actor)
        except Invalid as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, f"Sent to {entry.credential.organisation.name}. The answer comes by mail and stands here.")
            return redirect("my_badge", award_id)
    return _shown(request, entry, form, status=422)


def _entry(request: Request, award_id: str) -> Entry:
    actions.catch_up(cast(Account, request.user))
    entry = own_entry(award_id, actor=request.actor)
    if entry is None:
        raise Http404
    return entry


def _audience(request: Request) -> Audience:
    try:
        return Audience(request.POST.get("audience", ""))
    except ValueError as error:
        raise Invalid("Choose who may see it.", field="audience") from error


def _shown(request: Request, entry: Entry, form: ObjectionForm, *, status: int = 200) -> HttpResponse:
    credential = entry.credential
    collections = cast(Account, request.user).collections.order_by("name", "pk")
    inside = set(Collection.objects.filter(items__entry=entry).values_list("pk", flat=True))
    context = {
        "entry": entry,
        "credential": credential,
        "award": credential.award,
        "version": credential.award.version,
        "issuer": credential.organisation,
        "criteria": to_html(credential.award.version.criteria),
        "state": state_of(credential),
        "audiences": [(audience, audience.label, hint) for audience, hint in AUDIENCES.items()],
        "collections": [(collection, collection.pk in inside) for collection in collections],
        "objections": list(credential.objections.all()),
        "may_object": may_object(entry),
        "form": form,
        "section": "me",
    }
    with timezone.override(credential.organisation.zone):
        return render(request, "me/badge.html", context, status=status)
