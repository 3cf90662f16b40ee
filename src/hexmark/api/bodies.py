"""What a request may bring: JSON that every reader understands alike, in UTF-8, and no parameter that is not known."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.http.request import MediaType
from ninja.parser import Parser

from hexmark.api.problems import Problem
from hexmark.openbadges import limits, strict_json

LONGEST_QUERY = 8_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class StrictParser(Parser):
    """Reads bodies as documents of strangers are read: nothing that two readers could take for different things."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The one object that the body holds.

        Raises:
            FormatError: it is not strict JSON.
        """
        # Each field says itself how much it holds; a learner's record may hold the most.
        return strict_json.parse(request.body, array_items=limits.RECORD_ITEMS)


def check_body(request: HttpRequest, *, wanted: bool) -> None:
    """Pass silently if there is a body that can be read, or none where none is wanted.

    Raises:
        Problem: too-large, unsupported-media-type or unreadable.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > limits.DOCUMENT_BYTES:
        raise Problem("too-large", f"A body may have {limits.DOCUMENT_BYTES:,} bytes.")
    if not wanted:
        if request.body.strip() not in (b"", b"{}"):
            raise Problem("unreadable", "This call takes no body.")
        return
    if not request.body:
        raise Problem("unreadable", "This call needs a body.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported-media-type", "Send the body without compression.")
    if not _is_json(request.headers.get("Content-Type", "")):
        raise Problem("unsupported-media-type", "Send the body as application/json, in UTF-8.", headers={"Accept-Post": "application/json"})


def check_query(request: HttpRequest, known: Collection[str]) -> None:
    """Pass silently if every parameter is known and given once.

    Raises:
        Problem: invalid, naming each that is not.
    """
    errors = []
    for name, values in request.GET.lists():
        if name not in known:
            errors.append({"parameter": name[:100], "detail": "There is no such parameter here."})
        elif len(values) > 1:
            errors.append({"parameter": name, "detail": "Give it once."})
        elif _CONTROLS.search(values[0]):
            errors.append({"parameter": name, "detail": "It holds characters that do not show."})
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        errors.append({"parameter": "", "detail": "The parameters are too long."})
    if errors:
        raise Problem("invalid", "The parameters cannot be used.", errors=errors)


def check_accept(request: HttpRequest, offered: Collection[str]) -> None:
    """Pass silently if one of our forms is acceptable.

    Raises:
        Problem: not-acceptable.
    """
    accept = request.headers.get("Accept", "").strip() or "*/*"
    ranges = [found for part in accept.split(",")[:50] if (found := _media_type(part)) is not None]
    if not any(_best(ranges, form) > 0 for form in offered):
        raise Problem("not-acceptable", f"This address answers in {' or '.join(offered)}.")


def _best(ranges: list[MediaType], form: str) -> float:
    """The weight of the most specific range that the form falls into; 0 where none does."""
    matching = [(one.specificity, one.quality) for one in ranges if one.match(form)]
    return max(matching, default=(0, 0.0))[1]


def _is_json(content_type: str) -> bool:
    given = _media_type(content_type)
    charset = "" if given is None else str(given.params.get("charset", "utf-8")).lower()
    return given is not None and (given.main_type, given.sub_type) == ("application", "json") and charset in ("utf-8", "utf8")


def _media_type(text: str) -> MediaType | None:
    """The media type or range, or None for what is none."""
    # The framework looks up encodings that a parameter names, which need not exist.
    with suppress(ValueError, LookupError):
        return MediaType(text)
    return None
