"""The reference of the API: the OpenAPI document as a file, and as a page that needs no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hexmark.access import SCOPES, Scope
from hexmark.api.allowances import WINDOW_SECONDS
from hexmark.api.description import openapi, openapi_text
from hexmark.api.door import OPEN
from hexmark.api.entity_tags import tagged
from hexmark.api.problems import KINDS
from hexmark.api.samples import sample, sample_body

FILE_SECONDS = 300
_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or member, in words."""

    name: str
    kind: str
    needed: bool
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation."""

    status: str
    text: str
    shape: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    scopes: str
    open_to_visitors: bool
    parameters: list[Field]
    body: str
    answers: list[Answer]
    curl: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of object."""

    name: str
    text: str
    fields: list[Field]


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """openapi.json, for generators of clients."""
    response = HttpResponse(_text(), content_type="application/json", headers=dict(OPEN))
    response.headers["Cache-Control"] = f"public, max-age={FILE_SECONDS}"
    return tagged(request, response)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, answers and a call to copy."""
    made = openapi()
    tags: dict[str, list[Call]] = {}
    for call, tag in _calls(made):
        tags.setdefault(tag, []).append(call)
    context = {
        "tags": tags,
        "shapes": [_shape(name, schema) for name, schema in made["components"]["schemas"].items()],
        "problems": KINDS.values(),
        "scopes": [(scope.value, _permissions(scope)) for scope in Scope],
        "base": f"{settings.PUBLIC_URL}/api/v1",
        "key_rate": settings.API_KEY_RATE,
        "visitor_rate": settings.API_VISITOR_RATE,
        "window_seconds": WINDOW_SECONDS,
        "section": "api_docs",
    }
    return render(request, "api/reference.html", context)


@cache
def _text() -> bytes:
    return openapi_text().encode()


def _permissions(scope: Scope) -> str:
    names = sorted(permission.value.replace("_", " ") for permission in SCOPES[scope])
    return ", ".join(names) or "verify more often than a visitor"


def _calls(made: Mapping[str, Any]) -> Iterator[tuple[Call, str]]:
    for path, methods in made["paths"].items():
        for method, details in methods.items():
            security = details["security"]
            body = details.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            text, _, _ = str(details["description"]).partition("\n\nNeeds the scope")
            call = Call(
                name=details["operationId"],
                method=method.upper(),
                path=path,
                summary=details["summary"],
                text=text,
                scopes=" ".join(scope for one in security for scope in one.get("key", [])),
                open_to_visitors={} in security,
                parameters=[_parameter(one) for one in details["parameters"]],
                body=_kind(body) if body else "",
                answers=[_answer(status, one) for status, one in details["responses"].items() if status < "4"],
                curl=_curl(method, path, details, body, made["components"]["schemas"]),
            )
            yield call, details["tags"][-1]


def _parameter(parameter: Mapping[str, Any]) -> Field:
    place = {"path": "address", "query": "parameter", "header": "header"}[parameter["in"]]
    return Field(parameter["name"], _kind(parameter["schema"]), parameter["required"], parameter.get("description", ""), place)


def _answer(status: str, answer: Mapping[str, Any]) -> Answer:
    content = answer.get("content", {})
    shape = " or ".join(f"{_kind(one['schema'])}" if form == "application/json" else form for form, one in content.items())
    return Answer(status, answer["description"], shape)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    needed = schema.get("required", [])
    fields = [Field(one, _kind(each), one in needed, each.get("description", "")) for one, each in schema.get("properties", {}).items()]
    return Shape(name, schema.get("description", ""), fields)


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_SCHEMAS)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "enum" in schema:
        values = [str(value) for value in schema["enum"]]
        return "one of " + ", ".join(values) if len(values) <= 8 else f"one of {len(values)} words, such as {values[0]}"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    named = {"date-time": "moment", "date": "day", "uri": "address"}
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null", "object": "object"}
    return named.get(str(schema.get("format")), words.get(str(schema.get("type")), "anything"))


def _curl(method: str, path: str, details: Mapping[str, Any], body: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    for parameter in details["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", sample(parameter["name"]))
    lines = [f"curl{'' if method == 'get' else f' --request {method.upper()}'} {settings.PUBLIC_URL}{path}"]
    if {} not in details["security"]:
        lines.append('--header "Authorization: Bearer $API_KEY"')
    if body:
        lines += ['--header "Content-Type: application/json"', f"--data '{sample_body(body, schemas)}'"]
    return " \\\n  ".join(lines)
