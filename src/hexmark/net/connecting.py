"""Connections that go where they were checked to go, and never last longer than the whole request may.

The name is resolved once, every answer must be public, and the connection goes to a checked address: a name that changes its
mind between check and use (DNS rebinding) gains nothing. TLS still checks the certificate against the name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from queue import Empty, Queue
from threading import BoundedSemaphore, Thread
from typing import Any

import httpcore

from hexmark.openbadges.errors import Unreachable

Resolve = Callable[..., list[Any]]

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
#: Names being looked up at once in this process. A lookup cannot be interrupted, only left behind.
_LOOKUPS = BoundedSemaphore(32)


class Deadline:
    """The moment after which nothing of one request may go on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Seconds left, at most `most`.

        Raises:
            Unreachable: DEADLINE, none is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left if most is None else min(left, most)

    def passed(self) -> Unreachable:
        """The error to raise when time is up."""
        return Unreachable(f"The server did not finish its answer within {self._seconds:g} seconds.", code="DEADLINE")


def addresses_of(host: str, port: int, resolve: Resolve, deadline: Deadline) -> list[str]:
    """Every address of the host, each once, in the resolver's order.

    Raises:
        Unreachable: DNS_FAILED, or DEADLINE.
    """
    if not _LOOKUPS.acquire(timeout=deadline.left()):
        raise deadline.passed()
    answers: Queue[list[Any] | OSError | UnicodeError] = Queue(1)

    def look_up() -> None:
        try:
            answers.put(resolve(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)
        finally:
            _LOOKUPS.release()

    # getaddrinfo knows no timeout: without a thread, a dead name server would hold the caller for as long as it likes.
    Thread(target=look_up, name="hexmark-lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty:
        raise deadline.passed() from None
    if not isinstance(answer, list) or not answer:
        raise Unreachable(f"The host name {host} could not be found.", code="DNS_FAILED")
    return list(dict.fromkeys(str(info[4][0]) for info in answer))


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that `allowed` says yes to, and gives streams that end with the deadline and with `most_bytes`."""

    def __init__(self, *, resolve: Resolve, allowed: Callable[[str], bool], deadline: Deadline, most_bytes: int) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._most_bytes = most_bytes

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses, all of which are allowed; else Unreachable."""
        addresses = addresses_of(host, port, self._resolve, self._deadline)
        # All or nothing: a name with one public and one private address is how a check is made to see the one and use the other.
        if not all(self._allowed(address) for address in addresses):
            raise Unreachable(f"The address was not asked: {host} leads to a network that is not public.", code="SSRF_BLOCKED")
        backend = httpcore.SyncBackend()
        for address in addresses:
            try:
                stream = backend.connect_tcp(address, port, self._deadline.left(CONNECT_SECONDS), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return BoundedStream(stream, self._deadline, self._most_bytes)
        self._deadline.left()
        raise Unreachable(f"No connection could be made to {host}.", code="CONNECT_FAILED")


class BoundedStream(httpcore.NetworkStream):
    """A connection on which each wait is cut to what is left of the deadline, and which gives at most `most_bytes`."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, most_bytes: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._bytes_left = most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, waiting as long as the deadline leaves; Unreachable once it is too much."""
        data = self._stream.read(max_bytes, self._deadline.left(READ_SECONDS))
        self._bytes_left -= len(data)
        # Counted on the wire: endless interim answers or chunk extensions never show in the body.
        if self._bytes_left < 0:
            raise Unreachable("The server's answer is larger than is read.", code="TOO_LARGE")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it is sent, within the deadline."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """The connection is closed."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """This same stream, encrypted with a server whose certificate is trusted; else Unreachable."""
        try:
            self._stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        except (httpcore.ConnectError, ssl.SSLError) as error:
            # The certificate's own words help an issuer to mend it; they hold nothing of ours.
            raise Unreachable(f"No trusted connection could be made to {server_hostname}: {error}", code="TLS_ERROR") from error
        except httpcore.ConnectTimeout:
            raise self._deadline.passed() from None
        return self

    def get_extra_info(self, info: str) -> Any:
        """What the stream beneath knows about itself."""
        return self._stream.get_extra_info(info)
