"""Verification with its surroundings: reading a file, asking for what it names, and working safely on what strangers wrote."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from hexmark.net import Fetch, Fetched, NegativeCache
from hexmark.openbadges import guard, jose, jsonld, limits, presentation, strict_json
from hexmark.openbadges.errors import TooLarge, Unreachable
from hexmark.openbadges.report import Axis, Report
from hexmark.openbadges.verify import Sources, verify_document, verify_token
from hexmark.verification.canonicalizer import Canonicalizer
from hexmark.verification.memory import CONTROLLER_TYPES, LIST_TYPES, KeptAnswers, NewestLists
from hexmark.verification.reading import read

Document = Mapping[str, Any]
Source = bytes | str | Document

#: How long one verification goes on asking: ten slow endorsers must not hold a person up for ten times eight seconds.
PATIENCE_SECONDS = 10.0


def verify(
    source: Source,
    *,
    fetch: Fetch,
    at: datetime,
    recipient: str | None = None,
    canonicalize: Canonicalizer | None = None,
    newest_list: Callable[[str, datetime], datetime] | None = None,
) -> Report:
    """What can be said about this credential (bytes or text of JSON, JWT, PNG or SVG, or a parsed document) at this moment.

    Without a `canonicalize` the work is done in this process, within its budget; doors that serve strangers give one.
    `newest_list` is the memory by which an old status list is known, as in `Sources`; without one nothing is remembered.

    Raises:
        FormatError: it cannot be read at all, so that there is nothing to report about.
    """
    document = _readable(source)
    sources = _sources(fetch, canonicalize=canonicalize, newest_list=newest_list)
    if isinstance(document, str):
        return verify_token(document, sources=sources, at=at, recipient=recipient)
    return verify_document(document, sources=sources, at=at, recipient=recipient)


def _sources(fetch: Fetch, *, canonicalize: Canonicalizer | None, newest_list: Callable[[str, datetime], datetime] | None) -> Sources:
    ends = time.monotonic() + PATIENCE_SECONDS

    def asked(url: str, accept: Sequence[str], array_items: int = limits.ARRAY_ITEMS) -> Document:
        if time.monotonic() > ends:
            raise Unreachable("Other servers took too long, so the rest was not asked.", code="DEADLINE")
        return strict_json.parse(fetch(url, accept=accept).body, array_items=array_items)

    return Sources(
        controller=lambda url: asked(url, CONTROLLER_TYPES),
        status_list=lambda url: asked(url, LIST_TYPES, limits.REVOKED_ITEMS),
        linked=lambda url: asked(url, LIST_TYPES),
        canonicalize=canonicalize or jsonld.canonical,
        canonicalize_later=canonicalize.later if canonicalize else jsonld.canonical_later,
        newest_list=newest_list or (lambda _url, begins: begins),
    )


def document_of(source: Source) -> Document:
    """The parsed document of a source, by the one strict reading that signing uses too; of a token, the credential in it.

    Raises:
        FormatError: it cannot be read.
    """
    found = _readable(source)
    return jose.read_jwt(found).credential if isinstance(found, str) else found


def _readable(source: Source) -> Document | str:
    """The parsed document of a source, or its text if that is a compact token, be it in an envelope of JSON."""
    if isinstance(source, Mapping):
        # A parsed document is held to the same rules as a file: what a file cannot say must not verify.
        document = _parsed(strict_json.dump(source))
        return jose.enveloped(document) or document
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    text = read(source).text
    if isinstance(text, str) and jose.is_compact(text):
        return text
    document = _parsed(text)
    return jose.enveloped(document) or document


def _parsed(text: bytes | str) -> Document:
    """The document, of whose arrays only a learner record's may be long: it is a collection of whole credentials."""
    try:
        return strict_json.parse(text)
    except TooLarge as error:
        if error.detail != "ARRAY_ITEMS":
            raise
        document = strict_json.parse(text, array_items=limits.RECORD_ITEMS)
        if not guard.is_record(document):
            raise
        return document


class Verifier:
    """Verification for a door that stays open: one worker process, and answers of other servers kept for a short while.

    `clock` gives the present as an aware datetime. A context manager; `close()` ends the worker process.
    """

    def __init__(self, *, fetch: Fetch, clock: Callable[[], datetime], canonicalize: Canonicalizer | None = None) -> None:
        self._clock = clock
        self._canonicalize = canonicalize or Canonicalizer()
        self._fetch = KeptAnswers(NegativeCache(fetch, clock=lambda: clock().timestamp()), clock)
        self._newest_list = NewestLists()

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
        kept = _Asked(self._fetch)
        report = self._verified(source, kept, moment, recipient)
        # A key made since the issuer's document was kept is not in it: a kept answer never says no, only a fresh one does.
        if _names_a_key_that_was_not_found(report) and kept.forget_controllers():
            report = self._verified(source, self._fetch, moment, recipient)
        return report

    def check_presentation(self, document: Document, *, challenge: str | None, domain: str | None) -> None:
        """Pass silently if the presentation's own proofs hold now.

        Raises:
            as `openbadges.presentation.check_presentation`.
        """
        sources = _sources(self._fetch, canonicalize=self._canonicalize, newest_list=self._newest_list).bounded()
        presentation.check_presentation(document, sources=sources, at=self._clock(), challenge=challenge, domain=domain)

    def _verified(self, source: Source, fetch: Fetch, at: datetime, recipient: str | None) -> Report:
        return verify(source, fetch=fetch, at=at, recipient=recipient, canonicalize=self._canonicalize, newest_list=self._newest_list)

    def close(self) -> None:
        """The worker process has ended."""
        self._canonicalize.close()


def _names_a_key_that_was_not_found(report: Report) -> bool:
    """Whether another answer about keys could change the report: on the badge's own, or on that of its status list."""
    return Axis.ISSUER.value in report.failed or any((check.code or "").endswith("LIST_PROOF") for check in report.checks)


class _Asked:
    """Kept answers, and which of them one verification was given from before it began."""

    def __init__(self, answers: KeptAnswers) -> None:
        self._answers = answers
        self._controllers: set[str] = set()

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched:
        """As the kept answers."""
        if accept == CONTROLLER_TYPES and self._answers.holds(url, accept):
            self._controllers.add(url)
        return self._answers(url, accept=accept)

    def forget_controllers(self) -> bool:
        """No controller document that this verification was given is kept; whether there was one from before it."""
        # Each is forgotten, not only those up to the first that was kept.
        forgotten = {self._answers.forget(url, CONTROLLER_TYPES) for url in self._controllers}
        return True in forgotten
