"""The description of the API: committed, valid, and true to what is served."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from tests.api.programs import Program, read

from hexmark.access import Scope
from hexmark.api.description import openapi, openapi_text, operations
from hexmark.api.problems import KINDS

COMMITTED = Path(__file__).resolve().parents[2] / "openapi.json"


def test_the_committed_document_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi_text(), "Run: hexmark openapi > openapi.json"


def test_the_document_is_openapi_3_1_with_a_name_and_an_answer_for_every_operation() -> None:
    made = openapi()
    assert made["openapi"] == "3.1.0"
    named = [details["operationId"] for methods in made["paths"].values() for details in methods.values()]
    assert len(named) == len(set(named)) == len(list(operations())) > 30
    for methods in made["paths"].values():
        for details in methods.values():
            assert any(status.startswith("2") for status in details["responses"])
            assert details["tags"]
            assert details["description"]
            assert details["security"]


def test_every_shape_is_a_json_schema_of_2020_12() -> None:
    for schema in openapi()["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_shape_that_is_named_is_there_and_every_one_there_is_named() -> None:
    text = json.dumps(openapi())
    there = set(openapi()["components"]["schemas"])
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == there


def test_bodies_refuse_what_they_do_not_know() -> None:
    made = openapi()
    bodies = {
        details["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for methods in made["paths"].values()
        for details in methods.values()
        if "requestBody" in details
    }
    assert len(bodies) > 8
    assert all(made["components"]["schemas"][name]["additionalProperties"] is False for name in bodies)


@pytest.mark.parametrize("word", ["x-changes-nothing", "x-by-itself", "x-forms", "organisation_id", '"pk"'])
def test_what_is_ours_alone_is_not_in_the_document(word: str) -> None:
    assert word not in openapi_text()


def test_the_document_is_served_to_every_site(nobody: Program) -> None:
    answer = nobody.call("GET", "/openapi.json")
    assert read(answer) == json.loads(COMMITTED.read_text(encoding="utf-8"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = nobody.call("GET", "/openapi.json", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_the_reference_shows_every_operation_scope_and_problem(nobody: Program) -> None:
    page = nobody.get("/api/docs", secure=True)
    assert page.status_code == 200
    text = page.content.decode()
    for _, _, operation in operations():
        assert f'id="{operation.operation_id}"' in text
    for scope in Scope:
        assert f"<code>{scope.value}</code>" in text
    for name in KINDS:
        assert f'id="problem-{name}"' in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not page.cookies
