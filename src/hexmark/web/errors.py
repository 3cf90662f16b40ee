"""The one place of the site where errors become status codes and pages."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from hexmark.errors import Conflict, DomainError, Invalid, NotConfigured, NotPermitted

logger = logging.getLogger("hexmark.web")

STATUS: dict[type[DomainError], int] = {NotPermitted: 404, Conflict: 409, Invalid: 422, NotConfigured: 503}


class DomainErrors:
    """Turns a domain error that a view did not catch into a page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for a domain error; any other error goes on."""
        if isinstance(exception, NotPermitted):
            # Byte-equal to a page that never was: a stranger must not learn which of the two it is.
            return page_not_found(request, exception)
        if isinstance(exception, DomainError):
            return render(request, "errors/refused.html", {"sentence": str(exception)}, status=_status(exception))
        return None


def _status(error: DomainError) -> int:
    """The code of the nearest kind of error that has one; a refusal of no known kind is one of what was given."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), STATUS[Invalid])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", status=403)


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from a page of ours, or the page was open for too long."""
    return render(request, "errors/csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same bytes for what is not there and for what is not yours."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a reference that stands in the log beside the error."""
    reference = secrets.token_hex(4)
    logger.error("An error page with the reference %s was shown.", reference)
    return render(request, "errors/500.html", {"reference": reference}, status=500)
