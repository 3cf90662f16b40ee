"""Lists of people that are brought: read, checked row by row, run in the background, and handed back with what came of each row."""

from hexmark.people.imports.checking import check
from hexmark.people.imports.reading import read
from hexmark.people.imports.running import apply, check_soon, pause, resume, run

__all__ = ["apply", "check", "check_soon", "pause", "read", "resume", "run"]
