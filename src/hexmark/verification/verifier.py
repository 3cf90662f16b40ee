"""Verification with its surroundings: reading a file, asking for what it names, and working safely on what strangers wrote."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from types import TracebackType
from typing import Any, Self

from hexmark.net import Fetch, Fetched, NegativeCache
from hexmark.openbadges import jsonld, strict_json
from hexmark.openbadges.errors import Unreachable
from hexmark.openbadges.report import Report
from hexmark.openbadges.verify import Sources, verify_document
from hexmark.verification.canonicalizer import Canonicalizer
from hexmark.verification.reading import read

Document = Mapping[str, Any]
Source = bytes | str | Document

#: A DID document or an issuer's profile, as servers name them.
CONTROLLER_TYPES = ("application/did+json", "application/did+ld+json", "application/did", "application/ld+json", "application/json")
LIST_TYPES = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")

#: How long one verification goes on asking: ten slow endorsers must not hold a person up for ten times eight seconds.
PATIENCE_SECONDS = 10.0
#: Who holds a key changes seldom; what is revoked is to be seen soon.
CONTROLLER_SECONDS = 300
LIST_SECONDS = 60
CACHE_ENTRIES = 256
#: Longer answers are asked for anew: honest ones are far shorter, and the cache stays within 32 MiB.
CACHE_ANSWER_BYTES = 128 * 1024


def verify(
    source: Source,
    *,
    fetch: Fetch,
    at: datetime,
    recipient: str | None = None,
    canonicalize: Canonicalizer | None = None,
) -> Report:
    """What can be said about this credential (bytes or text of JSON, PNG or SVG, or a parsed document) at this moment.

    Without a `canonicalize` the work is done in this process, within its budget; doors that serve strangers give one.

    Raises:
        FormatError: it cannot be read at all, so that there is nothing to report about.
    """
    document = document_of(source)
    ends = time.monotonic() + PATIENCE_SECONDS

    def asked(url: str, accept: Sequence[str]) -> Document:
        if time.monotonic() > ends:
            raise Unreachable("Other servers took too long, so the rest was not asked.", code="DEADLINE")
        return strict_json.parse(fetch(url, accept=accept).body)

    sources = Sources(
        controller=lambda url: asked(url, CONTROLLER_TYPES),
        status_list=lambda url: asked(url, LIST_TYPES),
        canonicalize=canonicalize or jsonld.canonical,
        canonicalize_later=canonicalize.later if canonicalize else jsonld.canonical_later,
    )
    return verify_document(document, sources=sources, at=at, recipient=recipient)


def document_of(source: Source) -> Document:
    """The parsed document of a source, by the one strict reading that signing uses too.

    Raises:
        FormatError: it cannot be read.
    """
    if isinstance(source, Mapping):
        # A parsed document is held to the same rules as a file: what a file cannot say must not verify.
        return strict_json.parse(strict_json.dump(source))
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    return strict_json.parse(read(source).text)


class Verifier:
    """Verification for a door that stays open: one worker process, and answers of other servers kept for a short while.

    `clock` gives the present as an aware datetime. A context manager; `close()` ends the worker process.
    """

    def __init__(self, *, fetch: Fetch, clock: Callable[[], datetime], canonicalize: Canonicalizer | None = None) -> None:
        self._clock = clock
        self._canonicalize = canonicalize or Canonicalizer()
        self._fetch = _Kept(NegativeCache(fetch, clock=lambda: clock().timestamp()), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def verify(self, source: Source, *, at: datetime | None = None, recipient: str | None = None) -> Report:
        """As `verify`, at this moment unless another is given.

        Raises:
            FormatError: it cannot be read at all.
        """
        moment = at or self._clock()
        return verify(source, fetch=self._fetch, at=moment, recipient=recipient, canonicalize=self._canonicalize)

    def close(self) -> None:
        """The worker process has ended."""
        self._canonicalize.close()


class _Kept:
    """A fetch whose answers are kept for a while, at most `CACHE_ENTRIES` of them; the longest unused goes first."""

    def __init__(self, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._answers: OrderedDict[tuple[str, tuple[str, ...]], tuple[datetime, Fetched]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched:
        key, now = (url, tuple(accept)), self._clock()
        with self._lock:
            until, answer = self._answers.get(key, (None, None))
            if until is not None and answer is not None and now < until:
                self._answers.move_to_end(key)
                return answer
        answer = self._fetch(url, accept=accept)
        if len(answer.body) > CACHE_ANSWER_BYTES:
            return answer
        seconds = LIST_SECONDS if key[1] == LIST_TYPES else CONTROLLER_SECONDS
        with self._lock:
            self._answers[key] = (now + timedelta(seconds=seconds), answer)
            self._answers.move_to_end(key)
            while len(self._answers) > CACHE_ENTRIES:
                self._answers.popitem(last=False)
        return answer
