"""The process in which documents of strangers are canonicalised: bounded in memory and time, without files, and easily killed.

It speaks in frames over one socket: a length of 4 bytes, then JSON or N-Quads. Run by `canonicalizer`, never by hand.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 4
FRAME = struct.Struct(">I")
#: N-Quads repeat long identifiers; a document of 1 MiB still stays far below this.
FRAME_BYTES = 64 * 1024 * 1024
#: A request begins with which reading of the contexts is wanted, by which hash; a reply with how it went.
CANONICAL = {"SHA-256": b"c", "SHA-384": b"C"}
LATER = {"SHA-256": b"l", "SHA-384": b"L"}
#: The same by templates of shapes that were seen before, which live and die with the worker.
BY_SHAPE = {b"c": b"s", b"l": b"t"}
#: ALARM stands before a reply once: templates are not to be asked any more.
OK, REFUSED, READY, ALARM = b"+", b"-", b"!", b"*"

Readings = Mapping[bytes, Callable[[dict[str, Any]], bytes]]


class Closed(Exception):
    """The other side is gone."""


def send(connection: socket.socket, payload: bytes) -> None:
    """One frame is on its way.

    Raises:
        OSError: the other side is gone, or too slow for the socket's timeout.
    """
    connection.sendall(FRAME.pack(len(payload)) + payload)


def receive(connection: socket.socket) -> bytes:
    """The next frame.

    Raises:
        Closed: the other side is gone, or sends what is no frame.
        OSError: it is too slow for the socket's timeout.
    """
    size = FRAME.unpack(_exactly(connection, FRAME.size))[0]
    if size > FRAME_BYTES:
        raise Closed
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise Closed
        data += piece
    return bytes(data)


def limit(kind: int, soft: int) -> None:
    """The limit holds, where the system knows it."""
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


def answer(request: bytes, readings: Readings) -> bytes:
    """The reply to one request: N-Quads, or why not."""
    from hexmark.openbadges.errors import FormatError, WorkLimit

    try:
        return OK + readings[request[:1]](json.loads(request[1:]))
    except FormatError as error:
        refused: FormatError = error
    except (MemoryError, RecursionError):
        refused = WorkLimit("Canonicalising this document would take more memory than any honest badge needs.")
    reason = {"kind": type(refused).__name__, "message": str(refused), "code": refused.code}
    return REFUSED + json.dumps({**reason, "detail": refused.detail, "pointer": refused.pointer}).encode()


def main() -> None:
    """Serve requests on standard input, a socket, until the other side closes it."""
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    connection = socket.socket(fileno=os.dup(0))
    alarms: list[str] = []
    readings = _readings(alarms)
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    with suppress(Closed, OSError):
        send(connection, READY)
        while True:
            request = receive(connection)
            # The processor's own clock counts from birth, so the bound moves with every request. Passing it kills the process.
            used = resource.getrusage(resource.RUSAGE_SELF)
            limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS)
            reply = answer(request, readings)
            send(connection, ALARM + reply if alarms else reply)
            alarms.clear()


def _readings(alarms: list[str]) -> Readings:
    from hexmark.openbadges import jsonld
    from hexmark.openbadges.template import Shapes, Watch

    readings: dict[bytes, Callable[[dict[str, Any]], bytes]] = {}
    readings |= {mark: partial(jsonld.canonical, hash_name=name) for name, mark in CANONICAL.items()}
    readings |= {mark: partial(jsonld.canonical_later, hash_name=name) for name, mark in LATER.items()}
    watch = Watch(alarm=alarms.append)
    readings[BY_SHAPE[CANONICAL["SHA-256"]]] = Shapes(watch=watch, using=jsonld.REVISIONS[0])
    readings[BY_SHAPE[LATER["SHA-256"]]] = Shapes(watch=watch, using=jsonld.REVISIONS[-1])
    return readings
