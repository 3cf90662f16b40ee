"""Remember for a while what could not be reached, so that a thousand badges of one dead host do not ask it a thousand times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from hexmark.net.fetching import Fetch, Fetched
from hexmark.net.urls import origin_of
from hexmark.openbadges.errors import Unreachable

#: A failure of the host itself, whatever path was asked.
HOST_FAILURES = frozenset({"CONNECT_FAILED", "DEADLINE", "DNS_FAILED", "TLS_ERROR"})
#: Our own crowd, not the host's failure.
_NEVER_KEPT = frozenset({"HOST_BUSY", "OFFLINE"})


class NegativeCache:
    """A fetch that answers a repeated question with the failure it had, for `seconds`.

    `clock` counts seconds and need not start anywhere; failures of a host are kept for all its addresses, others for the one
    address. At most `entries` failures are kept, the oldest goes first.
    """

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float], seconds: float = 60.0, entries: int = 1024) -> None:
        self._fetch = fetch
        self._clock = clock
        self._seconds = seconds
        self._entries = entries
        self._failures: OrderedDict[str, tuple[float, str, str]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched:
        """What the wrapped fetch answers.

        Raises:
            Unreachable: the failure of this or of an earlier call.
        """
        host = f"{origin_of(url)} *"
        self._raise_known(url, host)
        try:
            return self._fetch(url, accept=accept)
        except Unreachable as error:
            if error.code not in _NEVER_KEPT:
                self._keep(host if error.code in HOST_FAILURES else url, error)
            raise

    def _raise_known(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                until, message, code = self._failures.get(key, (float("-inf"), "", ""))
                if self._clock() < until:
                    raise Unreachable(message, code=code)
                self._failures.pop(key, None)

    def _keep(self, key: str, error: Unreachable) -> None:
        with self._lock:
            self._failures.pop(key, None)
            self._failures[key] = (self._clock() + self._seconds, str(error), error.code)
            while len(self._failures) > self._entries:
                self._failures.popitem(last=False)
