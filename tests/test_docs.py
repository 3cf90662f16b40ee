"""The documentation holds: links lead somewhere, every page can be reached, words are those of the glossary, nothing leaks."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE)
INLINE_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """Files of the repository that match, in order; those that were deleted and not committed yet are left out."""
    listed = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("This is not a clone, so the files of the repository are not known.")
    found = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(file for file in found if file.is_file())


def prose(file: Path) -> str:
    """The page without code."""
    return INLINE_CODE.sub("", FENCE.sub("", file.read_text(encoding="utf-8")))


def links(file: Path) -> list[str]:
    """Targets of the page's links that stay in the repository."""
    return [target for target in LINK.findall(prose(file)) if not re.match(r"[a-z]+:", target)]


def anchors(file: Path) -> set[str]:
    """What `#…` may name on a page: its headings, as code hosts write them."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", file.read_text(encoding="utf-8"))):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        copies = sum(other == anchor or other.startswith(f"{anchor}-") for other in found)
        found.add(f"{anchor}-{copies}" if anchor in found else anchor)
    return found


def pages() -> list[Path]:
    """Pages that people read; test data may hold Markdown of its own."""
    return [file for file in tracked("*.md") if "fixtures" not in file.parts and "node_modules" not in file.parts]


def name_of(file: Path) -> str:
    """The path in the repository."""
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        waiting += [(page.parent / target.partition("#")[0]).resolve() for target in links(page) if not target.startswith("#")]
    assert [name_of(page) for page in tracked("docs/*.md") if page not in seen] == []


def test_no_page_names_a_file_below_src_that_is_not_there() -> None:
    named = {
        (page, path) for page in pages() for path in re.findall(r"`(src/[\w/.-]+|tests/[\w/.-]+\.py)`", page.read_text(encoding="utf-8"))
    }
    missing = [f"{name_of(page)}: {path}" for page, path in sorted(named) if not (ROOT / path).exists() and "<" not in path]
    assert missing == []


def test_every_page_and_threat_that_a_comment_names_exists() -> None:
    threats = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")
    for file in tracked("src/*.py", "tests/*.py"):
        text = file.read_text(encoding="utf-8")
        for page in re.findall(r"\bdocs/[\w/-]+\.md\b", text):
            assert (ROOT / page).is_file(), f"{name_of(file)} names {page}"
        for number in re.findall(r"Threats? (T[0-9]+)", text):
            assert f"| {number} |" in threats, f"{name_of(file)} names threat {number}"


def test_every_make_target_that_is_named_exists() -> None:
    makefile = ROOT / "Makefile"
    targets = set(re.findall(r"^([a-z-]+):", makefile.read_text(encoding="utf-8"), re.MULTILINE))
    for page in pages():
        named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, name_of(page)


# Words -----------------------------------------------------------------------------------------------------------------------------

#: Words of the column "never say" that mean something else too, or are a standard's (1EdTech's revocation list): only a reader can tell.
EVERYDAY = set(
    "attachment batch category competency condition criteria dashboard deficit goal grade grant listener mapping mock owner permission "
    "position recommendation request requirements revision role rule service submission tag template user company learner metric "
    "campaign appraisal assertion trail throttle kpi okr datapoint"
    .split()
) | {"revocation list"}  # fmt: skip


def glossary_rows() -> list[list[str]]:
    """Cells of the glossary's three-column tables: word, meaning, never say."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("| **")]
    assert all(len(row) == 3 for row in rows)
    return rows


def never_said() -> list[str]:
    """Words that the glossary bans and that have no other meaning."""
    words = [re.sub(r"\(.*?\)", "", word).strip().lower() for row in glossary_rows() for word in row[2].split(",")]
    return sorted({word for word in words if word and word not in EVERYDAY})


@pytest.mark.parametrize("word", never_said())
def test_a_word_that_the_glossary_bans_is_not_used(word: str) -> None:
    files = [page for page in pages() if page.name not in ("glossary.md", "SOURCES.md", "LICENSES.md")]
    files += [file for file in tracked("src/*.html", "src/*.py") if "fixtures" not in file.parts]
    banned = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    assert [name_of(file) for file in files if banned.search(prose(file))] == []


def test_every_table_of_the_database_has_its_word_in_the_glossary() -> None:
    words = " ".join(row[0].lower() for row in glossary_rows())
    for file in tracked("src/hexmark/*/models.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in ("models.Model", "AbstractBaseUser") for base in node.bases):
                # AchievementVersion is an Achievement's Version; OneTimeLink is in the glossary as it stands.
                spoken = " ".join(re.findall(r"[A-Z][a-z]+", node.name)).lower()
                known = spoken.replace("one time", "one-time") in words or spoken.split()[-1] in words
                assert known, f"{node.name} of {name_of(file)} is not in docs/glossary.md"


# What must not be there ------------------------------------------------------------------------------------------------------------

#: Package registries, by the beginning of the SHA-256 of their domains: this file does not name them either.
_REGISTRIES = """
    00a7dc5a0cc38858 0fd460f0568e29c1 271dacc9f4d0caf8 3530c4415dd857fb 3ca29e55be4befa4 71741fe2460a6150
    789e46d79514e280 8743857e3ea00fd1 87d14f070cb96869 8b5bb5eb9d758455 a4aa2ac280bb8d1a e680c440a2e92079
""".split()
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
#: Folders of whoever wrote this; installations have /var/lib, /etc and /opt.
_MACHINE = re.compile(r"(?<![\w.~:/-])/(?:root|work|workspace|home/[a-z]\w*|Users/[A-Za-z]\w*)/\w")


def text_files() -> list[tuple[Path, str]]:
    """Every tracked file that is UTF-8 text."""
    found = []
    for file in tracked():
        try:
            found.append((file, file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def names_a_registry(host: str) -> bool:
    """Whether the host is one of the registries or stands below one."""
    parts = host.lower().split(".")
    domains = (".".join(parts[n:]) for n in range(len(parts) - 1))
    return any(hashlib.sha256(domain.encode()).hexdigest()[:16] in _REGISTRIES for domain in domains)


def test_no_file_names_a_package_registry() -> None:
    found = ((file, match[0]) for file, text in text_files() for match in _DOMAIN.finditer(text))
    assert [f"{name_of(file)}: {host}" for file, host in found if names_a_registry(host)] == []


def test_no_file_holds_a_path_of_the_machine_on_which_it_was_written() -> None:
    assert [f"{name_of(file)}: {match[0]}" for file, text in text_files() if (match := _MACHINE.search(text))] == []


def test_every_package_that_is_needed_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in project["dependencies"]}  # type: ignore[index]
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    section = notices.partition("## Python packages")[2].partition("\n## ")[0]
    named = {name for name, licence in re.findall(r"^\| ([\w.-]+) \| (.+) \|$", section, re.MULTILINE)} - {"package"}
    assert named - {"---"} == needed
