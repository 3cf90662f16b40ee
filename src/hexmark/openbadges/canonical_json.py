"""JSON in its one canonical text (JCS), which the suites named `-jcs-` sign instead of quads."""

from collections.abc import Mapping
from typing import Any

import rfc8785

from hexmark.openbadges.errors import Malformed


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document as UTF-8: members in order, no spaces, every number and string in its one form.

    Raises:
        Malformed: a number that is not exact everywhere, half a surrogate pair, or what is not JSON.
    Source: RFC 8785, 3.2.
    """
    try:
        return rfc8785.dumps(dict(document))
    except (rfc8785.CanonicalizationError, ValueError, TypeError, RecursionError):
        raise Malformed("This document has no canonical JSON text.", detail="JCS") from None
