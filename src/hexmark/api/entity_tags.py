"""Entity tags (RFC 9110, 8.8.3): the state of a thing in one word, so that nobody loads twice or writes over what they have not read."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from pydantic import BaseModel

from hexmark.api.problems import Problem
from hexmark.api.rendering import rendered

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def tag_of(body: bytes) -> str:
    """The strong tag of these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def match(request: HttpRequest, present: BaseModel) -> None:
    """Pass silently if the call sets no condition, or the thing is still as the caller read it.

    Raises:
        Problem: changed-meanwhile.
    """
    condition = request.headers.get("If-Match")
    if condition is None or condition.strip() == "*":
        return
    # A weak tag never matches here (RFC 9110, 13.1.1).
    if tag_of(rendered(present.model_dump())) not in _TAG.findall(condition):
        raise Problem("changed-meanwhile")


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag; 304 without a body for whoever has it already."""
    tag = tag_of(response.content)
    response.headers["ETag"] = tag
    known = request.headers.get("If-None-Match", "")
    if request.method != "GET" or (known.strip() != "*" and tag not in [one.removeprefix("W/") for one in _TAG.findall(known)]):
        return response
    not_modified = HttpResponseNotModified()
    not_modified.headers["ETag"] = tag
    return not_modified
