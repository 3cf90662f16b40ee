"""What commands that look into one file share: reading no more of it than may be read, and how they refuse."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


class Unreadable(click.ClickException):
    """Ends with 3, as `hexmark verify` does for a file without a badge."""

    exit_code = 3


def bytes_of(file: Path) -> bytes:
    """The bytes of a file, or of standard input for `-`; one more than may be read is enough to know that it is too many.

    Raises:
        Unreadable: there is no such file.
    """
    from hexmark.openbadges.limits import IMAGE_BYTES

    if str(file) == "-":
        return sys.stdin.buffer.read(IMAGE_BYTES + 1)
    try:
        with file.open("rb") as opened:
            return opened.read(IMAGE_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror or error}.") from error


@contextmanager
def refusals() -> Iterator[None]:
    """What the format refuses becomes a message and exit code 3."""
    from hexmark.openbadges.errors import FormatError, Unreachable

    try:
        yield
    except FormatError as error:
        raise Unreadable(f"{error} ({error.full_code})") from error
    except Unreachable as error:
        raise Unreadable(f"{error} ({error.code})") from error
