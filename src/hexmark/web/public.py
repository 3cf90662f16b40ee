"""Pages that need no account."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.queries import public_version, published_versions
from hexmark.files.markdown import to_html
from hexmark.issuing.documents import achievement_document
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import baked_png, baked_svg
from hexmark.openbadges import strict_json
from hexmark.openbadges.model import CONTEXTS
from hexmark.organisations.identity import profile_document
from hexmark.organisations.models import Organisation
from hexmark.passport.queries import entry_of, is_for_everybody, is_holder, visible_credential
from hexmark.people.queries import needs_set_up
from hexmark.web.headers import PRIVATE, public_file, public_page
from hexmark.web.negotiation import preferred
from hexmark.web.requests import Request
from hexmark.web.verifying import checked_at, lines_of, report_on_own, strip_of

HTML, CREDENTIAL, JSON, PNG, SVG = "text/html", "application/vc", "application/json", "image/png", "image/svg+xml"
#: What `/a/<id>.<form>` answers.
FORMS = {"json": CREDENTIAL, "png": PNG, "svg": SVG}
#: Pages that say nothing about anybody's state may be kept a little while.
PAGE_SECONDS = 300


@require_safe
@public_page(0)
def home(request: Request) -> HttpResponse:
    """The front page: what this is, and the way in; one's own badges for whoever is signed in."""
    if request.person is not None:
        return redirect("me")
    return render(request, "public/home.html", {"needs_set_up": needs_set_up(), "section": "home"})


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
        "checks": lines_of(report),
        "strip": strip_of(report, issuer_name=version.achievement.organisation.name),
        "checked_at": checked_at(),
        "section": "award",
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
@public_page(PAGE_SECONDS)
def achievement(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """What can be achieved and how: a page for people, the Open Badges document for programs."""
    version = public_version(slug, number)
    if version is None:
        raise Http404
    if preferred(request.headers.get("Accept", ""), (HTML, JSON, "application/ld+json")) != HTML:
        return public_file(strict_json.dump({"@context": list(CONTEXTS)} | achievement_document(version).to_json()), media_type=JSON)
    return render(request, "public/achievement.html", _achievement_context(version))


@require_safe
@public_page(PAGE_SECONDS)
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """Who issues: a page for people, the issuer profile for programs."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    if preferred(request.headers.get("Accept", ""), (HTML, JSON, "application/ld+json")) != HTML:
        return public_file(strict_json.dump(profile_document(organisation)), media_type=JSON)
    return render(
        request, "public/issuer.html", {"issuer": organisation, "versions": published_versions(organisation), "section": "issuer"}
    )


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
    return render(request, "styleguide.html")


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
    else:
        response = public_file(credential.document.encode(), media_type=kind)
    if not is_for_everybody(credential):
        # For this visitor alone: no cache may give it to the next.
        response.headers["Cache-Control"] = PRIVATE
        del response.headers["Access-Control-Allow-Origin"]
    return response


def _achievement_context(version: AchievementVersion) -> dict[str, object]:
    return {
        "version": version,
        "issuer": version.achievement.organisation,
        "criteria": to_html(version.criteria),
        "retired": version.state == AchievementVersion.State.RETIRED,
        "newer": public_version(version.achievement.slug) if version.state == AchievementVersion.State.RETIRED else None,
        "section": "achievement",
    }
