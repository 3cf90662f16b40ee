"""The W3C's VC-API for other software, one for each organisation that opened it: sign, change a status, verify.

Its shapes are the W3C's and not ours, so it stands beside the API proper, with the same keys and allowances.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from hexmark.access import Scope
from hexmark.api.allowances import spend
from hexmark.api.callers import Caller, Key, caller_of
from hexmark.api.problems import Problem, of_domain, of_surprise
from hexmark.errors import DomainError
from hexmark.issuing.choosing import vc_api_is_open
from hexmark.issuing.models import Purpose
from hexmark.issuing.reports import check_presentation, report_on
from hexmark.issuing.requested import issue_requested, readable, set_requested_status
from hexmark.issuing.settings_models import RequestedCredential
from hexmark.openbadges import presentation, schema
from hexmark.openbadges.checks.sources import items_of
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Axis, Outcome
from hexmark.organisations.actions import note_use

Answer = tuple[int, dict[str, Any]]
Operation = Callable[[Caller, dict[str, Any], str], Answer]

#: Codes of the data model itself; the others are those of Data Integrity and its neighbours.
_DATA_MODEL = frozenset({"PARSING_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR", "MALFORMED_VALUE_ERROR", "RANGE_ERROR"})
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"})
_MEDIA_TYPE = "application/problem+json"


def _operation(run: Operation) -> Callable[..., HttpResponse]:
    @csrf_exempt  # No cookie says who calls.
    @wraps(run)
    def answered(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            if request.method != "POST":
                raise Problem("method-not-allowed", headers={"Allow": "POST"})
            caller = _caller(request, slug)
            status, body = run(caller, readable(request.body), request.body.decode("utf-8", "replace"))
            assert caller.key is not None
            note_use(caller.key)
        except Problem as problem:
            return problem.response()
        except DomainError as error:
            return of_domain(error).response()
        except FormatError as error:
            return HttpResponse(
                json.dumps({"status": 400, **_detail(error.code, error.detail, str(error))}), status=400, content_type=_MEDIA_TYPE
            )
        except Exception as error:  # noqa: BLE001 (as in the API proper)
            return of_surprise(error)
        return JsonResponse(body, status=status)

    return answered


def _caller(request: HttpRequest, slug: str) -> Caller:
    """Whoever holds a key of this organisation for this interface; for everybody else it does not exist.

    Raises:
        Problem: no-key, not-permitted, not-found, too-many-requests.
    """
    caller = caller_of(request)
    spend(request, caller.key)
    Key(Scope.VC_API).check(caller)
    if caller.organisation.slug != slug or not vc_api_is_open(caller.organisation.pk):
        raise Problem("not-found")
    return caller


@_operation
def issue(caller: Caller, body: dict[str, Any], sent: str) -> Answer:
    """The credential, signed as the organisation signs, with a status of its own. Source: VC-API, 3.2.1."""
    _only(body, {"credential", "options"})
    row = issue_requested(caller.organisation, request=sent, credential=_object(body, "credential"), actor=caller.actor)
    if row.document.startswith("{"):
        return 201, {"verifiableCredential": json.loads(row.document)}
    envelope = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "EnvelopedVerifiableCredential"}
    return 201, {"verifiableCredential": {**envelope, "id": f"data:application/vc+jwt,{row.document}"}}


@_operation
def change_status(caller: Caller, body: dict[str, Any], sent: str) -> Answer:
    """The status of what was signed here is as asked. Source: VC-API, 3.3.2."""
    _only(body, {"credentialId", "credentialStatus", "status"})
    declared, value = _object(body, "credentialStatus"), body.get("status", True)
    purpose = declared.get("statusPurpose")
    if purpose not in Purpose.values or not isinstance(value, bool):
        raise FormatError("The purpose is revocation or suspension, and the status true or false.")
    signed = RequestedCredential.objects.filter(organisation=caller.organisation, issued_at__isnull=False)
    named = body.get("credentialId")
    found = signed.filter(credential_id=named).first() if isinstance(named, str) else None
    if found is None:
        raise Problem("not-found")
    set_requested_status(found, purpose=Purpose(purpose), value=value, actor=caller.actor)
    return 200, {}


@_operation
def verify(caller: Caller, body: dict[str, Any], sent: str) -> Answer:
    """Whether a credential verifies, with everything that is wrong. Source: VC-API, 3.3.1."""
    _only(body, {"verifiableCredential", "options"})
    problems = _problems_of(_document(body, "verifiableCredential"))
    return 200, {"verified": not problems, "problemDetails": problems}


@_operation
def verify_presentation(caller: Caller, body: dict[str, Any], sent: str) -> Answer:
    """Whether a presentation is its holder's, made for this challenge and domain, and all that it shows verifies. Source: VC-API, 3.3.3."""
    _only(body, {"verifiablePresentation", "options"})
    document, options = _object(body, "verifiablePresentation"), body.get("options", {})
    if not isinstance(options, dict):
        raise FormatError("Options are an object.", code="PARSING_ERROR")
    shown = presentation.credentials_in(document)
    problems: list[dict[str, Any]] = []
    try:
        check_presentation(document, challenge=_text(options, "challenge"), domain=_text(options, "domain"))
    except FormatError as error:
        problems.append(_detail(error.code, error.detail, str(error)))
    except Unreachable as error:
        problems.append(_detail(error.code, None, str(error)))
    inside = [_problems_of(each) for each in shown]
    results = [{"verified": not found, "problemDetails": found} for found in inside]
    problems += [problem for found in inside for problem in found]
    return 200, {"verified": not problems, "problemDetails": problems, "credentialResults": results}


def _problems_of(document: Mapping[str, Any] | str) -> list[dict[str, Any]]:
    """What stands between this credential and a yes: everything that failed, and everything that could not be found out."""
    try:
        report = report_on(document if isinstance(document, str) else json.dumps(document, ensure_ascii=False))
    except FormatError as error:
        return [_detail(error.code, error.detail, str(error))]
    bad = [check for check in report.checks if check.outcome in (Outcome.FAILED, Outcome.UNKNOWN)]
    if isinstance(document, str) or _BADGES & {name for name in items_of(document.get("type")) if isinstance(name, str)}:
        return [_detail(check.code or "", None, check.sentence) for check in bad]
    # Credentials of any kind can be verified here: what only a badge must have is asked of badges alone.
    found = [_detail(check.code or "", None, check.sentence) for check in bad if check.axis is not Axis.SCHEMA]
    form = [problem for problem in schema.credential_problems(document) if not problem.is_warning]
    return found + [_detail(problem.code, None, problem.message) for problem in form]


def _detail(code: str, detail: str | None, sentence: str) -> dict[str, Any]:
    """One of the W3C's problem details (VCDM 2.0, 7.4; Data Integrity 1.0, 3.6)."""
    code, _, narrower = code.partition("/")
    base = "https://www.w3.org/TR/vc-data-model#" if code in _DATA_MODEL else "https://w3id.org/security#"
    more = {"code": detail or narrower} if detail or narrower else {}
    return {"type": base + code, "title": code.replace("_", " ").capitalize(), "detail": sentence, **more}


def _only(body: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(body) - known):
        raise FormatError(f"Not known here: {', '.join(unknown)[:200]}.")


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise FormatError(f"“{name}” is an object.", pointer=f"/{name}")
    return value


def _document(body: dict[str, Any], name: str) -> dict[str, Any] | str:
    value = body.get(name)
    return value if isinstance(value, str) and value else _object(body, name)


def _text(options: dict[str, Any], name: str) -> str | None:
    value = options.get(name)
    if value is not None and not isinstance(value, str):
        raise FormatError(f"“{name}” is text.")
    return value


urlpatterns = [
    path("credentials/issue", issue, name="vc_api_issue"),
    path("credentials/status", change_status, name="vc_api_status"),
    path("credentials/verify", verify, name="vc_api_verify"),
    path("presentations/verify", verify_presentation, name="vc_api_verify_presentation"),
]
