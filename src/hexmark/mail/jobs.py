"""Delivers what waits in the outbox. A message is claimed for some minutes, so that two workers never send it both."""

from __future__ import annotations

import time
from datetime import timedelta
from random import SystemRandom

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from hexmark.jobs import job, sweep, wake
from hexmark.mail.actions import blank_secrets
from hexmark.mail.delivery import Line, Postponed, Refused, ServerFailed, opened
from hexmark.mail.models import Message, new_id
from hexmark.mail.rules import next_attempt_at
from hexmark.mail.server import parse_server

#: Longer than all the talk about one message may last.
LEASE = timedelta(minutes=5)
#: After so long a job makes room for others and has itself called again.
TURN_SECONDS = 20.0
#: A server that failed is left alone for so long, twice as long each time.
FIRST_REST_SECONDS = 30
LONGEST_REST_SECONDS = 900
_RESTS, _FAILURES = "mail.server.rests", "mail.server.failures"


@job("mail.deliver")
def deliver() -> None:
    """Whatever is due has been handed over, or is told why not."""
    server = parse_server(settings.SMTP_URL)
    if server is None or cache.get(_RESTS) or not _due().exists():
        return
    try:
        with opened(server, sender=settings.MAIL_FROM) as line:
            ends = time.monotonic() + TURN_SECONDS
            while time.monotonic() < ends:
                if not _deliver_next(line):
                    break
            else:
                wake("mail.deliver")
        cache.delete(_FAILURES)
    except ServerFailed as error:
        _rest(str(error))


@sweep("mail.deliver", every_seconds=10)
def wake_if_due() -> None:
    """What waits for another attempt, or was left by a worker that died, is delivered."""
    if settings.SMTP_URL and not cache.get(_RESTS) and _due().exists():
        wake("mail.deliver")


def server_rests_because() -> str:
    """Why the mail server is left alone just now; empty when it is not."""
    return str(cache.get(_RESTS) or "")


def try_at_once() -> None:
    """The mail server is not left alone any longer."""
    cache.delete_many([_RESTS, _FAILURES])


def _due() -> QuerySet[Message]:
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Message.objects.filter(free, state=Message.State.WAITING, due_at__lte=now)


def _deliver_next(line: Line) -> bool:
    """Whether there was one. The line stays open for the next."""
    for pk in _due().order_by("due_at", "pk").values_list("pk", flat=True)[:5]:
        lease = new_id()
        # One statement: of two workers who want the same message, one finds it claimed.
        if _due().filter(pk=pk).update(lease=lease, leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1):
            _deliver(line, Message.objects.get(pk=pk))
            return True
    return False


def _deliver(line: Line, message: Message) -> None:
    if message.give_up_at <= timezone.now():
        return _end(message, Message.State.FAILED, message.last_error or "It waited for three days and no mail server was there.")
    try:
        line.hand_over(message)
    except Refused as error:
        _end(message, Message.State.FAILED, str(error))
    except Postponed as error:
        _try_later(message, str(error))
    except ServerFailed as error:
        _try_later(message, str(error))
        raise
    else:
        _end(message, Message.State.SENT, "")
    return None


def _try_later(message: Message, reason: str) -> None:
    now = timezone.now()
    again = next_attempt_at(now, attempts=message.attempts, chance=SystemRandom())
    if again >= message.give_up_at:
        return _end(message, Message.State.FAILED, reason)
    _ours(message).update(due_at=again, last_error=reason[:500], lease="", leased_until=None)
    return None


def _end(message: Message, state: Message.State, reason: str) -> None:
    ended = _ours(message).update(state=state, ended_at=timezone.now(), last_error=reason[:500], lease="", leased_until=None)
    if ended:
        blank_secrets(message.pk)


def _ours(message: Message) -> QuerySet[Message]:
    """The message, as long as nobody else claimed it meanwhile."""
    return Message.objects.filter(pk=message.pk, state=Message.State.WAITING, lease=message.lease)


def _rest(reason: str) -> None:
    failures = int(cache.get(_FAILURES) or 0)
    cache.set(_FAILURES, failures + 1, timeout=24 * 3600)
    cache.set(_RESTS, reason[:500], timeout=min(FIRST_REST_SECONDS * 2**failures, LONGEST_REST_SECONDS))
