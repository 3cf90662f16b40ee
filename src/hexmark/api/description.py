"""The API's OpenAPI 3.1 document: what the framework knows of the routes, and what every call has in common."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ninja.operation import Operation

from hexmark.access import Scope
from hexmark.api.callers import Key
from hexmark.api.door import BY_ITSELF, CHANGES_NOTHING, FORMS, Rules
from hexmark.api.idempotency import HEADER, REPLAYED
from hexmark.api.problems import KINDS, MEDIA_TYPE
from hexmark.api.v1.schema import api
from hexmark.api.v1.shapes import PUBLIC_ID

SECURITY = "key"
_INTRODUCTION = """\
Everything that the site can do with achievements, people, awards and signed documents, for programs.

Send a key of your organisation as `Authorization: Bearer hxm_…`. Errors are problem documents (RFC 9457). Lists come a page at a time:
ask again with `cursor` set to `next`. Changing calls may carry an `Idempotency-Key`: the same call with the same key happens once.
Answers have an `ETag`: send it as `If-None-Match` to load nothing twice, and as `If-Match` to change only what you have read.
"""
_TEXT = {"type": "string"}
_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where this kind of problem is explained."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "reference": {"type": "string", "description": "With 500: what stands in the log beside the error."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "Where in the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "Which parameter of the address."},
                    "header": {"type": "string", "description": "Which header."},
                    "detail": _TEXT,
                },
            },
        },
    },
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Any text of yours, such as a UUID. The same call with the same key happens once within 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag of the thing as it was read: nothing happens if it was changed meanwhile.",
    "schema": _TEXT,
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of an answer that is kept: 304 if it still holds.",
    "schema": _TEXT,
}
#: What parts of addresses look like, which the framework knows from its converters only.
_PARTS: Mapping[str, Mapping[str, Any]] = {
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}$"},
    "number": {"type": "integer", "minimum": 1, "maximum": 2147483647},
}
_ID: Mapping[str, Any] = {"type": "string", "pattern": PUBLIC_ID}


def openapi() -> dict[str, Any]:
    """The document, in an order that only changes when the API does."""
    made = dict(api.get_openapi_schema(path_prefix="/api/v1"))
    made["info"] = {"title": "Hexmark API", "version": "1", "description": _INTRODUCTION}
    made["servers"] = [{"url": "/", "description": "This installation"}]
    made["paths"] = {path: _path(path, methods) for path, methods in made["paths"].items()}
    components = made["components"]
    # Filters stand with each list, as parameters.
    schemas = {name: schema for name, schema in components["schemas"].items() if not name.endswith("Asked")}
    components["schemas"] = dict(sorted({**schemas, "Problem": _PROBLEM}.items()))
    components["securitySchemes"] = {
        SECURITY: {"type": "http", "scheme": "bearer", "description": "An API key. Scopes: " + ", ".join(scope.value for scope in Scope)}
    }
    components["responses"] = {str(status): _problem_response(status) for status in sorted({kind.status for kind in KINDS.values()})}
    return made


def openapi_text() -> str:
    """The document as the file openapi.json has it."""
    return json.dumps(openapi(), ensure_ascii=False, indent=2) + "\n"


def operations() -> Iterator[tuple[str, str, Operation]]:
    """Path (as in the document), method and operation, each."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield path, operation.methods[0], operation


def _path(path: str, methods: Mapping[str, Any]) -> dict[str, Any]:
    by_id = {operation.operation_id: operation for _, _, operation in operations()}
    return {method: _operation(details, by_id[details["operationId"]]) for method, details in methods.items()}


def _operation(details: Mapping[str, Any], operation: Operation) -> dict[str, Any]:
    rules = Rules.of(operation)
    made = {name: value for name, value in details.items() if name not in (BY_ITSELF, CHANGES_NOTHING, FORMS, "description")}
    made["description"] = _description(str(details.get("description", "")), rules.needs)
    made["parameters"] = [*map(_parameter, details["parameters"]), *_headers(rules, operation)]
    needed = {SECURITY: [scope.value for scope in rules.needs.scopes]}
    made["security"] = [{}, needed] if rules.needs.visitors else [needed]
    answers = {str(status): _answer(int(status), answer, rules) for status, answer in details["responses"].items()}
    if operation.methods == ["GET"]:
        answers["304"] = {"description": "What If-None-Match names still holds."}
    problems = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _problems(rules, operation)}
    made["responses"] = dict(sorted((answers | problems).items()))
    return made


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {name: value for name, value in parameter["schema"].items() if name not in ("title", "description")}
    if "anyOf" in schema:
        # In an address nothing is null: a parameter that is left out is.
        [known] = [one for one in schema.pop("anyOf") if one != {"type": "null"}]
        schema = {name: value for name, value in (schema | known).items() if value is not None}
    if parameter["in"] == "path":
        schema = dict(_PARTS.get(str(parameter["name"]), _ID))
    return {**parameter, "schema": schema}


def _headers(rules: Rules, operation: Operation) -> list[dict[str, Any]]:
    """The headers that a call of this operation may carry."""
    if operation.methods == ["GET"]:
        return [_IF_NONE_MATCH]
    if not rules.changes:
        return []
    return [_IDEMPOTENCY_KEY, _IF_MATCH] if "{" in operation.path else [_IDEMPOTENCY_KEY]


def _description(text: str, needs: Key) -> str:
    scopes = " and ".join(f"`{scope.value}`" for scope in needs.scopes)
    return f"{text}\n\nNeeds the scope {scopes}." if scopes and not needs.visitors else text


def _answer(status: int, answer: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    headers: dict[str, Any] = {"RateLimit": {"description": "What is left of the allowance.", "schema": _TEXT}}
    if status == 200:
        headers["ETag"] = {"description": "The state of the answer.", "schema": _TEXT}
    if rules.changes:
        headers[REPLAYED] = {"description": "`true` where the answer was kept from an earlier call.", "schema": _TEXT}
    made: dict[str, Any] = {**answer, "headers": headers}
    if status == 200 and len(rules.forms) > 1:
        made["content"] = {form: {"schema": {"type": "object"}} for form in rules.forms}
    return made


def _problems(rules: Rules, operation: Operation) -> set[int]:
    found = {401, 403, 406, 422, 429, 500}
    if "{" in operation.path:
        found |= {404} | ({412} if rules.changes else set())
    if operation.methods != ["GET"]:
        found |= {400, 413}
    if rules.takes_body:
        found.add(415)
    if rules.changes:
        found |= {409, 503}
    return found


def _problem_response(status: int) -> dict[str, Any]:
    titles = [kind.title for kind in KINDS.values() if kind.status == status]
    return {"description": "; ".join(titles), "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
