"""The net under the argument: one in many fast results is worked out the slow way too, and the first that differs ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result", str, bytes)

#: At 20,000 a second and 3 ms for the slow way this costs three hundredths of the time.
EVERY = 2000


class Watch:
    """Compares results; `alarm` is told, once, when two differ. May be shared by many templates and threads."""

    def __init__(self, *, alarm: Callable[[str], None], every: int = EVERY) -> None:
        if every < 1:
            raise ValueError("At least one in all is compared.")
        self._alarm = alarm
        self._every = every
        self._until_next = every
        self._trusted = True

    @property
    def trusted(self) -> bool:
        """Whether templates may be used. Once it is False it stays so: a program that errs is to be mended, not tried again."""
        return self._trusted

    def confirmed(self, fast: Result, slowly: Callable[[], Result]) -> Result:
        """The fast result; or, if it was this one's turn and they differ, the slow one.

        Raises:
            whatever `slowly` raises, which is a difference as well.
        """
        self._until_next -= 1
        if self._until_next > 0:
            return fast
        self._until_next = self._every
        try:
            slow = slowly()
        except Exception:
            self._distrust("the slow path refuses a document that a template accepted")
            raise
        if slow != fast:
            self._distrust("a template gave other bytes than the slow path")
        return slow

    def _distrust(self, reason: str) -> None:
        if self._trusted:
            self._trusted = False
            self._alarm(f"Templates are switched off: {reason}.")
