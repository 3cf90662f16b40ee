"""Reading the tables of who is answered where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
EVERYBODY = "SPAHUMGN"


@dataclass(frozen=True, slots=True)
class Row:
    """Who is answered at one address, by method, in letters of tests/tenancy/standing.py; small: only about their own or their people."""

    get: str
    post: str

    def letters(self, method: str) -> str:
        """The letters of this method."""
        return self.get if method == "GET" else self.post


def site() -> Mapping[str, Row]:
    """site.tsv: each address of the site by its name."""
    rows = {}
    for line in (HERE / "site.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, get, post = line.split("\t")
            assert name not in rows, f"{name} has two rows."
            rows[name] = Row(_letters(get), _letters(post))
    return rows


def api() -> Mapping[str, tuple[str, ...]]:
    """api.tsv: each operation of the API by its id, with the scopes that it needs; `visitors` where it needs none."""
    rows = {}
    for line in (HERE / "api.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, scopes = line.split("\t")
            assert name not in rows, f"{name} has two rows."
            rows[name] = tuple(scopes.split())
    return rows


def _letters(cell: str) -> str:
    letters = {"-": "", "all": EVERYBODY, "signed-in": EVERYBODY.replace("N", "")}.get(cell.strip(), cell.strip())
    assert not set(letters.upper()) - set(EVERYBODY), cell
    return letters
