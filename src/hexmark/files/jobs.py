"""Housekeeping of files."""

from __future__ import annotations

from hexmark.files import derived
from hexmark.jobs import sweep


@sweep("files.forget_unused", every_seconds=24 * 3600)
def forget_unused() -> None:
    """Pictures, cards and certificates that nobody has asked for in a month are gone; they are made again when somebody does."""
    derived.forget_unused()
