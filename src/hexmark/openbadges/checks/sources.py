"""What verification needs from outside the document, as callables; and what every check makes of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hexmark.openbadges import jsonld
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Axis, Check, Outcome

Document = Mapping[str, Any]

#: Documents that one credential may make us ask for. An issuer and its status lists need three; more is somebody using us.
QUESTIONS = 16


def _nobody_to_ask(_url: str) -> Document:
    raise Unreachable("There is no way here to ask for this.", code="NO_SOURCE")


def _no_memory(_url: str, begins: datetime) -> datetime:
    return begins


@dataclass(frozen=True, slots=True)
class Sources:
    """Where verification gets what the document does not hold.

    `controller(url)`, `status_list(url)` and `linked(url)` (a newer version, a part of an Open Badge 2.0): the parsed document
    at that URL. `canonicalize(document)`: canonical N-Quads of a document without its proof, `canonicalize_later` the same under
    the last published revision of its contexts. All may raise Unreachable (the answer is then unknown) or FormatError.

    `newest_list(url, begins)`: the latest beginning that any trusted list at this URL ever had, this one's included.
    """

    controller: Callable[[str], Document]
    status_list: Callable[[str], Document]
    canonicalize: jsonld.Canonicalize = jsonld.canonical
    canonicalize_later: jsonld.Canonicalize = jsonld.canonical_later
    linked: Callable[[str], Document] = _nobody_to_ask
    newest_list: Callable[[str, datetime], datetime] = _no_memory

    def bounded(self, questions: int = QUESTIONS) -> Sources:
        """The same sources, asked once for each URL and for at most `questions` URLs in all."""
        memory = _Memory(questions)
        return replace(
            self,
            controller=memory.asking(self.controller),
            status_list=memory.asking(self.status_list),
            linked=memory.asking(self.linked),
        )


class _Memory:
    def __init__(self, questions: int) -> None:
        self._left = questions

    def asking(self, source: Callable[[str], Document]) -> Callable[[str], Document]:
        answers: dict[str, Document | FormatError | Unreachable] = {}

        def ask(url: str) -> Document:
            if url not in answers:
                answers[url] = self._answer(source, url)
            answer = answers[url]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask

    def _answer(self, source: Callable[[str], Document], url: str) -> Document | FormatError | Unreachable:
        if self._left <= 0:
            return Unreachable("This document names more addresses than are asked for one credential.", code="TOO_MANY_QUESTIONS")
        self._left -= 1
        try:
            return source(url)
        except (FormatError, Unreachable) as error:
            return error


def refusal(axis: Axis, error: FormatError, before: str = "") -> Check:
    """A failed check that says what the error says, after the words `before`."""
    return Check(axis, Outcome.FAILED, f"{before}{error}", error.code, details_of(error))


def unknown(axis: Axis, error: FormatError | Unreachable, before: str = "", *, code: str | None = None) -> Check:
    """An unknown check that says what the error says, after the words `before`."""
    details = details_of(error) if isinstance(error, FormatError) else {}
    if code and code != error.code:
        details = {"reason": error.code, **details}
    return Check(axis, Outcome.UNKNOWN, f"{before}{error}", code or error.code, details)


def details_of(error: FormatError) -> dict[str, Any]:
    """What narrows the error's code, for engineers."""
    return {name: value for name, value in (("detail", error.detail), ("pointer", error.pointer)) if value is not None}


def issuer_id(document: Document) -> str | None:
    """The id of who says to have issued the document, or None where that is no text."""
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) and issuer else None


def items_of(value: object) -> list[Any]:
    """The items of a member that may be left out, be one value or be an array."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
