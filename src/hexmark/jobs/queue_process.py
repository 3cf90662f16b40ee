"""One queue process: Django's `db_worker`, ended when the worker that started it is gone.

The worker ends its queue processes when it stops, but nobody tells them when it is killed with SIGKILL: they would work on
beside those of the next worker, with the code of yesterday. Run as `python -m hexmark.jobs.queue_process WORKER_PID OPTION …`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

#: How long the job that is running may go on when the worker is gone.
GRACE_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.5


def main(worker_pid: int, options: Sequence[str]) -> None:
    """Work off the queue with these options of `db_worker`, for as long as the process with this number is the parent."""
    threading.Thread(target=_end_with, args=[worker_pid], name="watch-the-worker", daemon=True).start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hexmark", "db_worker", *options])


def _end_with(worker_pid: int) -> None:
    # Compared with the number that the worker gave: it may have been gone before this process first looked.
    while os.getppid() == worker_pid:
        time.sleep(LOOK_EVERY_SECONDS)
    # As the worker would have asked it to end: after the job that is running.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
