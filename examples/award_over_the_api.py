"""Award a badge over the REST API, safely: repeated after a broken connection, it still happens once.

    API_KEY=hxm_… python examples/award_over_the_api.py https://badges.example.org safety-champion amara@example.org

Needs a key with the scopes badge:award and badge:read (page "Developer"), and nothing but Python. Prints the address of each award.
"""

# ruff: noqa: T201 (an example shows what it did)
from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

TRIES = 4


class Refused(Exception):
    """The API said no; the message says why (RFC 9457)."""


def call(method: str, url: str, key: str, given: object = None) -> dict[str, Any]:
    """The answer of the API. A changing call carries one Idempotency-Key through all its tries.

    Raises:
        Refused: the API refused it, or could not be reached after several tries.
    """
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
    body = None
    if given is not None:
        body = json.dumps(given).encode()
        headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    for attempt in range(TRIES):
        request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 (the address is the caller's)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            if error.code not in (429, 500, 503):
                raise Refused(_why(error)) from None
            time.sleep(float(error.headers.get("Retry-After") or 2**attempt))
        except urllib.error.URLError as error:
            if attempt == TRIES - 1:
                raise Refused(f"{url} cannot be reached: {error.reason}") from None
            time.sleep(2**attempt)
    raise Refused(f"{url} asked to wait {TRIES} times.")


def _why(error: urllib.error.HTTPError) -> str:
    problem = json.load(error)
    places = [f"{one.get('pointer') or one.get('parameter')}: {one['detail']}" for one in problem.get("errors", [])]
    return "; ".join(places) or str(problem["detail"])


def main() -> None:
    """Award to everybody who is named, and print where each award can be seen."""
    if len(sys.argv) < 4 or not os.environ.get("API_KEY"):
        sys.exit("usage: API_KEY=hxm_… python examples/award_over_the_api.py SITE ACHIEVEMENT EMAIL...")
    site, achievement, *emails = sys.argv[1:]
    api, key = f"{site.rstrip('/')}/api/v1", os.environ["API_KEY"]
    try:
        made = call("POST", f"{api}/awards", key, {"achievement": achievement, "to": [{"email": email} for email in emails]})
        for award in made["awards"]:
            print(f"{award['person']['name']}: {site.rstrip('/')}/a/{award['id']} ({award['state']})")
        for person in made["already_held_by"]:
            print(f"{person['name']} holds it already.")
    except Refused as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
