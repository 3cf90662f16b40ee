"""One bounded question to a stranger's server: https, public addresses, no redirects, no proxies, small and quick answers."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore, Lock
from typing import Protocol
from urllib.parse import urlencode

import httpcore

from hexmark.net.addresses import is_public
from hexmark.net.connecting import CheckedBackend, Deadline, Resolve
from hexmark.net.urls import Url, origin_of, parse_url, refuse_inside
from hexmark.openbadges import limits
from hexmark.openbadges.errors import Unreachable

HEADER_BYTES = 32 * 1024
HEADER_COUNT = 100
#: Beside headers and body: the TLS stream is already opened here, so only chunk framing and interim answers remain.
_FRAMING_BYTES = 128 * 1024
_USER_AGENT = "Hexmark"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with status 200. `content_type` is lower case and without parameters."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Form:
    """Fields that are posted instead of a question that is only asked. `authorization` goes into the header of that name."""

    fields: Mapping[str, str]
    authorization: str = ""

    @property
    def body(self) -> bytes:
        """As application/x-www-form-urlencoded."""
        return urlencode(self.fields).encode("ascii")


class Fetch(Protocol):
    """Asks a URL for one of the accepted media types, or raises Unreachable."""

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched: ...


class HostSlots:
    """At most `per_host` requests in flight to one host, so that nobody can aim us at a victim or fill our threads with one dead host."""

    def __init__(self, per_host: int = limits.FETCHES_PER_HOST) -> None:
        self._per_host = per_host
        self._lock = Lock()
        self._slots: dict[str, tuple[BoundedSemaphore, int]] = {}

    @contextmanager
    def taken(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Holds one slot of the host within the block.

        Raises:
            Unreachable: HOST_BUSY, none came free before the deadline.
        """
        with self._lock:
            slot, users = self._slots.get(host, (BoundedSemaphore(self._per_host), 0))
            self._slots[host] = (slot, users + 1)
        try:
            if not slot.acquire(timeout=deadline.left()):
                raise Unreachable(f"{host} is being asked too much at once; try again later.", code="HOST_BUSY")
            try:
                yield
            finally:
                slot.release()
        finally:
            with self._lock:
                slot, users = self._slots[host]
                if users == 1:
                    del self._slots[host]
                else:
                    self._slots[host] = (slot, users - 1)


_SHARED_SLOTS = HostSlots()


@dataclass(frozen=True, slots=True)
class _Question:
    """One request as it goes over the wire."""

    url: Url
    accept: Sequence[str]
    form: Form | None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"

    @property
    def body(self) -> bytes | None:
        return None if self.form is None else self.form.body

    def headers(self) -> list[tuple[bytes | str, bytes | str]]:
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Host", self.url.origin.partition("://")[2]),
            ("Accept", ", ".join(self.accept)),
            ("Accept-Encoding", "identity"),
            ("User-Agent", _USER_AGENT),
            ("Connection", "close"),
        ]
        if self.form is not None:
            headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(self.form.body)))]
        if self.form is not None and self.form.authorization:
            headers.append(("Authorization", self.form.authorization))
        return headers


@dataclass(frozen=True, slots=True)
class Fetcher:
    """A fetch with its policy. Only `allowed_origins` is a setting; the rest exists so that tests can be a stranger's server.

    `allowed_origins`: exact origins (`http://localhost:8000`) that may be asked although they are not public, not on 443 or not
    encrypted. `trust`: the certificates to believe. `public`: which addresses may be asked.
    """

    allowed_origins: frozenset[str] = frozenset()
    seconds: float = limits.FETCH_SECONDS
    most_bytes: int = limits.FETCH_BYTES
    resolve: Resolve = socket.getaddrinfo
    trust: ssl.SSLContext | None = None
    public: Callable[[str], bool] = is_public
    slots: HostSlots = _SHARED_SLOTS

    def __call__(self, url: str, *, accept: Sequence[str]) -> Fetched:
        """The answer to one GET of the URL.

        Raises:
            Unreachable: URL_MALFORMED, PORT_BLOCKED, SSRF_BLOCKED: not asked at all; DNS_FAILED, CONNECT_FAILED, TLS_ERROR,
                HTTP_MALFORMED, HTTP_STATUS, REDIRECT, CONTENT_TYPE, CONTENT_ENCODING, TOO_LARGE, DEADLINE, HOST_BUSY.
        """
        return self._request(url, accept, None)

    def post(self, url: str, form: Form, *, accept: Sequence[str]) -> Fetched:
        """The answer to one POST of the form. For servers that an organisation's administrator named, never for a stranger's.

        Raises:
            Unreachable: as __call__.
        """
        return self._request(url, accept, form)

    def _request(self, url: str, accept: Sequence[str], form: Form | None) -> Fetched:
        asked = self._checked(url)
        deadline = Deadline(self.seconds)
        allowed = (lambda _: True) if self._is_allowed(asked.origin) else self.public
        backend = CheckedBackend(
            resolve=self.resolve,
            allowed=allowed,
            deadline=deadline,
            most_bytes=self.most_bytes + HEADER_BYTES + _FRAMING_BYTES,
        )
        with self.slots.taken(asked.host, deadline), _errors_named(asked.host, deadline):
            trust = self.trust or _default_trust()
            # ConnectionPool reads no proxy from the environment, follows no redirects and is used for this one request.
            with httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, retries=0, http2=False) as pool:
                return self._ask(pool, _Question(asked, accept, form), deadline)

    def _is_allowed(self, origin: str) -> bool:
        return origin in {origin_of(allowed) for allowed in self.allowed_origins}

    def _checked(self, url: str) -> Url:
        asked = parse_url(url)
        if self._is_allowed(asked.origin):
            return asked
        # did:web knows only https. The demo's own server speaks http on the loopback and is listed so that it can be asked.
        plain = Url("http", asked.host, asked.port, asked.target)
        if asked.scheme == "https" and self._is_allowed(plain.origin):
            return plain
        refuse_inside(asked.host)
        if asked.scheme != "https":
            raise Unreachable("The address was not asked: only https is.", code="URL_MALFORMED")
        if asked.port != 443:
            raise Unreachable(f"The address was not asked: port {asked.port} is not 443.", code="PORT_BLOCKED")
        return asked

    def _ask(self, pool: httpcore.ConnectionPool, question: _Question, deadline: Deadline) -> Fetched:
        with pool.stream(question.method, str(question.url), headers=question.headers(), content=question.body) as response:
            content_type = _acceptable(response, question.accept, self.most_bytes)
            body = bytearray()
            for piece in response.iter_stream():
                body += piece
                if len(body) > self.most_bytes:
                    raise _too_large(self.most_bytes)
                deadline.left()
            return Fetched(bytes(body), content_type)


def fetch(url: str, *, accept: Sequence[str], allowed_origins: frozenset[str] = frozenset()) -> Fetched:
    """The answer to one GET of the URL, under the policy of this package.

    Raises:
        Unreachable: as Fetcher.__call__.
    """
    return Fetcher(allowed_origins=allowed_origins)(url, accept=accept)


def _too_large(most_bytes: int) -> Unreachable:
    return Unreachable(f"The server's answer is larger than {most_bytes} bytes.", code="TOO_LARGE")


def _acceptable(response: httpcore.Response, accept: Sequence[str], most_bytes: int) -> str:
    """The media type of an answer that may be read."""
    if 300 <= response.status < 400:
        raise Unreachable("The server sent us on to another address, which is not followed.", code="REDIRECT")
    if response.status == 410:
        raise Unreachable("The server answered that this was taken away for good.", code="GONE")
    if response.status != 200:
        raise Unreachable(f"The server answered with status {response.status}.", code="HTTP_STATUS")
    if len(response.headers) > HEADER_COUNT or sum(len(name) + len(value) for name, value in response.headers) > HEADER_BYTES:
        raise Unreachable("The server's answer has too many headers.", code="TOO_LARGE")
    headers = {name.lower(): value for name, value in response.headers}
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise Unreachable("The server compressed its answer although it was asked not to.", code="CONTENT_ENCODING")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > most_bytes:
        raise _too_large(most_bytes)
    content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if not _accepted(content_type, accept):
        raise Unreachable(f"The server answered with {content_type[:80] or 'no media type'}, which was not asked for.", code="CONTENT_TYPE")
    return content_type


def _accepted(content_type: str, accept: Sequence[str]) -> bool:
    if content_type in accept:
        return True
    # Servers name the same JSON in many ways (application/did+json, application/activity+json).
    return "application/json" in accept and re.fullmatch(r"application/[a-z0-9.\-+]+\+json", content_type) is not None


@contextmanager
def _errors_named(host: str, deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException:
        raise deadline.passed() from None
    except httpcore.NetworkError as error:
        raise Unreachable(f"The connection to {host} broke off.", code="CONNECT_FAILED") from error
    except (httpcore.ProtocolError, ValueError) as error:
        # ValueError: what h11 lets through of a header that is no header. A stranger's bytes never become our crash.
        raise Unreachable(f"{host} does not answer in proper HTTP.", code="HTTP_MALFORMED") from error


@cache
def _default_trust() -> ssl.SSLContext:
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        context = ssl.create_default_context()
    else:
        import certifi

        context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
