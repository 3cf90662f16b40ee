"""The site, with background work beside it."""

from __future__ import annotations

import multiprocessing
import socket
import threading
from urllib.parse import urlsplit

import click

from hexmark.cli import framework

#: Python runs one thread at a time: a few are enough to wait for the database and for strangers' servers side by side.
THREADS_PER_PROCESS = 8
REQUESTS_WAITING = 64


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", show_default="that of a local HEXMARK_PUBLIC_URL, else 8000", type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--with-worker/--without-worker", default=True, show_default=True, help="Run background work in the same command.")
def serve(host: str, port: int | None, workers: int, with_worker: bool) -> None:
    """Serve the site, until stopped."""
    framework.start()
    framework.require_secrets()
    port = port or _local_port()
    require_free_port(host, port)
    framework.migrate()
    run(host=host, port=port, workers=workers, with_worker=with_worker)


def require_free_port(host: str, port: int) -> None:
    """Pass silently if nobody listens there yet: two servers on one port would answer by turns, each with its own badges.

    Raises:
        ClickException: the port is taken, or the address is not this machine's.
    """
    try:
        [(family, kind, protocol, _, address)] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:1]
        with socket.socket(family, kind, protocol) as tried:
            # Without SO_REUSEPORT, which the server sets: it would let us in beside another.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another with --port.") from error


def _local_port() -> int:
    """The port that a public address on this very machine names: the link that `hexmark init` prints leads there."""
    from django.conf import settings

    address = urlsplit(settings.PUBLIC_URL)
    is_local = address.hostname in ("localhost", "127.0.0.1", "::1")
    return (address.port if is_local else None) or 8000


def run(*, host: str, port: int, workers: int, with_worker: bool) -> None:
    """Listen until SIGTERM or SIGINT; background work, if wanted, ends with the site."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from hexmark.jobs.worker import Worker

    # A web process is a program of its own, not a fork: forked while a thread beside is inside SQLite, it would inherit a lock
    # that nobody ever gives back, and would wait for its first query for ever.
    multiprocessing.set_start_method("spawn", force=True)
    beside = Worker() if with_worker else None
    thread = threading.Thread(target=beside.work, name="worker") if beside else None
    if thread:
        thread.start()
    server = Server(
        "hexmark.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_PROCESS,
        backpressure=REQUESTS_WAITING,
        websockets=False,
        # Its warning about more threads than cores is meant for work that computes; ours waits.
        log_level=LogLevels.error,
    )
    try:
        server.serve()
    finally:
        if beside and thread:
            beside.stop()
            thread.join(timeout=40)
