"""Verifying any badge, from anybody, without an account. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hexmark.catalogue.assured import Meaning, meaning_of
from hexmark.issuing.documents import ASSURANCE_TYPE
from hexmark.issuing.publication import own_award_id
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.limits import IMAGE_BYTES
from hexmark.organisations.assurance import Assurance
from hexmark.passport.queries import visible_credential
from hexmark.verification import document_of, read
from hexmark.web.forms.verify import VerifyForm
from hexmark.web.headers import public_page
from hexmark.web.limits import too_often
from hexmark.web.requests import Request
from hexmark.web.verifying import checked_at, fetch_for_site, lines_of, report_on, strip_of

ACCEPT = (
    "application/vc",
    "application/vc+jwt",
    "application/jwt",
    "application/json",
    "application/ld+json",
    "image/png",
    "image/svg+xml",
    "text/plain",
)
#: Somebody who checks a pile of badges by hand stays below it; a program uses the API.
RATE = "60/m/ip"
#: Longer text in somebody's document is not shown on the page.
LONGEST_SHOWN = 600


@csrf_exempt  # Nothing is kept or changed, so there is nothing to forge; and the page stays free of cookies.
@public_page(0)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Drop a file, paste, or give a link; the answer in words."""
    form, given = _form(request)
    context: dict[str, Any] = {"form": form, "section": "verify"}
    if given and form.is_valid():
        if slower := too_often(request, "verify", RATE):
            return slower
        try:
            context |= _checked(request, form)
        except (FormatError, Unreachable) as error:
            context |= {"unreadable": str(error), "code": getattr(error, "full_code", error.code)}
    return render(request, "public/verify.html", context, status=422 if form.errors else 200)


def _form(request: Request) -> tuple[VerifyForm, bool]:
    """The form, and whether it is to be answered now."""
    if request.method == "POST":
        given, files = request.POST, request.FILES
        return VerifyForm(given, files, too_large=getattr(request, "upload_too_large", False)), True
    link = request.GET.get("link", "").strip()
    if own_award_id(link):
        return VerifyForm({"text": link}), True
    # Following a link must not make this server ask another one: whoever came here presses the button first.
    return VerifyForm(initial={"text": link}), False


def _checked(request: Request, form: VerifyForm) -> dict[str, Any]:
    text = read(_bytes_given(request, form)).text
    report = report_on(text, recipient=form.cleaned_data.get("recipient") or None)
    return {
        "checks": lines_of(report),
        "warnings": report.warnings,
        "strip": strip_of(report),
        "claims": _claims(text),
        "checked_at": checked_at(),
    }


def _bytes_given(request: Request, form: VerifyForm) -> bytes:
    upload = form.cleaned_data.get("file")
    if isinstance(upload, UploadedFile):
        return bytes(upload.read(IMAGE_BYTES + 1))
    text: str = form.cleaned_data["text"].strip()
    if not text.lower().startswith(("http://", "https://")):
        return text.encode("utf-8", "surrogatepass")
    return at_link(text, request)


def at_link(link: str, request: Request) -> bytes:
    """What stands at this address: an award of ours as this visitor may see it, or what another server answers.

    Raises:
        Unreachable: nothing that this visitor may have.
    """
    if award_id := own_award_id(link):
        credential = visible_credential(award_id, actor=request.actor)
        if credential is None:
            raise Unreachable("There is nothing to verify at this address.", code="HTTP_STATUS")
        return credential.document.encode()
    return fetch_for_site(link, accept=ACCEPT).body


@dataclass(frozen=True, slots=True)
class Claims:
    """What a document says of itself, as plain text: worth as much as the verdict above it."""

    name: str = ""
    description: str = ""
    criteria: str = ""
    #: How surely it is shown, where it says so on our scale; and what that means.
    assurance: str = ""
    meaning: Meaning | None = None
    issuer: str = ""
    issuer_id: str = ""
    award_id: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def _claims(text: str | bytes) -> Claims:
    document = document_of(text)
    achievement = _first(_first(document.get("credentialSubject")).get("achievement"))
    issuer = document.get("issuer")
    step = _assurance(achievement)
    return Claims(
        name=_text(achievement.get("name")) or _text(document.get("name")),
        description=_text(achievement.get("description")),
        criteria=_text(_first(achievement.get("criteria")).get("narrative")),
        assurance=step.label if step else "",
        meaning=meaning_of(step) if step else None,
        issuer=_text(_first(issuer).get("name")),
        issuer_id=_text(issuer) or _text(_first(issuer).get("id")),
        award_id=own_award_id(_text(document.get("id"))),
        valid_from=_moment(document.get("validFrom")),
        valid_until=_moment(document.get("validUntil")),
    )


def _assurance(achievement: Mapping[str, Any]) -> Assurance | None:
    """The step that the achievement says it requires; None where it says nothing on our scale."""
    described = achievement.get("resultDescription")
    for one in described if isinstance(described, list) else [described]:
        if isinstance(one, dict) and one.get("resultType") == ASSURANCE_TYPE:
            return next((step for step in Assurance if step.label == one.get("requiredValue")), None)
    return None


def _first(value: object) -> dict[str, Any]:
    """The object, or the first of a list of them; an empty one for anything else."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]} …"


def _moment(value: object) -> datetime | None:
    with suppress(ValueError, OverflowError):
        return parse_datetime(value) if isinstance(value, str) else None
    return None
