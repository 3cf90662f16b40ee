"""The worker: the queue's own process in a restart loop, with a ticker beside it.

The queue's process can die (killed for memory, or when SQLite's write lock was held too long); nothing is lost by
that, and it is started again at once, more slowly if it keeps dying.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time

from hexmark.jobs import ticker

logger = logging.getLogger("hexmark.jobs")

#: Waits between restarts double up to this.
LONGEST_WAIT_SECONDS = 30.0
#: A process that lived this long is healthy: the next restart is at once again.
HEALTHY_SECONDS = 30.0


def queue_command(*, idle_seconds: float = 0.5) -> list[str]:
    """The command of one queue process, in this interpreter, which ends when this process does."""
    options = f"--queue-name * --interval {idle_seconds} --no-startup-delay --no-reload -v 0"
    return [sys.executable, "-m", "hexmark.jobs.queue_process", str(os.getpid()), *options.split()]


class Worker:
    """Runs queue processes and the ticker until `stop` is called (or SIGTERM or SIGINT arrives, see `run`)."""

    def __init__(self, *, processes: int = 1) -> None:
        self._processes = processes
        self._stopping = threading.Event()
        self.restarts = 0

    def stop(self) -> None:
        """Ask everything to end after the job that is running."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        self.work()

    def work(self) -> None:
        """Work until stopped, without touching this process's signal handlers (so that a thread can call it)."""
        keepers = [threading.Thread(target=self._keep_alive, name=f"queue-{n}", daemon=True) for n in range(self._processes)]
        for keeper in keepers:
            keeper.start()
        ticker.run_forever(self._stopping.is_set)
        for keeper in keepers:
            keeper.join(timeout=LONGEST_WAIT_SECONDS)

    def _keep_alive(self) -> None:
        wait_seconds = 0.0
        while not self._stopping.wait(wait_seconds):
            started = time.monotonic()
            ended = self._run_queue()
            if self._stopping.is_set():
                return
            self.restarts += 1
            lived = time.monotonic() - started
            wait_seconds = 0.0 if lived > HEALTHY_SECONDS else min(max(0.5, wait_seconds * 2), LONGEST_WAIT_SECONDS)
            logger.warning("The queue process ended with %s and is started again.", ended)

    def _run_queue(self) -> int | OSError:
        """How a queue process ended, or why it could not be started."""
        try:
            process = subprocess.Popen(queue_command(), env=os.environ | {"DJANGO_SETTINGS_MODULE": "hexmark.project.settings"})  # noqa: S603
        except OSError as error:
            # Short of memory or of process numbers: that passes, and must not leave a worker without a queue.
            return error
        while process.poll() is None and not self._stopping.wait(0.2):
            pass
        if process.returncode is None:
            _end(process)
        return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
