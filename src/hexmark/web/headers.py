"""The headers of every answer, static files included."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: For the one page that stands in frames of other sites: it has no script and no form.
EMBEDDED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; frame-ancestors *; base-uri 'none'"
)
#: For pictures and signed files: should a browser ever be made to show one as a page, it can do nothing.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
#: For pages that are for one person: a shared cache keeps nothing, and a browser asks again.
PRIVATE = "private, no-cache"
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Adds what an answer does not say itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with its headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers["Content-Security-Policy"] != EMBEDDED_POLICY:
            response.headers.setdefault("X-Frame-Options", "DENY")
        return response


def public_page(max_age_seconds: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The page is the same for every visitor without a session, so that a cache may keep it so long; with one it is for them alone."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def cached(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
            response = view(request, *arguments, **named)
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers["Cache-Control"] = PRIVATE
            else:
                response.headers.setdefault("Cache-Control", f"public, max-age={max_age_seconds}" if max_age_seconds else "no-cache")
            patch_vary_headers(response, ["Accept", "Cookie"])
            return response

        return cached

    return decorate


def framed_anywhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page may stand in a frame of any site. It must not show anything that only some may see, nor hold a form."""

    @wraps(view)
    def framed(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        response = view(request, *arguments, **named)
        response.headers["Content-Security-Policy"] = EMBEDDED_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return framed


def public_file(body: bytes, *, media_type: str, max_age_seconds: int = 300) -> HttpResponse:
    """An answer that any site may read: signed files, keys, status lists and pictures. Never with cookies."""
    response = HttpResponse(body, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={max_age_seconds}"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def asked_each_time(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, which caches may keep but ask about before each use; 304 for whoever has it already (RFC 9110, 13).

    For whatever shows a standing that can change at any moment: who declined or was revoked is not to wait for a cache.
    """
    if response.headers.get("Cache-Control") != PRIVATE:
        response.headers["Cache-Control"] = "public, no-cache"
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer
