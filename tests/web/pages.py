"""A visitor of the site, and how to read what the site shows."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from hexmark.people.models import Person

HOST = "badges.acme.example"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Visitor(Client):
    """A browser at the public address, over HTTPS, without a session until it signs in."""

    def __init__(self, person: Person | None = None, **options: Any) -> None:
        super().__init__(SERVER_NAME=HOST, **options)
        if person is not None:
            assert person.account is not None
            self.force_login(person.account, backend=BACKEND)

    def generic(self, *arguments: Any, **named: Any) -> Any:
        """Every request is secure."""
        return super().generic(*arguments, **named | {"secure": True})


def text_of(response: HttpResponse) -> str:
    """What a page says, without markup, on one line."""
    markup = re.sub(r"(?s)<(script|style|template)\b.*?</\1>|<head>.*?</head>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def errors_beside(response: HttpResponse, field_id: str) -> str:
    """The messages in the list that belongs to this field, which the field names as its description."""
    found = re.search(rf'(?s)<ul class="errorlist" id="{field_id}_error">(.*?)</ul>', response.content.decode())
    return html.unescape(re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""


def without_tokens(body: bytes) -> bytes:
    """The body without what changes at every request: CSRF tokens."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", body)
