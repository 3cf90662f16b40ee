"""What every call passes, in this order: form of the answer, key, allowance, scopes, form of the request, and only then its route."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja.operation import Operation

from hexmark.api import problems
from hexmark.api.allowances import Spent, spend
from hexmark.api.bodies import check_accept, check_body, check_query
from hexmark.api.callers import Caller, Key, caller_of
from hexmark.api.entity_tags import tagged
from hexmark.api.idempotency import by_itself, once, wholly
from hexmark.api.problems import Problem
from hexmark.organisations.actions import note_use

Run = Callable[..., HttpResponseBase]
#: What an operation may say of itself besides its shape; none of it stands in the published document.
CHANGES_NOTHING, BY_ITSELF, FORMS = "x-changes-nothing", "x-by-itself", "x-forms"
#: A private cache may keep an answer and must ask whether it still holds.
PRIVATE = "private, no-cache"
#: Browsers of other sites may read what visitors may read; never with a key.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operation says of itself."""

    needs: Key
    parameters: frozenset[str]
    takes_body: bool
    #: Whether it changes something: then it happens wholly or not at all, and once per Idempotency-Key.
    changes: bool
    within: Callable[[Callable[[], HttpResponse]], HttpResponse]
    forms: tuple[str, ...]

    @classmethod
    def of(cls, operation: Operation) -> Rules:
        """Read from the operation's declaration."""
        by_source: dict[str, set[str]] = {}
        for model in operation.models:
            names = getattr(model, "__ninja_flatten_map__", None) or model.model_fields
            by_source.setdefault(str(model.__ninja_param_source__), set()).update(names)
        extra = operation.openapi_extra or {}
        return cls(
            needs=cast(Key, operation.auth_callbacks[0]),
            parameters=frozenset(by_source.get("query", ())),
            takes_body="body" in by_source,
            changes=operation.methods != ["GET"] and not extra.get(CHANGES_NOTHING),
            within=by_itself if extra.get(BY_ITSELF) else wholly,
            forms=tuple(extra.get(FORMS, ("application/json",))),
        )


def guarded(run: Run) -> Run:
    """The operation behind the door. Whatever happens, the answer is one of the API's own."""
    operation = cast(Operation, run.__self__)  # type: ignore[attr-defined]

    @wraps(run)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        rules = Rules.of(operation)
        headers: dict[str, str] = {}
        try:
            response = _answer(request, rules, headers, lambda: cast(HttpResponse, run(request, **parts)))
        except Problem as problem:
            response = problem.response()
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", PRIVATE)
        patch_vary_headers(response, ["Accept", "Authorization"])
        return response

    return answered


def _answer(request: HttpRequest, rules: Rules, headers: dict[str, str], call: Callable[[], HttpResponse]) -> HttpResponse:
    if rules.needs.visitors:
        headers.update(OPEN)
    # Problems are always acceptable: whoever asks for a form that we do not have is told so in the one that we have.
    check_accept(request, rules.forms)
    caller = _let_in(request, headers)
    rules.needs.check(caller)
    request.auth = caller  # type: ignore[attr-defined]
    check_query(request, rules.parameters)
    if request.method != "GET":
        check_body(request, wanted=rules.takes_body)
    response = once(request, caller.key, call, within=rules.within) if rules.changes and caller.key else call()
    if caller.key:
        note_use(caller.key)
    return tagged(request, response) if response.status_code == 200 else response


def _let_in(request: HttpRequest, headers: dict[str, str]) -> Caller:
    """The caller, after one request of their allowance is spent; who comes with a bad key spends a visitor's."""
    try:
        caller = caller_of(request)
    except Problem:
        _tell(spend(request, None), headers)
        raise
    _tell(spend(request, caller.key), headers)
    return caller


def _tell(spent: Spent | None, headers: dict[str, str]) -> None:
    headers.update(spent.headers if spent else {})


def at(view: Callable[..., HttpResponseBase], *, methods: Collection[str], public: Collection[str]) -> Callable[..., HttpResponseBase]:
    """The view of one address, which also answers HEAD and OPTIONS, and any other method with 405. `public`: methods open to visitors."""
    allowed = sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})

    @csrf_exempt  # No cookie says who calls, so there is nothing that another site could make a browser send along.
    def answered(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _options(allowed, public)
        head, request.method = request.method == "HEAD", "GET" if request.method == "HEAD" else request.method
        if request.method not in methods:
            return Problem("method-not-allowed", headers={"Allow": ", ".join(allowed)}).response()
        try:
            response = view(request, **parts)
        except Exception as error:  # noqa: BLE001 (the last place where a program's surprise can become an answer of the API)
            response = problems.of_surprise(error)
        return _without_body(cast(HttpResponse, response)) if head else response

    return answered


@csrf_exempt  # As every address here: the answer to whoever comes from another site is the same.
def nowhere(request: HttpRequest) -> HttpResponse:
    """404 for every other address below the API."""
    return Problem("not-found").response()


def _options(allowed: Collection[str], public: Collection[str]) -> HttpResponse:
    headers: Mapping[str, str] = {"Allow": ", ".join(allowed)}
    if public:
        asked = {"Access-Control-Allow-Methods": ", ".join(public), "Access-Control-Allow-Headers": "Content-Type"}
        headers = {**headers, **OPEN, **asked, "Access-Control-Max-Age": "86400"}
    return HttpResponse(status=204, headers=headers)


def _without_body(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Length"] = str(len(response.content))
    response.content = b""
    return response
