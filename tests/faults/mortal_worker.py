"""A worker that kills itself (SIGKILL, so nothing is tidied up) at one point inside a batch: `mortal_worker STAGE SHARE MOMENT NOTE`.

The product has no hooks for this. A wrapper around every statement looks at the stack to see in which stage of `sign_batch` (or of
`make_some`, which makes the rows of a list into awards) it is sent, and a wrapper around the signer's builder counts documents. The first
whole batch is only counted; in the next one the process dies at this share (0 to 1) of the stage, `before` or `after` the statement, and
writes to the file NOTE where it died.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import django

#: The functions that make up a batch, by module and name, and the stage that they are.
STAGES = {
    ("hexmark.issuing.signing", "_reserve"): "reserve",
    ("hexmark.issuing.signing", "_signed"): "sign",
    ("hexmark.issuing.signing", "_finish"): "finish",
    ("hexmark.awarding.making", "make_some"): "make",
}
#: Stages that are counted by their statements.
IN_STATEMENTS = ("reserve", "finish", "make")


def stage_now() -> str | None:
    """The stage of the batch from which this was called, or None outside a batch."""
    frame = sys._getframe()
    while frame is not None:
        stage = STAGES.get((str(frame.f_globals.get("__name__")), frame.f_code.co_name))
        if stage is not None:
            return stage
        frame = frame.f_back
    return None


class Fate:
    """When to die."""

    def __init__(self, stage: str, share: float, moment: str, note: Path) -> None:
        self._stage, self._share, self._moment, self._note = stage, share, moment, note
        self._length = 0
        self._passed: Counter[str] = Counter()

    def batch_begins(self) -> None:
        """What was counted of this stage is how long it is."""
        self._length = max(self._length, self._passed[self._stage])
        self._passed.clear()

    def step(self, stage: str, moment: str, what: str) -> None:
        """One step of a stage, `before` and `after` it; does not return if it is the one."""
        if moment == "before":
            self._passed[stage] += 1
        if stage != self._stage or moment != self._moment or not self._length:
            return
        if self._passed[stage] >= max(1, round(self._share * self._length)):
            self._note.write_text(f"{stage} {self._passed[stage]} of {self._length}, {moment} {what[:60]}", encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """A statement on its way to the database."""
        stage = stage_now()
        if stage in IN_STATEMENTS:
            self.step(stage, "before", sql)
        result = execute(sql, params, many, context)
        if stage in IN_STATEMENTS:
            self.step(stage, "after", sql)
        return result

    def builder(self, build: Callable[[Sequence[int]], Iterator[Any]]) -> Callable[[Sequence[int]], Iterator[Any]]:
        """The signer's builder of credentials; `before` a document is built, and `after` it was signed."""

        def counting(row_ids: Sequence[int]) -> Iterator[Any]:
            for unsigned in build(row_ids):
                self.step("sign", "before", f"credential {unsigned.row_id}")
                yield unsigned
                self.step("sign", "after", f"credential {unsigned.row_id}")

        return counting


def main(stage: str, share: str, moment: str, note: str) -> None:
    """Work as a worker does, until the point is reached."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from hexmark.awarding import jobs as lists
    from hexmark.issuing import documents, jobs
    from hexmark.jobs import ticker
    from hexmark.keys.signer import register_builder

    fate = Fate(stage, float(share), moment, Path(note))

    def counted(work: Callable[[int], int]) -> Callable[[int], int]:
        def batch(number: int) -> int:
            fate.batch_begins()
            return work(number)

        return batch

    if stage == "make":
        lists.make_some = counted(lists.make_some)
    else:
        jobs.sign_batch = counted(jobs.sign_batch)
    register_builder("credential", fate.builder(documents.unsigned_credentials))
    # Connections belong to threads: the ticker's own statements are not counted.
    threading.Thread(target=ticker.run_forever, args=[lambda: False], daemon=True).start()
    with connection.execute_wrapper(fate.statement):
        call_command("db_worker", queue_name="*", interval=0.1, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
