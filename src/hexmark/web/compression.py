"""What is sent compressed: static files once, at the start of a process, and answers of text one by one.

A compressed answer tells by its length how often something stands in it twice (the BREACH attack): whoever can write into a page that also
holds a secret, has the reader's browser load it again and again and watches the lengths, reads the secret letter by letter. So:

- What no cache may store is never compressed. These are the pages that show a secret once, and those that a one-time link opens.
- A page for somebody who is signed in is compressed only when their own browser says that no other site sent it here.
- Tokens in forms are masked anew in each answer, and each compressed answer is longer by a few bytes that are drawn at random.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]  # it has no types
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]

log = logging.getLogger(__name__)
#: Compressed copies of static files, in the data directory. It may be emptied while no process runs.
FOLDER = "static"
COMPRESSIBLE = (".css", ".js", ".svg", ".json", ".txt", ".map")
#: Answers of these types are text, besides text/* and whatever ends in +json or +xml.
TEXT_TYPES = frozenset({"application/json", "application/vc", "application/did", "application/xml", "application/javascript"})
#: Who sent the browser here, when it was nobody else: the site itself, or the reader by typing the address.
OWN_REQUESTS = ("same-origin", "none")


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # its base has no types
    """Serves static files, each compressed once for all processes."""

    def get_static_file(self, path: str, url: str, stat_cache: dict[str, Any] | None = None) -> StaticFile:
        """The file with its compressed copy, where there is one that is shorter."""
        copy = compressed_copy(path)
        if copy is None:
            return super().get_static_file(path, url, stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items(), encodings={"gzip": str(copy)})


def compressed_copy(path: str) -> Path | None:
    """Where the file lies compressed; None where that would gain nothing, or nothing can be written."""
    if not path.endswith(COMPRESSIBLE):
        return None
    found = Path(path).stat()
    return _compressed(path, found.st_mtime_ns, found.st_size, Path(settings.DATA_DIR) / FOLDER)


@lru_cache(maxsize=1000)
def _compressed(path: str, _changed_at_ns: int, _size: int, folder: Path) -> Path | None:
    body = Path(path).read_bytes()
    copy = folder / f"{hashlib.sha256(body).hexdigest()}.gz"
    if copy.exists():
        return copy
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    if len(packed) >= len(body):
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put(copy, packed)
    except OSError as error:
        log.warning("Static files are sent as they are, because no compressed copies can be written to %s: %s", folder, error)
        return None
    return copy


def _put(target: Path, body: bytes) -> None:
    """The bytes lie there, whole: processes that start together write the same, each beside it first."""
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    Path(temporary).replace(target)


class Compression(GZipMiddleware):
    """Compresses answers of text for browsers that ask for it, unless their length could tell a secret."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, shorter if it may be."""
        if not isinstance(response, HttpResponse) or not is_text(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if not may_be_compressed(request, response):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


def is_text(response: HttpResponse) -> bool:
    """Whether compressing makes it shorter: pictures and archives are compressed already."""
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type.endswith(("+json", "+xml")) or media_type in TEXT_TYPES


def may_be_compressed(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the length of the answer tells nobody anything."""
    match = request.resolver_match
    # Secrets of second factors stand on their pages.
    if "no-store" in response.headers.get("Cache-Control", "") or (match and (match.url_name or "").startswith("mfa_")):
        return False
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return not signed_in or request.headers.get("Sec-Fetch-Site") in OWN_REQUESTS
