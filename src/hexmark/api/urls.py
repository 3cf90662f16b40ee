"""Every address below /api."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path, register_converter
from ninja.operation import PathView
from ninja.utils import replace_path_param_notation

from hexmark.api import reference
from hexmark.api.callers import Key
from hexmark.api.converters import Id
from hexmark.api.door import at, nowhere
from hexmark.api.v1.schema import api

app_name = "api"
register_converter(Id, "id")


def _routes() -> Iterator[tuple[str, PathView]]:
    for router in api._get_bound_routers():
        yield from router.path_operations.items()


def _methods(view: PathView) -> list[str]:
    return [method for operation in view.operations for method in operation.methods]


def _public(view: PathView) -> list[str]:
    """The methods that answer without a key."""
    open_ = [one for one in view.operations if any(isinstance(key, Key) and key.visitors for key in one.auth_callbacks)]
    return [method for operation in open_ for method in operation.methods]


def _pattern(route: str, view: PathView) -> URLPattern:
    answering = at(view.get_view(), methods=_methods(view), public=_public(view))
    return path(f"v1/{replace_path_param_notation(route).lstrip('/')}", answering, name=str(view.operations[0].operation_id))


urlpatterns = [
    path("docs", reference.page, name="docs"),
    path("v1/openapi.json", reference.document, name="document"),
    *(_pattern(route, view) for route, view in _routes()),
    re_path(r"^v1(?:/[\s\S]*)?$", nowhere, name="nowhere"),
]
