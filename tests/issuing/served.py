"""Asking this installation as a stranger's verifier would, from the documents that it serves."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.issuing.publication import own_document
from hexmark.net import Fetched
from hexmark.openbadges.errors import Unreachable


def served(url: str, *, accept: Sequence[str] = ()) -> Fetched:
    """What our own server answers at this address; nobody else is asked.

    Raises:
        Unreachable: HTTP_STATUS, nothing is served there.
    """
    body = own_document(url)
    if body is None:
        raise Unreachable("The server answered with status 404.", code="HTTP_STATUS")
    return Fetched(body, "application/json")
