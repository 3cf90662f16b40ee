"""Taking everything with one: an archive, made in the background, for its owner alone."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.passport.actions import catch_up
from hexmark.passport.exports import ask_export, make_export, path_of
from hexmark.passport.queries import entries_of
from hexmark.people.models import Account
from hexmark.web.actors import signed_in
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

#: So few are put together while one waits.
AT_ONCE = 20
RATE = "10/h/user"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request) -> HttpResponse:
    """What there is to take, and the archive once it is made."""
    account = cast(Account, request.user)
    catch_up(account)
    count = entries_of(account).count()
    if request.method == "POST":
        if slower := too_often(request, "export", RATE):
            return slower
        asked = ask_export(account, actor=request.actor)
        if count <= AT_ONCE:
            make_export(asked)
        messages.success(request, "Your archive is ready." if count <= AT_ONCE else "Your archive is being made. Look again in a minute.")
        return redirect("export")
    latest = account.exports.order_by("-asked_at", "-pk").first()
    return render(request, "me/export.html", {"export": latest, "count": count, "section": "me"})


@signed_in
@require_safe
def download(request: Request, export_id: str) -> HttpResponse:
    """The archive, to whoever asked for it."""
    found = cast(Account, request.user).exports.filter(public_id=export_id, ready_at__isnull=False).first()
    if found is None or not path_of(found).is_file():
        raise Http404
    name = f"my-badges-{timezone.localdate(found.ready_at):%Y-%m-%d}.zip"
    # Streamed from the file; Django closes it.
    archive = FileResponse(path_of(found).open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    return cast(HttpResponse, archive)
