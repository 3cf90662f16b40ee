"""An installation of its own for a fault test: a data directory, a real database, and processes that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLIC_URL = "https://badges.acme.example"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is; every process of it is started through `command` and `start`."""

    data_dir: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEXMARK_")}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "hexmark.project.settings",
            "HEXMARK_PUBLIC_URL": PUBLIC_URL,
            "HEXMARK_DATA_DIR": str(self.data_dir),
            "HEXMARK_DATABASE_URL": self.database_url,
            "HEXMARK_SECRET_KEY": "only for tests, and long enough to be taken seriously",
            "HEXMARK_KEY_ENCRYPTION_KEY": "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA=",
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        """This Python with these arguments, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, seconds: float = 120) -> tuple[int, str, str]:
        """The exit code (negative: the signal that ended it), output and errors of a process that ends by itself."""
        process = self.start(*command)
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            raise AssertionError(f"{command} did not end in {seconds} seconds.\n{errors[-4000:]}") from None
        return process.returncode, output, errors

    def ask(self, *command: str, seconds: float = 120) -> Any:
        """What `tests.faults.scene` answers."""
        code, output, errors = self.run("-m", "tests.faults.scene", *command, seconds=seconds)
        assert code == 0, errors[-4000:]
        return json.loads(output.splitlines()[-1])


@contextmanager
def installation(data_dir: Path) -> Iterator[Installation]:
    """An empty installation: on PostgreSQL in a database of its own where HEXMARK_TEST_DATABASE_URL names a server, else on SQLite."""
    server = os.environ.get("HEXMARK_TEST_DATABASE_URL", "")
    if not server:
        yield Installation(data_dir, "")
        return
    import psycopg
    from psycopg import sql

    name = f"hexmark_faults_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Installation(data_dir, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
