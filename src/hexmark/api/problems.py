"""Every error of the API as a problem document (RFC 9457), and the one place where errors of the domain become status codes."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse

from hexmark.errors import Conflict, DomainError, Invalid, NotConfigured, NotPermitted
from hexmark.openbadges.errors import FormatError

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger("hexmark.api")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its place in the reference, its status and what it means."""

    name: str
    status: int
    title: str
    meaning: str


_KINDS = (
    Kind("unreadable", 400, "The request cannot be read", "The body is no JSON object, says a key twice, or nests too deeply."),
    Kind("no-key", 401, "A key is needed", "There is no key in the Authorization header, or it opens nothing any more."),
    Kind("not-permitted", 403, "The key may not do this", "The key lacks a scope, or nobody with its rights may do this."),
    Kind("not-found", 404, "There is nothing here", "It never was, or it belongs to somebody else: the answer is the same."),
    Kind("method-not-allowed", 405, "Not with this method", "The Allow header names the methods of this address."),
    Kind("not-acceptable", 406, "Not in that form", "The Accept header allows none of the forms in which this address answers."),
    Kind("conflict", 409, "Not in this state", "The thing is not in the state that the call needs. Nothing was changed."),
    Kind("in-progress", 409, "The same call is being answered", "A call with this Idempotency-Key is not answered yet. Ask again."),
    Kind("changed-meanwhile", 412, "It was changed meanwhile", "If-Match names another state than the present one. Read it again."),
    Kind("too-large", 413, "Too large", "A body may have 1 MiB."),
    Kind("unsupported-media-type", 415, "Not this media type", "Bodies are application/json in UTF-8, without compression."),
    Kind("invalid", 422, "Something cannot be used", "`errors` names each field by a pointer, or each parameter. Nothing was changed."),
    Kind("key-reused", 422, "The Idempotency-Key was used for another call", "Make a new key for each call that is not a repetition."),
    Kind("too-many-requests", 429, "Too many requests", "Wait for as many seconds as Retry-After says."),
    Kind("internal", 500, "Something went wrong here", "It is logged under `reference`. What was begun was not done."),
    Kind("not-configured", 503, "Not set up yet", "The installation lacks something; the detail says what."),
)
#: By name, in the order of the reference.
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
#: The nearest kind of error that stands here decides. A refusal of an act on one's own thing is told, not hidden: what belongs to
#: others was not found before.
_OF_ERRORS: Mapping[type[DomainError], str] = {
    NotPermitted: "not-permitted",
    Conflict: "conflict",
    Invalid: "invalid",
    NotConfigured: "not-configured",
}


class Problem(Exception):
    """The request ends here, with this answer."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = KINDS[kind]
        self.detail = detail or self.kind.meaning
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self, **more: str) -> HttpResponse:
        """The answer; `more` stands in the document as well."""
        document: dict[str, object] = {
            "type": f"{settings.PUBLIC_URL}/api/docs#problem-{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [dict(error) for error in self.errors]
        body = json.dumps(document | more)
        return HttpResponse(body, status=self.kind.status, content_type=MEDIA_TYPE, headers=self.headers)


def of_domain(error: DomainError) -> Problem:
    """The problem that a refusal of the domain is; its field becomes a pointer into the body."""
    name = next((_OF_ERRORS[kind] for kind in type(error).__mro__ if kind in _OF_ERRORS), "invalid")
    errors = [pointing(error.field, detail=str(error))] if error.field else []
    return Problem(name, str(error), errors=errors)


def of_format(error: FormatError) -> Problem:
    """The problem of a body, or of a document in it, that cannot be read."""
    return Problem("too-large" if error.detail == "DOCUMENT_BYTES" else "unreadable", str(error))


def pointing(*path: object, detail: str) -> dict[str, str]:
    """One entry of `errors`: where in the body (RFC 6901), and what is wrong there."""
    return {"pointer": "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path), "detail": detail}


def of_surprise(error: Exception) -> HttpResponse:
    """500, with a reference that stands in the log beside the error."""
    reference = secrets.token_hex(4)
    logger.error("An API call failed with the reference %s.", reference, exc_info=error)
    return Problem("internal").response(reference=reference)
