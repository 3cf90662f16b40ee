"""How often something may be tried from one place, or for one thing.

What must hold over a restart is counted in the database (`too_often`); what only keeps one place from taking all of a process's time is
counted in memory (`too_fast`), because a question that writes nothing must stay one.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from threading import Lock

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_WINDOW_SECONDS = 60
#: Places that are counted at once; whoever was not seen for longest is forgotten first.
_MOST_PLACES = 10_000


def too_often(request: HttpRequest, action: str, rates: str, *, key: str | None = None) -> HttpResponse | None:
    """The page that says so, if this was tried too often; None if it may be tried now, which counts.

    `rates` as in `20/h/ip,5/m/key`.
    """
    if consume(request, app="hexmark", action=action, config={action: rates}, key=key, limit_get=True):
        return None
    return slower(request)


def slower(request: HttpRequest) -> HttpResponse:
    """The page that asks to wait."""
    response = render(request, "errors/429.html", status=429)
    response.headers["Retry-After"] = str(_WINDOW_SECONDS)
    # No cache may give it to somebody else behind the same address.
    response.headers["Cache-Control"] = "no-store"
    return response


class Pace:
    """How many questions each place asked in the current minute, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: OrderedDict[tuple[str, str], tuple[int, int]] = OrderedDict()

    def count(self, action: str, place: str, window: int) -> int:
        """How many with this one, within the window."""
        key = (action, place)
        with self._lock:
            known, asked = self._asked.pop(key, (window, 0))
            asked = asked + 1 if known == window else 1
            self._asked[key] = (window, asked)
            while len(self._asked) > _MOST_PLACES:
                self._asked.popitem(last=False)
        return asked

    def forget(self) -> None:
        """Nobody has asked anything."""
        with self._lock:
            self._asked.clear()


pace = Pace()


def too_fast(request: HttpRequest, action: str, *, at_most: int | None = None) -> HttpResponse | None:
    """The page that asks to wait, if this place asked more often within the minute than HEXMARK_SEARCH_RATE; None otherwise.

    `at_most` is for a question that costs more: then no more often than that either.
    """
    most = settings.SEARCH_RATE
    if most and at_most is not None:
        most = min(most, at_most)
    if most and pace.count(action, _place(request), int(time.time()) // _WINDOW_SECONDS) > most:
        return slower(request)
    return None


def _place(request: HttpRequest) -> str:
    """The network address; of IPv6 the /64 that one subscriber has to choose addresses from."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
