"""One's own badges: the list, what waits for an answer, and how others see it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hexmark.errors import NotPermitted
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired
from hexmark.passport.actions import catch_up
from hexmark.passport.addresses import standing_of
from hexmark.passport.audience import Audience
from hexmark.passport.models import EntryQuerySet
from hexmark.passport.offers import offers_for, refuse, take
from hexmark.passport.queries import Viewer, entries_of, in_force, is_seen_by
from hexmark.people.models import Account
from hexmark.people.queries import persons_of
from hexmark.web.actors import ACTIVE_ORGANISATION, signed_in
from hexmark.web.designing import own_sheet
from hexmark.web.requests import Request

ROWS = 24
LISTS = ("all", "valid", "ended")
#: As many as a holder looks through to see how others see them.
MOST_SEEN = 500


@signed_in
@require_safe
def badges(request: Request) -> HttpResponse:
    """Everything that one was given, by whichever organisation, newest first, with what waits for an answer on top."""
    account = cast(Account, request.user)
    catch_up(account)
    entries = entries_of(account)
    search = request.GET.get("q", "").strip()[:100]
    shown = request.GET.get("list", "all") if request.GET.get("list") in LISTS else "all"
    page = Paginator(_listed(entries, shown, search), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "held": [(entry, state_of(entry.credential)) for entry in page],
        "waiting": list(entries.filter(accepted_at__isnull=True, declined_at__isnull=True)[:ROWS]),
        "search": search,
        "list": shown,
        "sheet": own_sheet(account, request.person),
        "offers": offers_for(account),
        "standing": standing_of(account),
        "persons": persons_of(account),
        "section": "me",
    }
    return render(request, "me/badges.html", context)


@signed_in
@require_POST
def choose_organisation(request: Request) -> HttpResponse:
    """Act for another of one's organisations from now on."""
    chosen = request.POST.get("organisation", "")
    for person in persons_of(cast(Account, request.user)):
        if person.organisation.slug == chosen:
            request.session[ACTIVE_ORGANISATION] = person.organisation_id
            return redirect("me")
    raise NotPermitted("You are not known in that organisation.")


@signed_in
@require_safe
def seen_as(request: Request, viewer: str) -> HttpResponse:
    """What others see of one's badges, and what they do not."""
    if viewer not in set(Viewer):
        raise Http404
    account = cast(Account, request.user)
    entries = list(entries_of(account).kept()[:MOST_SEEN])
    seen = [entry for entry in entries if is_seen_by(entry, Viewer(viewer))]
    context = {
        "viewer": viewer,
        "seen": [(entry, state_of(entry.credential)) for entry in seen],
        "hidden": [entry for entry in entries if entry not in seen],
        "profile": getattr(account, "profile", None),
        "section": "me",
    }
    return render(request, "me/seen_as.html", context)


@signed_in
@require_POST
def answer_offer(request: Request, offered_id: str) -> HttpResponse:
    """An organisation knows one of these addresses: that is me, or it is not."""
    account = cast(Account, request.user)
    offer = next((offer for offer in offers_for(account) if offer.person.public_id == offered_id), None)
    if offer is None:
        raise Http404
    if request.POST.get("answer") == "not_me":
        refuse(offer.person, account=account, actor=request.actor)
        messages.success(request, f"{offer.person.organisation.name} was told that it meant somebody else.")
    else:
        chosen = request.POST.get("audience", "")
        audience = chosen if chosen in Audience.values else Audience.LINK
        take(offer.person, account=account, audience=audience, actor=request.actor)
        messages.success(request, f"Yours now: what {offer.person.organisation.name} had for you.")
    return redirect("me")


def _listed(entries: EntryQuerySet, shown: str, search: str) -> EntryQuerySet:
    """The chosen part of what is kept; what ended, declined ones among it, in a list of its own."""
    valid = in_force(entries, timezone.now())
    if shown == "valid":
        listed = valid
    elif shown == "ended":
        listed = entries.exclude(pk__in=valid.order_by().values("pk")).exclude(accepted_at__isnull=True, declined_at__isnull=True)
    else:
        listed = entries.kept()
    return listed.filter(credential__award__version__name__icontains=search) if search else listed


def state_of(credential: Credential) -> str:
    """`revoked`, `paused`, `expired`, or empty while it is valid: what the picture on a list shows."""
    if credential.revoked_at:
        return "revoked"
    if credential.paused_at:
        return "paused"
    return "expired" if is_expired(credential.valid_until, timezone.now()) else ""
