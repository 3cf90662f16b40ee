"""Canonicalising documents of strangers in a process that can be killed: whatever they are built to do, only it suffers."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Any, Self

from hexmark.openbadges import errors, strict_json
from hexmark.openbadges.errors import FormatError, Unreachable, WorkLimit
from hexmark.verification import worker

logger = logging.getLogger("hexmark.verification")

WALL_SECONDS = 5.0
START_SECONDS = 20.0
#: A worker that has seen this many documents is replaced: what one of them left behind shall not stay for ever.
DOCUMENTS_PER_WORKER = 5000
#: No secret of ours is handed on: the worker needs to find Python and the package, nothing else.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")


class Canonicalizer:
    """A callable that gives the canonical N-Quads of a document, worked out in one worker process, started when first needed.

    Documents of a shape that the worker has seen before are worked out by template there (`openbadges.template`), until one of those
    that are compared with the slow way differs: then it is logged as critical, and no template is asked any more.

    A context manager; `close()` ends the worker. May be used from many threads, which then wait for each other.
    """

    def __init__(self, *, seconds: float = WALL_SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._served = 0
        self._owner = os.getpid()
        self._by_shape = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __call__(self, document: Mapping[str, Any], /, *, hash_name: str = "SHA-256") -> bytes:
        """The canonical N-Quads, as `jsonld.canonical`.

        Raises:
            FormatError: as `jsonld.canonical`; WorkLimit also when the worker had to be killed.
            Unreachable: CANONICALIZER_BUSY or CANONICALIZER_FAILED, through no fault of the document.
        """
        return self._canonical(worker.CANONICAL[hash_name] + strict_json.dump(document))

    def later(self, document: Mapping[str, Any], /, *, hash_name: str = "SHA-256") -> bytes:
        """The canonical N-Quads, as `jsonld.canonical_later`. Errors as for a call."""
        return self._canonical(worker.LATER[hash_name] + strict_json.dump(document))

    def _canonical(self, request: bytes) -> bytes:
        if not self._lock.acquire(timeout=2 * self._seconds):
            raise Unreachable("Too many documents are being checked at once; try again later.", code="CANONICALIZER_BUSY")
        try:
            reply = self._ask(self._marked(request))
        finally:
            self._lock.release()
        if reply[:1] == worker.ALARM:
            self._by_shape, reply = False, reply[1:]
            logger.critical("A template gave other bytes than the slow path. Verification goes on without templates.")
        if reply[:1] == worker.OK:
            return reply[1:]
        raise _refusal(reply[1:])

    @property
    def worker_id(self) -> int | None:
        """The process id of the worker, if one runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """The worker is being started, so that the first document need not wait for all of it."""
        with self._lock:
            self._launch()

    def close(self) -> None:
        """No worker is left."""
        with self._lock:
            self._kill()

    def _marked(self, request: bytes) -> bytes:
        mark = request[:1]
        return worker.BY_SHAPE.get(mark, mark) + request[1:] if self._by_shape else request

    def _ask(self, request: bytes) -> bytes:
        connection = self._ready()
        self._served += 1
        ends = time.monotonic() + self._seconds
        try:
            connection.settimeout(self._seconds)
            worker.send(connection, request)
            connection.settimeout(max(0.01, ends - time.monotonic()))
            return worker.receive(connection)
        except (worker.Closed, OSError):
            # Killed by its own limits (Closed), or still busy when time was up: both are the document's doing.
            self._kill()
            raise WorkLimit("Canonicalising this document takes more work than any honest badge needs.") from None

    def _ready(self) -> socket.socket:
        if self._owner != os.getpid():
            # A server forked after the worker was started: two processes must not talk to it at once. It stays with the parent.
            self._process = self._connection = None
            self._served, self._owner = 0, os.getpid()
        if self._served >= DOCUMENTS_PER_WORKER or (self._process and self._process.poll() is not None):
            self._kill()
        fresh = self._served == 0
        connection = self._launch()
        if fresh:
            try:
                connection.settimeout(START_SECONDS)
                if worker.receive(connection) == worker.READY:
                    return connection
            except (worker.Closed, OSError):
                pass
            self._kill()
            raise Unreachable("The process that checks documents could not be started.", code="CANONICALIZER_FAILED")
        return connection

    def _launch(self) -> socket.socket:
        if self._connection:
            return self._connection
        ours, theirs = socket.socketpair()
        with theirs:
            # A program of its own, not a fork: it shares no memory, no lock and no open file with a server full of threads.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from hexmark.verification.worker import main; main()"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        self._connection = ours
        return ours

    def _kill(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._served = 0
        if connection:
            connection.close()
        if process:
            process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)


def _refusal(reply: bytes) -> FormatError:
    reason = json.loads(reply)
    kind = getattr(errors, reason["kind"], FormatError)
    refused: FormatError = kind(reason["message"], code=reason["code"], detail=reason["detail"], pointer=reason["pointer"])
    return refused
