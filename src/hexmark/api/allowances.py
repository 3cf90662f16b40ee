"""How many requests a caller may make: a count for each in the database, so that it holds over restarts and several processes."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest

from hexmark.api.models import Allowance
from hexmark.api.problems import Problem
from hexmark.organisations.models import ApiKey

WINDOW_SECONDS = 60
#: One statement, so that two requests at the same moment are two; the same on SQLite and PostgreSQL.
_SPEND = """
    INSERT INTO api_allowance (caller, window_start, used) VALUES (%s, %s, 1)
    ON CONFLICT (caller) DO UPDATE SET
        used = CASE WHEN api_allowance.window_start = excluded.window_start THEN api_allowance.used + 1 ELSE 1 END,
        window_start = excluded.window_start
    RETURNING used
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What is left of an allowance after this request."""

    policy: str
    quota: int
    left: int
    resets_in_seconds: int

    @property
    def headers(self) -> Mapping[str, str]:
        """What the caller is told (RateLimit header fields for HTTP, IETF draft)."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.resets_in_seconds}',
        }


def spend(request: HttpRequest, key: ApiKey | None) -> Spent | None:
    """One request of the caller's allowance is spent; None where the installation sets no limit.

    Raises:
        Problem: too-many-requests.
    """
    quota = settings.API_KEY_RATE if key else settings.API_VISITOR_RATE
    if not quota:
        return None
    now = int(time.time())
    used = _spend(f"key {key.public_id}" if key else f"address {_address(request)}", now // WINDOW_SECONDS)
    left_seconds = WINDOW_SECONDS - now % WINDOW_SECONDS
    spent = Spent("key" if key else "visitor", quota, max(0, quota - used), left_seconds)
    if used > quota:
        headers = dict(spent.headers) | {"Retry-After": str(left_seconds)}
        raise Problem("too-many-requests", f"{quota} requests a minute are allowed. Wait {left_seconds} seconds.", headers=headers)
    return spent


def forget_old_windows() -> None:
    """Counts of windows that are over are gone: they say who was here."""
    Allowance.objects.filter(window_start__lt=int(time.time()) // WINDOW_SECONDS - 1).delete()


def _spend(caller: str, window: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [caller, window])
        row = cursor.fetchone()
    return int(row[0])


def _address(request: HttpRequest) -> str:
    """The caller's network address; of IPv6 the /64 that one subscriber has to choose addresses from."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        # Behind a proxy on a socket that says nothing of its clients, all visitors share one allowance.
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
