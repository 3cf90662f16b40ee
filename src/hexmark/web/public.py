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
from hexmark.web.headers import PRIVATE, asked_each_time, public_file, public_page
from hexmark.web.negotiation import preferred
from hexmark.web.requests import Request
from hexmark.web.sharing import links_of
from hexmark.web.sheets import sample_sheet
from hexmark.web.verifying import checked_at, lines_of, report_on_own, strip_of

HTML, CREDENTIAL, JSON, PNG, SVG = "text/html", "application/vc", "application/json", "image/png", "image/svg+xml"
PDF = "application/pdf"
W3C_TOKEN, TOKEN = "application/vc+jwt", "application/jwt"
#: What `/a/<id>.<form>` answers; `json` and `jwt` where the credential was signed so.
FORMS = {"json": CREDENTIAL, "png": PNG, "svg": SVG, "pdf": PDF}
#: The menu of downloads, in its order.
_DOWNLOADS = (
    ("png", "Picture with the signed file (PNG)"),
    ("svg", "The same as a drawing (SVG)"),
    ("pdf", "Certificate (PDF)"),
    ("json", "Signed file (JSON)"),
    ("jwt", "Signed file as a token (JWT)"),
)
_ICONS = {"png": "award", "svg": "award", "pdf": "printer", "json": "file-check", "jwt": "file-check"}


@require_safe
@public_page(0)
def award(request: Request, award_id: str) -> HttpResponse:
    """One award: for people a page with the verdict first, for programs the signed file or the picture that carries it."""
    credential = _credential(request, award_id)
    wanted = preferred(request.headers.get("Accept", ""), (HTML, *_signed_types(credential), PNG, SVG))
    if wanted != HTML:
        return asked_each_time(request, _as_file(credential, wanted))
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
        "downloads": [(form, label, _ICONS[form]) for form, label in _DOWNLOADS if form in _forms(credential)],
        "is_holder": is_holder(credential, entry_of(credential), request.actor),
    }
    with timezone.override(version.achievement.organisation.zone):
        # The last day counts, in the issuer's own time.
        response = render(request, "public/award.html", context)
    # The id in the address is the key to the page: it must not be left in search engines.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = ", ".join(
        f'<{credential.url}.{form}>; rel="alternate"; type="{kind}"' for form, kind in _forms(credential).items()
    )
    return response


@require_safe
def award_file(request: Request, award_id: str, form: str) -> HttpResponse:
    """The signed file, or the picture that carries it, by its ending."""
    credential = _credential(request, award_id)
    if form not in (forms := _forms(credential)):
        raise Http404
    response = _as_file(credential, forms[form])
    response.headers["Content-Disposition"] = f'attachment; filename="badge-{award_id[:8]}.{form}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return asked_each_time(request, response)


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


def _forms(credential: Credential) -> dict[str, str]:
    """What this credential can be had as: how it was signed decides it, and never changes."""
    forms = {"jwt": credential.token_type, **FORMS} if credential.compact else FORMS
    return {form: kind for form, kind in forms.items() if form != "json" or not credential.is_token}


def _signed_types(credential: Credential) -> tuple[str, ...]:
    """Media types under which its signed text can be asked for, the first being what it is when any will do."""
    token = {credential.token_type: None, TOKEN: None} if credential.compact else {}
    return (*(() if credential.is_token else (CREDENTIAL, JSON, "application/ld+json")), *token)


def _as_file(credential: Credential, kind: str) -> HttpResponse:
    if kind == PNG:
        response = public_file(baked_png(credential), media_type=PNG)
    elif kind == SVG:
        response = public_file(baked_svg(credential), media_type=SVG)
    elif kind == PDF:
        response = public_file(certificate_pdf(credential), media_type=PDF)
    elif kind in (TOKEN, W3C_TOKEN):
        response = public_file(credential.compact.encode(), media_type=kind)
    else:
        response = public_file(credential.document.encode(), media_type=kind)
    if not is_for_everybody(credential):
        # For this visitor alone: no cache may give it to the next.
        response.headers["Cache-Control"] = PRIVATE
        del response.headers["Access-Control-Allow-Origin"]
    return response
