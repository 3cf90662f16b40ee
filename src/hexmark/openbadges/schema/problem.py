"""One thing that is wrong with a document."""

from dataclasses import dataclass

#: What no credential may have (VCDM 2.0), and what no badge may have (Open Badges 3.0).
MALFORMED = "MALFORMED_VALUE_ERROR"
SCHEMA = "SCHEMA_ERROR"


@dataclass(frozen=True, slots=True)
class Problem:
    """`pointer` is the RFC 6901 pointer of the member, also of a missing one; `message` is a sentence; `code` is stable.

    A warning (`WEAK_HASH`, `UNSALTED_IDENTITY`) is worth saying and decides nothing.
    """

    pointer: str
    message: str
    code: str = SCHEMA
    is_warning: bool = False


def escaped(name: str | int) -> str:
    """A member's name as one step of a pointer. Source: RFC 6901, 3."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")
