"""Answering a list a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse

from hexmark.api.callers import ApiRequest
from hexmark.api.cursors import page_of
from hexmark.api.v1.shapes import PageAsked

M = TypeVar("M", bound=Model)


def listed(
    request: ApiRequest, response: HttpResponse, rows: QuerySet[M], *, order: Sequence[str], page: PageAsked
) -> tuple[list[M], str | None]:
    """The rows of this page and where the next begins, which a Link header says too.

    Raises:
        Problem: invalid, when the cursor is not of this list with these filters.
    """
    found, following = page_of(rows, order=order, cursor=page.cursor, limit=page.limit, of=_list_of(request))
    if following:
        response.headers["Link"] = f'<{_address(request, following)}>; rel="next"'
    return found, following


def _list_of(request: ApiRequest) -> str:
    """Whose list this is, with which filters: what a cursor is good for."""
    filters = sorted((name, value) for name, value in request.GET.items() if name not in ("cursor", "limit"))
    key = request.auth.key
    return f"{key.organisation_id if key else 'visitors'} {request.path} {filters}"


def _address(request: ApiRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"
