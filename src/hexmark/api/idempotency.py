"""Changing calls happen wholly or not at all; with an Idempotency-Key they happen once, however often they are sent.

The answer is kept in the same transaction as the change that it tells of. A process that dies in between leaves neither, and a
repetition does the work anew.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hexmark.api.models import IdempotentCall
from hexmark.api.problems import Problem
from hexmark.organisations.models import ApiKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
#: Longer than any answer takes: whoever began so long ago and has not answered has died.
DEAD_AFTER = timedelta(minutes=2)
#: Visible ASCII.
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
Call = Callable[[], HttpResponse]


def once(request: HttpRequest, key: ApiKey, call: Call, *, within: Callable[[Call], HttpResponse]) -> HttpResponse:
    """The answer of the call, made now or kept from when the same request was made before. What was refused is not kept.

    `within` is `wholly`, or `by_itself` for a call whose action has a transaction of its own behind slow work.

    Raises:
        Problem: invalid, key-reused or in-progress.
    """
    name = request.headers.get(HEADER)
    if name is None:
        return within(call)
    if not _KEY.fullmatch(name):
        detail = "Give 1 to 255 visible ASCII characters, such as a UUID."
        raise Problem("invalid", detail, errors=[{"header": HEADER, "detail": detail}])
    kept = _reserved(key, name, _digest(request))
    if kept.status is not None:
        return _replayed(kept)
    try:
        return within(lambda: _kept(kept, call()))
    finally:
        # Nothing to do after a good answer: it has a status by now.
        IdempotentCall.objects.filter(pk=kept.pk, attempt=kept.attempt, status__isnull=True).delete()


def wholly(call: Call) -> HttpResponse:
    """The answer, after everything that it did or, where it refuses, after nothing."""
    with transaction.atomic():
        response = call()
        if response.status_code >= 400:
            transaction.set_rollback(True)
    return response


def by_itself(call: Call) -> HttpResponse:
    """The answer. Nobody else has to wait for the database meanwhile; the action must be one that cannot happen twice."""
    return call()


def forget_old_calls() -> None:
    """Answers that were kept for a day are gone."""
    IdempotentCall.objects.filter(begun_at__lt=timezone.now() - KEPT_FOR).delete()


def _digest(request: HttpRequest) -> str:
    parts = [request.method or "", request.get_full_path(), request.headers.get("If-Match", "")]
    return hashlib.sha256("\x00".join([*parts, ""]).encode() + request.body).hexdigest()


def _reserved(key: ApiKey, name: str, digest: str) -> IdempotentCall:
    """The row of this call: new, or one that is answered, or one whose process died and that is ours now."""
    now = timezone.now()
    mine = {"request_sha256": digest, "attempt": secrets.token_hex(16), "begun_at": now}
    IdempotentCall.objects.filter(api_key=key, idempotency_key=name, begun_at__lt=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return IdempotentCall.objects.create(api_key=key, idempotency_key=name, **mine)
    except IntegrityError:
        row = IdempotentCall.objects.filter(api_key=key, idempotency_key=name).first()
    if row is None:
        # It was refused and forgotten at this very moment.
        raise _in_progress()
    if row.request_sha256 != digest:
        raise Problem("key-reused")
    if row.status is not None:
        return row
    dead = IdempotentCall.objects.filter(pk=row.pk, attempt=row.attempt, status__isnull=True, begun_at__lt=now - DEAD_AFTER)
    if not dead.update(**mine):
        raise _in_progress()
    row.attempt = str(mine["attempt"])
    return row


def _kept(row: IdempotentCall, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400:
        return response
    answer = {
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        "body": response.content.decode(),
    }
    if not IdempotentCall.objects.filter(pk=row.pk, attempt=row.attempt).update(**answer):
        # Somebody took this for dead and does it themselves: one of the two must not have happened.
        raise _in_progress()
    return response


def _replayed(row: IdempotentCall) -> HttpResponse:
    assert row.status is not None
    return HttpResponse(row.body, status=row.status, headers={**row.headers, REPLAYED: "true"})


def _in_progress() -> Problem:
    return Problem("in-progress", headers={"Retry-After": "1"})
