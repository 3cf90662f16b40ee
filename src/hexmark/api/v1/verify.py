"""Verifying any badge, from anybody. Nothing of it is kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from ninja import Router
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from hexmark.access import ANONYMOUS, Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.door import CHANGES_NOTHING
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.shapes import Given, Shown
from hexmark.issuing.publication import own_award_id
from hexmark.issuing.reports import fetch_for_site, report_on
from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Report
from hexmark.passport.queries import visible_credential
from hexmark.verification import read

router = Router(tags=["Verify"])
ACCEPT = ("application/vc", "application/vc+jwt", "application/json", "application/ld+json", "image/png", "image/svg+xml", "text/plain")


def _document(value: Any) -> Any:
    if value is None or isinstance(value, dict) or (isinstance(value, str) and value):
        return value
    raise ValueError("Give the document as an object, or as a string.")


Document = Annotated[Any, BeforeValidator(_document), WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string", "minLength": 1}]})]


class ToVerify(Given):
    """A badge, in exactly one of two ways."""

    credential: Annotated[Document | None, Field(description="The document as JSON, or as a string: JSON text, or a token (JWT).")] = None
    url: Annotated[str | None, Field(min_length=8, max_length=2000, description="Where it stands: a document, or a baked picture.")] = None
    recipient: Annotated[str | None, Field(max_length=320, description="An e-mail address to compare with the hashed recipient.")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.credential is None) == (self.url is None):
            raise ValueError("Give either a credential or a url.")
        return self


class CheckShown(Shown):
    """One answered question. Unknown means that a source could not be reached."""

    axis: Literal["integrity", "issuer", "status", "time", "schema", "recipient", "endorsements"]
    outcome: Literal["passed", "failed", "skipped", "unknown"]
    sentence: str
    code: Annotated[str | None, Field(description="Stable, for programs; null when passed or skipped.")]
    details: dict[str, Any]


class ReportShown(Shown):
    """What was found. Only `verified` is good: `unknown` is never to be shown as if it were."""

    verdict: Literal["verified", "not valid", "unknown"]
    checks: list[CheckShown]
    warnings: list[str]

    @classmethod
    def of(cls, report: Report) -> ReportShown:
        """Every check, in order."""
        return cls.model_validate(report.to_json())


@router.post(
    "/verify",
    response=ReportShown,
    auth=Key(Scope.VERIFY, visitors=True),
    operation_id="verify",
    summary="Verify a badge",
    openapi_extra={CHANGES_NOTHING: True},
)
def verify(request: ApiRequest, given: ToVerify) -> ReportShown:
    """The report on a badge from any issuer, on every axis. Needs no key; with one of scope `verify` more requests are allowed."""
    try:
        return ReportShown.of(report_on(_text(given), recipient=given.recipient or None))
    except (FormatError, Unreachable) as error:
        field = "url" if given.credential is None else "credential"
        detail = f"{error} ({getattr(error, 'full_code', error.code)})"
        raise Problem("invalid", detail, errors=[pointing(field, detail=detail)]) from error


def _text(given: ToVerify) -> str | bytes:
    if isinstance(given.credential, str):
        return read(given.credential.encode("utf-8", "surrogatepass")).text
    if given.credential is not None:
        return strict_json.dump(given.credential)
    assert given.url is not None
    if not (award_id := own_award_id(given.url)):
        return read(fetch_for_site(given.url, accept=ACCEPT).body).text
    # As anybody would see it: a key shows nothing here that the world does not see.
    credential = visible_credential(award_id, actor=ANONYMOUS)
    if credential is None:
        raise Unreachable("There is no badge at this address.", code="HTTP_STATUS")
    return credential.document
