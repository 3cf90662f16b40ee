"""What a machine can see of the house rules (docs/style.md). `make check` runs the import contracts of pyproject.toml beside this."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "hexmark"
FILE_LINES, FUNCTION_LINES = 300, 40

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every module that somebody wrote: migrations are made by a command."""
    return sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, Function))


def public_functions(body: list[ast.stmt]) -> Iterator[Function]:
    """What others may call: functions of the module and methods of its classes without an underscore in front."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and node.name.startswith("_"):
            continue
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from public_functions(node.body)


def length(function: Function) -> int:
    """Lines without the docstring, which may be as long as the truth is."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    lines = function.end_lineno - function.lineno + 1 if function.end_lineno else 0
    return lines - (docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0)


def only_declares(function: Function) -> bool:
    """Whether this is a line of a protocol, or an overload: a signature without a body."""
    return isinstance(function.body[0], ast.Expr) and getattr(function.body[0].value, "value", None) is Ellipsis


def test_nothing_is_called_utils() -> None:
    assert [named(path) for path in SOURCE.rglob("*") if re.fullmatch(r"(.*_)?utils?|helpers?|misc|common", path.stem)] == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    lengths = {f"{named(path)}:{function.name}": length(function) for path in modules() for function in functions(path)}
    assert {function: lines for function, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_every_module_says_what_belongs_there() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in modules()}
    assert [named(path) for path, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def test_every_public_function_says_what_is_true_afterwards() -> None:
    silent = [
        f"{named(path)}:{function.lineno} {function.name}"
        for path in modules()
        for function in public_functions(ast.parse(path.read_text(encoding="utf-8")).body)
        if not ast.get_docstring(function) and not only_declares(function)
    ]
    assert silent == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX)\b")
    texts = [*modules(), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.css"), *SOURCE.rglob("*.js"), *(ROOT / "tests").rglob("*.py")]
    here = Path(__file__)
    assert [named(path) for path in texts if path != here and left.search(path.read_text(encoding="utf-8"))] == []


def test_every_room_has_a_place_in_the_picture() -> None:
    """The contract is exhaustive only as long as it says so."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix in ("", ".py") and not path.name.startswith("__")}
    places = " | ".join(layers["layers"]).split(" | ")
    assert layers["exhaustive"] is True
    assert rooms - {place.strip("()") for place in places} == set()
    assert {place for place in places if not place.startswith("(")} - rooms == set()


@pytest.mark.parametrize("lock", ["constraints.txt", "tests/foreign/package-lock.json"])
def test_what_is_installed_is_pinned_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    if lock.endswith(".json"):
        packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
        assert [name for name, package in packages.items() if "integrity" not in package or "resolved" in package] == []
    else:
        assert "://" not in text
        pins = re.findall(r"^([a-z0-9-]+)==[^\\]+\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
