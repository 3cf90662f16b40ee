"""A mail server for tests of delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from tests.mail.smtp_server import MailServer

from hexmark.mail.letters import Letter


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything, until a test tells it otherwise."""
    with MailServer() as running:
        settings.SMTP_URL = f"smtp://127.0.0.1:{running.port}"
        settings.MAIL_FROM = "Acme Badges <badges@acme.example>"
        yield running


@pytest.fixture(autouse=True)
def _no_rest(db: None) -> None:
    """The mail server is not left alone because of an earlier test."""
    cache.clear()


def letter(to: str = "ben@acme.example", **named: Any) -> Letter:
    """A letter that says who asked for it."""
    usual: dict[str, Any] = {
        "template": "test",
        "language": "en",
        "context": {"sender": "Acme", "name": "Amara Osei"},
        "organisation_id": 1,
    }
    return Letter(to=to, **(usual | named))
