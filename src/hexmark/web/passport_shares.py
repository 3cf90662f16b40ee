"""Share codes: made and watched by their holder, opened by whoever was given one."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.errors import DomainError
from hexmark.passport.actions import catch_up
from hexmark.passport.models import Share
from hexmark.passport.queries import entries_of, is_for_everybody
from hexmark.passport.shares import link_of_share, make_share, note_opening, revoke_share, share_of_code, shared_entries
from hexmark.people.models import Account
from hexmark.web.actors import signed_in
from hexmark.web.forms.passport import ShareForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request
from hexmark.web.verifying import report_on_own, strip_of

ROWS = 50
#: Codes of 100 bits are not guessed; whoever tries is slowed down all the same.
WRONG_CODES = "20/h/ip"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: Request) -> HttpResponse:
    """One's codes, and a new one for what is chosen."""
    account = cast(Account, request.user)
    catch_up(account)
    form = ShareForm(request.POST or None)
    chosen = set(request.POST.getlist("entry") or request.GET.getlist("entry"))
    if request.method == "POST" and form.is_valid():
        entries = [entry for entry in entries_of(account).kept() if entry.public_id in chosen]
        try:
            share = make_share(account, entries=entries, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "The code is ready. Copy its address and send it to whoever it is for.")
            return redirect("my_share", share.public_id)
    page = Paginator(entries_of(account).kept(), ROWS).get_page(request.GET.get("page"))
    own = account.shares.order_by("-made_at", "-pk").prefetch_related("entries")[:ROWS]
    context = {"form": form, "page": page, "chosen": chosen, "shares": [(one, _state(one)) for one in own], "section": "me"}
    return render(request, "me/shares.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def my_share(request: Request, share_id: str) -> HttpResponse:
    """One code: its address, what it shows, and when it was used."""
    share = _own(request, share_id)
    context = {
        "share": share,
        "state": _state(share),
        "link": link_of_share(share),
        "entries": list(shared_entries(share)),
        "openings": list(share.openings.all()[:ROWS]),
        "section": "me",
    }
    return render(request, "me/share.html", context)


@signed_in
@require_POST
def revoke(request: Request, share_id: str) -> HttpResponse:
    """The code shows nothing any more."""
    revoke_share(_own(request, share_id), actor=request.actor)
    messages.success(request, "Revoked. Whoever opens the address now is told that there is nothing.")
    return redirect("my_share", share_id)


@never_cache
@require_safe
def shared(request: Request, share_code: str) -> HttpResponse:
    """Exactly what its holder chose, each with its verdict as of now."""
    share = share_of_code(share_code)
    if share is None:
        return _nothing(request)
    rows = []
    for entry in shared_entries(share).defer(None):
        strip = strip_of(report_on_own(entry.credential), issuer_name=entry.credential.organisation.name)
        rows.append((entry, strip, is_for_everybody(entry.credential)))
    if request.user != share.account and request.method == "GET":
        note_opening(share, "Looked at")
    context = {"share": share, "rows": rows, "code": share_code, "checked_at": timezone.now(), "section": "share"}
    return _private(render(request, "passport/shared.html", context))


@never_cache
@require_safe
def shared_file(request: Request, share_code: str, award_id: str) -> HttpResponse:
    """The signed file of one of them, to be checked elsewhere."""
    share = share_of_code(share_code)
    if share is None:
        return _nothing(request)
    entry = shared_entries(share).defer(None).filter(credential__award__public_id=award_id).first()
    if entry is None:
        raise Http404
    if request.user != share.account and request.method == "GET":
        note_opening(share, f"Signed file of “{entry.credential.award.version.name}”"[:60])
    response = HttpResponse(entry.credential.document, content_type=entry.credential.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="badge-{award_id[:8]}.{entry.credential.file_ending}"'
    return _private(response)


def _own(request: Request, share_id: str) -> Share:
    share = cast(Account, request.user).shares.filter(public_id=share_id).first()
    if share is None:
        raise Http404
    return share


def _state(share: Share) -> str:
    if share.revoked_at:
        return "revoked"
    return "over" if share.expires_at <= timezone.now() else "works"


def _nothing(request: Request) -> HttpResponse:
    """One answer for a code that is revoked, over or invented."""
    if slower := too_often(request, "share_wrong", WRONG_CODES):
        return slower
    raise Http404


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    return response
