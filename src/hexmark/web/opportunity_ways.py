"""What is missing, with the link that leads to how to get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from hexmark.requirements import Missing


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is still to be shown."""

    what: str
    why: str
    met_from: datetime | None
    href: str
    label: str


def linked(steps: Sequence[Missing]) -> list[Step]:
    """The steps, each with the page that says how to take it, where there is one."""
    return [Step(one.what, one.why, one.met_from, *_way(one)) for one in steps]


def _way(one: Missing) -> tuple[str, str]:
    if one.kind == "achievement" and one.id.startswith(("https://", "http://")):
        # Of our own host without the host, so that the link stays on this site.
        return one.id.removeprefix(settings.PUBLIC_URL), "How to earn it"
    if one.kind == "skill":
        return f"{reverse('directory')}?{urlencode({'q': one.what})}", "What shows it"
    return "", ""
