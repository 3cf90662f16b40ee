"""What becomes of status indexes when an installation is restored from a backup."""

from __future__ import annotations

from django.db.models import F

from hexmark.issuing.models import StatusRegister


def close_registers() -> int:
    """The next credential of each organisation begins a new register; returns how many were open.

    What was signed after the backup is not in it, and its holders still have it: its index, drawn again, would have two
    credentials revoked at once.
    """
    return StatusRegister.objects.filter(drawn__lt=F("entries")).update(drawn=F("entries"))
