"""Pages that need no account."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.catalogue.assured import meaning_of, steps_of
from hexmark.files.markdown import to_html
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import baked_png, baked_svg
from hexmark.passport.queries import entry_of, is_for_everybody, is_holder, visible_credential
from hexmark.web.cards import certificate_pdf
from hexmark.web.headers import PRIVATE, public_file, public_page
from hexmark.web.negotiation import preferred
from hexmark.web.requests import Request
from hexmark.web.sharing import links_of
from hexmark.web.sheets import sample_sheet
from hexmark.web.verifying import checked_at, lines_of, report_on_own, strip_of

HTML, CREDENTIAL, JSON, PNG, SVG = "text/html", "application/vc", "application/json", "image/png", "image/svg+xml"
PDF = "application/pdf"
#: What `/a/<id>.<form>` answers.
FORMS = {"json": CREDENTIAL, "png": PNG, "svg": SVG, "pdf": PDF}


@require_safe
@public_page(0)
def award(request: Request, award_id: str) -> HttpResponse:
    """One award: for people a page with the verdict first, for programs the signed file or the picture that carries it."""
    credential = _credential(request, award_id)
    wanted = preferred(request.headers.get("Accept", ""), (HTML, CREDENTIAL, JSON, "application/ld+json", PNG, SVG))
    if wanted != HTML:
        return _as_file(credential, wanted)
    report = report_on_own(credential)
    version = credential.award.version
    context = {
        "credential": credential,
        "award": credential.award,
        "version": version,
        "issuer": version.achievement.organisation,
        "criteria": to_html(version.criteria),
        "meaning": meaning_of(version.assurance),
        "steps": steps_of(version),
        "checks": lines_of(report),
        "strip": strip_of(report, issuer_name=version.achievement.organisation.name),
        "checked_at": checked_at(),
        "section": "award",
        "links": links_of(credential),
        "for_everybody": is_for_everybody(credential),
        "is_holder": is_holder(credential, entry_of(credential), request.actor),
    }
    with timezone.override(version.achievement.organisation.zone):
        # The last day counts, in the issuer's own time.
        response = render(request, "public/award.html", context)
    # The id in the address is the key to the page: it must not be left in search engines.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = ", ".join(f'<{credential.url}.{form}>; rel="alternate"; type="{kind}"' for form, kind in FORMS.items())
    return response


@require_safe
def award_file(request: Request, award_id: str, form: str) -> HttpResponse:
    """The signed file, or the picture that carries it, by its ending."""
    if form not in FORMS:
        raise Http404
    response = _as_file(_credential(request, award_id), FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="badge-{award_id[:8]}.{form}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def sign_up_closed(request: HttpRequest) -> HttpResponse:
    """Accounts are not opened by a form: back to signing in."""
    return redirect(reverse("account_login"))


@require_safe
def account_inactive(request: HttpRequest) -> HttpResponse:
    """The account was closed."""
    return render(
        request, "errors/refused.html", {"sentence": "This account is closed. Ask a badge administrator if that is a mistake."}, status=403
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "styleguide.html", {"sheet": sample_sheet()})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _credential(request: Request, award_id: str) -> Credential:
    """What this visitor may see; for others it is a page that never was."""
    credential = visible_credential(award_id, actor=request.actor)
    if credential is None:
        raise Http404
    return credential


def _as_file(credential: Credential, kind: str) -> HttpResponse:
    if kind == PNG:
        response = public_file(baked_png(credential), media_type=PNG)
    elif kind == SVG:
        response = public_file(baked_svg(credential), media_type=SVG)
    elif kind == PDF:
        response = public_file(certificate_pdf(credential), media_type=PDF)
    else:
        response = public_file(credential.document.encode(), media_type=kind)
    if not is_for_everybody(credential):
        # For this visitor alone: no cache may give it to the next.
        response.headers["Cache-Control"] = PRIVATE
        del response.headers["Access-Control-Allow-Origin"]
    return response
