"""A clock that tests move: what the house takes for now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


class Clock:
    """Now is what was said last; before that, what it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, text: str) -> datetime:
        """It is this moment: "2026-01-20" (noon, UTC) or "2026-01-20T09:00"."""
        moment = datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=UTC)
        self._monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment
