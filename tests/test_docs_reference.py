"""The reference pages say what the code does: commands, variables, codes, addresses and figures."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import Resolver404, resolve

from hexmark import configuration
from hexmark.awarding.rules import HOLD
from hexmark.cli.main import COMMANDS, main
from hexmark.cli.verify import NOT_VALID, UNKNOWN, UNREADABLE, USAGE, VERIFIED
from hexmark.openbadges import limits
from hexmark.openbadges.checks.sources import QUESTIONS
from hexmark.openbadges.suites import SUITES
from hexmark.verification import worker
from tests.test_docs import FENCE, INLINE_CODE, ROOT, name_of, pages, tracked

REFERENCE = ROOT / "docs/reference"
PAGES = pages()

# Commands --------------------------------------------------------------------------------------------------------------------------


def code_of(page: Path) -> Iterator[str]:
    """Lines of code on the page: fenced, indented by four, and in the running text."""
    text = page.read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        yield from block[0].splitlines()[1:-1]
    text = FENCE.sub("", text)
    yield from (line for line in text.splitlines() if line.startswith("    "))
    for span in INLINE_CODE.findall(text):
        yield span.strip("`")


def calls_of(page: Path) -> list[list[str]]:
    """Words behind each `hexmark …` on the page, up to a pipe, a comment or the next command."""
    found = []
    for line in code_of(page):
        for call in re.findall(r"(?<![\w./-])(?:[\w./-]*bin/)?hexmark +([^|;&#()\n]+)", line):
            words = shlex.split(re.sub("['`]", " ", call))
            # Output that begins with the program's name, and places to fill in, are no calls.
            if words and re.match(r"-|[a-z]", words[0]) and not words[0].startswith("hexmark"):
                found.append(words)
    return found


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words that are left for it."""
    command: click.Command = main
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"hexmark has no command {words[0]!r}"
        command, words = found, words[1:]
    return command, words


def options_of(command: click.Command) -> set[str]:
    """Every option of the command as it is typed."""
    context = click.Context(command, help_option_names=["-h", "--help"])
    return {
        name for parameter in command.get_params(context) for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-")
    }


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_shows_exists_with_its_options(page: Path) -> None:
    for words in calls_of(page):
        command, rest = command_of(words)
        if command.name == "manage":
            continue
        given = {word.rstrip(",.:").partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert given <= options_of(command), f"hexmark {' '.join(words)}"


def test_pages_do_show_commands() -> None:
    shown = {words[0] for page in PAGES for words in calls_of(page)}
    assert set(COMMANDS) <= shown


def every_command() -> Iterator[tuple[str, click.Command]]:
    """`verify`, `keys list` … with what they are."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", inner) for part, inner in command.commands.items())
        else:
            yield name, command


def test_every_command_and_option_stands_in_the_reference() -> None:
    text = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    for name, command in every_command():
        section = next((part for part in sections if f"hexmark {name.split()[0]}" in part.splitlines()[0]), "")
        assert f"hexmark {name}" in section, name
        missing = {option for option in options_of(command) if option.startswith("--") and f"{option}" not in section} - {"--help"}
        assert not missing, f"hexmark {name}: {missing}"


def test_the_exit_codes_of_verify_are_those_of_the_page() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for code, word in (
        (VERIFIED, "verified"),
        (NOT_VALID, "not valid"),
        (UNKNOWN, "unknown"),
        (UNREADABLE, "unreadable"),
        (USAGE, "wrong"),
    ):
        assert f"| {code} | {word}" in text


# Variables -------------------------------------------------------------------------------------------------------------------------


class Asked(dict[str, str]):
    """An environment that holds nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Nothing but the default."""
        self.names.add(key)
        return default


def variables_of_the_code() -> set[str]:
    """What the configuration asks the environment for, and what other code names."""
    environment = Asked()
    configuration.read(environment)
    files = [*tracked("src/*.py", "tests/conftest.py", "tests/settings.py"), ROOT / "Makefile"]
    named = {name for file in files for name in re.findall(r"HEXMARK_[A-Z][A-Z_]*[A-Z]", file.read_text(encoding="utf-8"))}
    return environment.names | named


def test_every_variable_that_a_page_names_is_read_by_the_code() -> None:
    known = variables_of_the_code()
    for page in PAGES:
        named = set(re.findall(r"HEXMARK_[A-Z][A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
        assert named <= known, f"{name_of(page)}: {named - known}"


def test_every_variable_that_the_code_reads_stands_in_the_reference() -> None:
    text = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    assert {name for name in variables_of_the_code() if f"`{name}`" not in text} == set()


# Codes -----------------------------------------------------------------------------------------------------------------------------

#: Codes that no report shows: of our own output that we read back, and of an error that is answered by another code.
INNER_CODES = {"NQUADS", "INVALID"}
CODE = re.compile(r"[A-Z][A-Z0-9_]*[A-Z0-9]")


def source_files() -> list[Path]:
    """Where codes of reports come from."""
    return [
        *tracked("src/hexmark/openbadges/*.py", "src/hexmark/net/*.py", "src/hexmark/verification/*.py"),
        *tracked("src/hexmark/cli/verify.py", "src/hexmark/issuing/reports.py", "src/hexmark/web/verif*.py"),
    ]


def strings_of(node: ast.AST) -> set[str]:
    """Texts within an expression that look like codes."""
    found = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {text for text in found if CODE.fullmatch(text)}


def codes_raised(file: Path) -> set[str]:
    """Codes and details that the file gives: `code=…`, `detail=…`, an error class's own, the fourth argument of a Check."""
    codes: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("code", "detail"):
            codes |= strings_of(node.value)
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "code":
                    codes |= strings_of(statement.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("Check", "Problem") and len(node.args) > 2:
            codes |= {text for argument in node.args[2:4] for text in strings_of(argument)}
    return codes


def codes_of_the_page() -> set[str]:
    """Every code in a table or list of remarks on the reference page."""
    text = FENCE.sub("", (REFERENCE / "verification-report.md").read_text(encoding="utf-8"))
    return {span.strip("`") for span in INLINE_CODE.findall(text) if CODE.fullmatch(span.strip("`"))} - {"CODE/DETAIL"}


def test_every_code_of_the_page_occurs_in_the_code() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in source_files())
    assert {code for code in codes_of_the_page() if not re.search(rf"\b{code}\b", source)} == set()


def test_every_code_that_is_given_stands_on_the_page() -> None:
    given = set().union(*(codes_raised(file) for file in source_files()))
    assert len(given) > 80
    assert given - codes_of_the_page() - INNER_CODES == set()


def test_every_cryptosuite_that_can_be_checked_stands_on_the_page() -> None:
    text = (REFERENCE / "verification-report.md").read_text(encoding="utf-8")
    section = text.partition("## What can be checked")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {span.strip("`") for row in rows for span in INLINE_CODE.findall(row)} == {suite.name for suite in SUITES}


# Addresses and figures -------------------------------------------------------------------------------------------------------------


def addresses() -> list[str]:
    """Addresses of the page's table, with its places filled in."""
    text = (REFERENCE / "documents-we-serve.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `/")]
    places = {"ID": "a" * 26, "BADGE": "first-aid", "NUMBER": "1", "SLUG": "acme"}
    found = [span.strip("`") for cell in cells for span in INLINE_CODE.findall(cell)]
    return [re.sub(r"[A-Z]{2,}", lambda place: places[place[0]], address) for address in found]


@pytest.mark.parametrize("address", addresses())
def test_every_address_of_the_page_is_answered_by_a_view(address: str) -> None:
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"Nothing answers at {address}.")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("docs/explanation/verification.md", f"{worker.MEMORY_BYTES >> 20} MiB"),
        ("docs/explanation/verification.md", f"{worker.CPU_SECONDS} seconds"),
        ("docs/explanation/verification.md", f"{QUESTIONS} questions"),
        ("docs/explanation/verification.md", f"{limits.FETCH_SECONDS:g} seconds"),
        ("docs/reference/documents-we-serve.md", f"{limits.STATUS_LIST_ENTRIES:,} entries"),
        ("docs/decisions/0006-two-lists-share-an-index.md", f"{limits.STATUS_LIST_ENTRIES:,} entries"),
        ("SECURITY.md", f"{limits.FETCH_BYTES >> 20} MiB"),
        ("docs/explanation/hold-and-signing.md", {10: "ten minutes"}[HOLD.seconds // 60]),
    ],
)
def test_figures_are_those_of_the_code(page: str, words: str) -> None:
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert words in text
