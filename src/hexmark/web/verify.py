"""Verifying any badge, from anybody, without an account. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hexmark.issuing.publication import own_award_id
from hexmark.issuing.queries import public_credential
from hexmark.net import fetch
from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.limits import IMAGE_BYTES
from hexmark.verification import read
from hexmark.web.requests import Request
from hexmark.web.verifying import checked_at, report_on, strip_of

ACCEPT = ("application/vc", "application/json", "application/ld+json", "image/png", "image/svg+xml", "text/plain")


class VerifyForm(forms.Form):
    """A file, a text or a link: whichever is given."""

    file = forms.FileField(
        required=False,
        label="Badge file",
        help_text="A PNG or SVG badge, or a JSON file.",
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.json,.jsonld,image/png,image/svg+xml,application/json"}),
    )
    text = forms.CharField(
        required=False,
        max_length=IMAGE_BYTES,
        label="Link or text",
        help_text="The address of a badge, or its JSON pasted here.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    recipient = forms.EmailField(
        required=False,
        label="Whose should it be?",
        help_text="Their e-mail address, to compare with the hidden one in the badge. Not kept.",
    )

    def clean(self) -> dict[str, Any]:
        """One source at least."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("text") or "").strip() and not self.errors:
            raise forms.ValidationError("Choose a file, or paste a link or text.")
        return cleaned


@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Drop a file, paste, or give a link; the answer in words."""
    given = request.POST if request.method == "POST" else {"text": request.GET["link"]} if "link" in request.GET else None
    form = VerifyForm(given, request.FILES or None)
    context: dict[str, Any] = {"form": form, "section": "verify"}
    if given is not None and form.is_valid():
        try:
            context |= _checked(form)
        except (FormatError, Unreachable) as error:
            context["unreadable"] = str(error)
            context["code"] = getattr(error, "full_code", error.code)
    return render(request, "public/verify.html", context, status=422 if form.errors else 200)


def _checked(form: VerifyForm) -> dict[str, Any]:
    text = read(_bytes_given(form)).text
    report = report_on(text, recipient=form.cleaned_data.get("recipient") or None)
    return {"report": report, "strip": strip_of(report), "summary": _summary(text), "checked_at": checked_at()}


def _bytes_given(form: VerifyForm) -> bytes:
    upload = form.cleaned_data.get("file")
    if isinstance(upload, UploadedFile):
        if (upload.size or 0) > IMAGE_BYTES:
            raise Unreachable("The file is larger than 5 MB, which no badge is.", code="PAYLOAD_TOO_LARGE")
        return bytes(upload.read())
    text = form.cleaned_data["text"].strip()
    if not text.startswith(("http://", "https://")):
        return bytes(text.encode())
    if award_id := own_award_id(text):
        credential = public_credential(award_id)
        if credential is None:
            raise Unreachable("There is no badge at this address.", code="HTTP_STATUS")
        return credential.document.encode()
    return fetch(text, accept=ACCEPT, allowed_origins=settings.ALLOWED_LOCAL_ORIGINS).body


def _summary(text: str | bytes) -> dict[str, Any]:
    """Name, issuer and achievement as the document claims them, as plain text; whatever is not text is left out."""
    document = strict_json.parse(text)
    subject = document.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and subject else subject
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    issuer = document.get("issuer")
    found = {
        "name": achievement.get("name") if isinstance(achievement, dict) else document.get("name"),
        "description": achievement.get("description") if isinstance(achievement, dict) else None,
        "issuer": issuer.get("name") or issuer.get("id") if isinstance(issuer, dict) else issuer,
        "issuer_id": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "valid_from": document.get("validFrom"),
        "valid_until": document.get("validUntil"),
    }
    return {key: value for key, value in found.items() if isinstance(value, str)}
