"""Open gates: who can apply, for anybody to check badges from any issuer against. No account, no cookie, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.gates.models import OpenGate
from hexmark.gates.queries import open_gate as gate_at
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.limits import IMAGE_BYTES
from hexmark.requirements import Explanation, Wording
from hexmark.requirements.rules import AllOf, Requirement
from hexmark.requirements.sentences import said
from hexmark.verification.open_gates import MEDIA_TYPE, gate_of
from hexmark.verification.qualifying import Qualification, Shown, qualify
from hexmark.web.forms.gates import GateForm, texts_in
from hexmark.web.headers import public_file, public_page
from hexmark.web.limits import too_fast
from hexmark.web.requests import Request
from hexmark.web.verify import at_link
from hexmark.web.verifying import report_on

#: A question costs up to twelve verifications, each of which may ask other servers.
RATE_A_MINUTE = 20
GATE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the gate asks for, and, once something was checked, the answer to it."""

    sentence: str
    answer: Explanation | None = None


@require_safe
def open_gate_document(request: Request, gate_id: str) -> HttpResponse:
    """The signed document, byte for byte."""
    response = public_file(_gate(gate_id).document.encode(), media_type=MEDIA_TYPE, max_age_seconds=GATE_SECONDS)
    response.headers["Content-Disposition"] = f'inline; filename="who-can-apply-{gate_id[:6]}.json"'
    return response


@csrf_exempt  # Nothing is kept or changed, so there is nothing to forge; and the page stays free of cookies.
@public_page(0)
@require_http_methods(["GET", "HEAD", "POST"])
def open_gate(request: Request, gate_id: str) -> HttpResponse:
    """What is asked for; with badges, what of it they show, what is missing and why."""
    found = _gate(gate_id)
    form = GateForm()
    answer: Qualification | None = None
    if request.method == "POST":
        form = GateForm(request.POST, request.FILES, too_large=getattr(request, "upload_too_large", False))
        if form.is_valid():
            if slower := too_fast(request, "gate", at_most=RATE_A_MINUTE):
                return slower
            answer = _answer(request, form, found)
    context = {"gate": found, "form": form, "answer": answer, "section": "verify", **_words(found, answer)}
    return render(request, "gates/open.html", context, status=422 if form.errors else 200)


def _gate(gate_id: str) -> OpenGate:
    found = gate_at(gate_id)
    if found is None:
        raise Http404
    return found


def _wording(found: OpenGate) -> Wording:
    organisation = found.organisation
    return Wording({}, organisation.word_badge, organisation.word_badge_plural)


def _answer(request: Request, form: GateForm, found: OpenGate) -> Qualification:
    given, failed = [], []
    for source, data in _sources(request, form):
        if isinstance(data, bytes):
            given.append((source, data))
        else:
            failed.append(Shown(source, sentence=str(data)))
    answer = qualify(gate_of(found.document.encode()), given, report_on=report_on, at=timezone.now(), wording=_wording(found))
    return Qualification(answer.explanation, (*answer.shown, *failed))


def _sources(request: Request, form: GateForm) -> Iterator[tuple[str, bytes | Exception]]:
    for file in form.uploads():
        yield file.name or "File", bytes(file.read(IMAGE_BYTES + 1))
    for number, text in enumerate(texts_in(form.cleaned_data["text"]), start=1):
        if not text.lower().startswith(("http://", "https://")):
            yield f"Pasted text {number}", text.encode("utf-8", "surrogatepass")
            continue
        try:
            yield text[:120], at_link(text, request)
        except (FormatError, Unreachable) as error:
            yield text[:120], error


def _words(found: OpenGate, answer: Qualification | None) -> dict[str, Any]:
    """The lines of the gate: its parts where all of them are asked for, else the whole as one."""
    requirement, wording = gate_of(found.document.encode()).requirement, _wording(found)
    parts: tuple[Requirement, ...] = requirement.parts if isinstance(requirement, AllOf) else (requirement,)
    answers: tuple[Explanation | None, ...] = (None,) * len(parts)
    if answer is not None:
        answers = answer.explanation.parts if isinstance(requirement, AllOf) else (answer.explanation,)
    lines = [Line(_capital(said(part, wording)), one) for part, one in zip(parts, answers, strict=True)]
    return {"lines": lines, "wording": wording, "checked_at": timezone.now()}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
