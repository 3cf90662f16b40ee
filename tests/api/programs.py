"""A program that calls the API, and how to read what it is answered."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

HOST = "badges.acme.example"
PROBLEM = "application/problem+json"


class Program(Client):
    """An HTTP client with a key, or without one; it sends JSON and checks the CSRF rules as a browser's request would be."""

    def __init__(self, token: str = "") -> None:
        super().__init__(SERVER_NAME=HOST, enforce_csrf_checks=True, raise_request_exception=False)
        self.token = token

    def call(self, method: str, path: str, given: Any = None, *, body: bytes | str | None = None, **headers: str) -> HttpResponse:
        """The answer. `given` is sent as JSON, `body` as it is; names of headers with _ for -."""
        sent: dict[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = body if body is not None else "" if given is None else json.dumps(given)
        media_type = sent.pop("Content-Type", "application/json" if data else "")
        answer: HttpResponse = self.generic(method, f"/api/v1{path}", data, content_type=media_type, headers=sent, secure=True)
        assert not answer.cookies
        return answer


def read(answer: HttpResponse, status: int = 200) -> Any:
    """What the answer says, after its status was as expected."""
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def problem(answer: HttpResponse, status: int, kind: str) -> dict[str, Any]:
    """The problem document of the answer, after it was the expected one."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == PROBLEM
    document: dict[str, Any] = json.loads(answer.content)
    assert document["type"] == f"https://{HOST}/api/docs#problem-{kind}"
    assert document["status"] == status
    return document
