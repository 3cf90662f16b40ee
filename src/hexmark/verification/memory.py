"""What a verifier that stays open remembers: answers of other servers for a short while, and how new each status list was."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from hexmark.net import Fetch, Fetched
from hexmark.openbadges import limits, status_list, strict_json
from hexmark.openbadges.errors import FormatError

#: A DID document, an issuer's profile or a single key, as servers name them.
CONTROLLER_TYPES = (
    "application/did+json",
    "application/did+ld+json",
    "application/did",
    "application/jwk+json",
    "application/ld+json",
    "application/json",
)
LIST_TYPES = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")

#: Who holds a key changes seldom; what is revoked is to be seen soon.
CONTROLLER_SECONDS = 300
LIST_SECONDS = 60
CACHE_ENTRIES = 256
#: Longer answers are asked for anew: honest ones are far shorter, and the cache stays within 32 MiB.
CACHE_ANSWER_BYTES = 128 * 1024
#: Lists whose newest beginning is remembered, some 200 bytes each.
REMEMBERED_LISTS = 10_000


class KeptAnswers:
    """A fetch whose answers are kept for a while, at most `CACHE_ENTRIES` of them; the longest unused goes first.

    A status list that asks to be kept for less (its `ttl`, its end) is kept for less.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._answers: OrderedDict[tuple[str, tuple[str, ...]], tuple[datetime, Fetched]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched:
        """The kept answer, or a fresh one. Errors as for the fetch."""
        key, now = (url, tuple(accept)), self._clock()
        with self._lock:
            until, answer = self._answers.get(key, (None, None))
            if until is not None and answer is not None and now < until:
                self._answers.move_to_end(key)
                return answer
        answer = self._fetch(url, accept=accept)
        if len(answer.body) > CACHE_ANSWER_BYTES:
            return answer
        until = now + timedelta(seconds=CONTROLLER_SECONDS) if key[1] == CONTROLLER_TYPES else _list_until(answer.body, now)
        with self._lock:
            self._answers[key] = (until, answer)
            self._answers.move_to_end(key)
            while len(self._answers) > CACHE_ENTRIES:
                self._answers.popitem(last=False)
        return answer

    def holds(self, url: str, accept: Sequence[str]) -> bool:
        """Whether an answer to this question is kept, fresh or not."""
        with self._lock:
            return (url, tuple(accept)) in self._answers

    def forget(self, url: str, accept: Sequence[str]) -> bool:
        """No answer to this question is kept; whether one was."""
        with self._lock:
            return self._answers.pop((url, tuple(accept)), None) is not None


def _list_until(body: bytes, now: datetime) -> datetime:
    ours = now + timedelta(seconds=LIST_SECONDS)
    try:
        listed = strict_json.parse(body, array_items=limits.REVOKED_ITEMS)
        if not status_list.is_status_list(listed):
            return ours
        return min(ours, status_list.fresh_until(listed, fetched_at=now))
    except FormatError:
        # What cannot be understood may be put right at any moment.
        return now


class NewestLists:
    """The latest beginning that a trusted status list ever had, by its URL; the longest unasked is forgotten first.

    Threat: an old list, from before a revocation, still bears a good signature. Only memory tells it from the newest.
    """

    def __init__(self, most: int = REMEMBERED_LISTS) -> None:
        self._most = most
        self._begins: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def __call__(self, url: str, begins: datetime) -> datetime:
        """The latest beginning known for this list, the one given included, which is remembered from now on."""
        with self._lock:
            newest = self._begins[url] = max(begins, self._begins.get(url, begins))
            self._begins.move_to_end(url)
            while len(self._begins) > self._most:
                self._begins.popitem(last=False)
            return newest
