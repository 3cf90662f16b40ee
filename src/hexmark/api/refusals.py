"""Which problem each error is that a route, an action or the framework raises."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from hexmark.api import problems
from hexmark.api.problems import Problem, pointing
from hexmark.errors import DomainError
from hexmark.openbadges.errors import FormatError

#: The framework has handlers of its own for these, which must not answer.
HANDLED = (Exception, HttpError, ValidationError, Http404)


def answer_to(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The problem document of this error; for one that nobody foresaw, 500 with a reference."""
    assert isinstance(error, Exception)
    problem = _problem_of(error)
    return problem.response() if problem else problems.of_surprise(error)


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, HttpError) and isinstance(error.__cause__, FormatError):
        # The framework hides what the parser said behind an error of its own.
        error = error.__cause__
    if isinstance(error, Problem):
        return error
    if isinstance(error, DomainError):
        return problems.of_domain(error)
    if isinstance(error, FormatError):
        return problems.of_format(error)
    if isinstance(error, ValidationError):
        return Problem("invalid", "Some fields cannot be used.", errors=[_place(one) for one in error.errors])
    return Problem("not-found") if isinstance(error, Http404) else None


def _place(error: dict[str, Any]) -> dict[str, str]:
    """Where the mistake is, in the terms of the request, and what is wrong."""
    source, *path = error["loc"]
    detail = str(error["msg"]).removeprefix("Value error, ")
    if source == "body":
        # The first step is the name of the route's own argument.
        return pointing(*path[1:], detail=detail)
    return {"parameter": str(path[0]) if path else "", "detail": detail}
