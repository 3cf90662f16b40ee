"""A framework as a file tells it, before anything of it is stored; and the one place that says what its texts may be. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.skills.models import HIGHEST_LEVEL

MOST_SKILLS = 5000
LONGEST_NAME, LONGEST_CODE, LONGEST_TEXT, LONGEST_URL = 200, 60, 2000, 500
LONGEST_LEVEL_TEXT = 600


class UnusableFramework(Invalid):
    """A file that cannot be taken as a framework. `where` is a line (`line 7`) or a place in the JSON (`CFItems[3].uri`)."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, field="file")
        self.where = where


@dataclass(frozen=True, slots=True)
class SkillDraft:
    """One skill as a file tells it. `key` is what others call it in the same file, `parent` the key of the skill that it is a part of."""

    key: str
    name: str
    where: str
    code: str = ""
    description: str = ""
    url: str = ""
    parent: str = ""
    level_texts: tuple[str, ...] = ()
    minimum_holders: int = 2


@dataclass(frozen=True, slots=True)
class FrameworkDraft:
    """A framework as a file tells it."""

    name: str
    skills: Sequence[SkillDraft]
    url: str = ""
    version: str = ""
    description: str = ""


def checked(draft: FrameworkDraft) -> FrameworkDraft:
    """The same with texts as they are stored, once it is known that all of it can be.

    Raises:
        UnusableFramework: a text is missing, too long or hides something; a key, code or address is there twice; a parent is not in the
            file, or its own part.
    """
    if not draft.skills:
        raise UnusableFramework("There is no skill in it.")
    if len(draft.skills) > MOST_SKILLS:
        raise UnusableFramework(f"A framework has at most {MOST_SKILLS:,} skills. Split it.")
    skills = [_checked_skill(one) for one in draft.skills]
    for what in ("key", "code", "url"):
        _no_doubles(skills, what)
    _no_loops(skills)
    return replace(
        draft,
        name=line_of_text(draft.name, LONGEST_NAME, "The framework's name"),
        url=web_address(draft.url),
        version=line_of_text(draft.version, 60, "Its version", optional=True),
        description=block_of_text(draft.description, "Its description"),
        skills=tuple(skills),
    )


def line_of_text(text: str, longest: int, what: str, *, where: str = "", optional: bool = False) -> str:
    """One line without blanks at its ends.

    Raises:
        UnusableFramework: it is empty (unless it may be), too long, or holds hidden characters.
    """
    cleaned = " ".join(text.split())
    if not cleaned and not optional:
        raise UnusableFramework(f"{what} is missing.", where=where)
    if len(cleaned) > longest or hides_in_line(cleaned):
        raise UnusableFramework(f"{what} has at most {longest} characters, all of them visible.", where=where)
    return cleaned


def block_of_text(text: str, what: str, *, where: str = "", longest: int = LONGEST_TEXT) -> str:
    """A text of several lines without blanks at its ends.

    Raises:
        UnusableFramework: it is too long, or holds hidden characters.
    """
    cleaned = text.strip()
    if len(cleaned) > longest or hides_in_text(cleaned):
        raise UnusableFramework(f"{what} has at most {longest:,} characters, all of them visible.", where=where)
    return cleaned


def web_address(text: str, *, where: str = "") -> str:
    """An address that signed files can name, or none.

    Raises:
        UnusableFramework: it is neither empty nor an http(s) address.
    """
    cleaned = text.strip()
    try:
        parts = urlsplit(cleaned)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        usable = False
    if cleaned and (not usable or len(cleaned) > LONGEST_URL or hides_in_line(cleaned) or " " in cleaned):
        raise UnusableFramework(f"“{cleaned[:60]}” is not a web address.", where=where)
    return cleaned


def _checked_skill(one: SkillDraft) -> SkillDraft:
    if len(one.level_texts) > HIGHEST_LEVEL:
        raise UnusableFramework(f"A skill has at most {HIGHEST_LEVEL} levels.", where=one.where)
    if not 0 <= one.minimum_holders <= 1000:
        raise UnusableFramework("So few may hold it: a number from 0 to 1000.", where=one.where)
    texts = [
        block_of_text(text, f"The text of level {level}", where=one.where, longest=LONGEST_LEVEL_TEXT)
        for level, text in enumerate(one.level_texts, start=1)
    ]
    while texts and not texts[-1]:
        texts.pop()
    return replace(
        one,
        name=line_of_text(one.name, LONGEST_NAME, "The name", where=one.where),
        code=line_of_text(one.code, LONGEST_CODE, "The code", where=one.where, optional=True),
        description=block_of_text(one.description, "The description", where=one.where),
        url=web_address(one.url, where=one.where),
        level_texts=tuple(texts),
    )


def _no_doubles(skills: Sequence[SkillDraft], what: str) -> None:
    seen: dict[str, str] = {}
    for one in skills:
        value = getattr(one, what)
        if value and value in seen:
            raise UnusableFramework(f"“{value[:60]}” stands at {seen[value]} already.", where=one.where)
        seen[value] = one.where


def _no_loops(skills: Sequence[SkillDraft]) -> None:
    parents = {one.key: one.parent for one in skills}
    for one in skills:
        if one.parent and one.parent not in parents:
            raise UnusableFramework(f"It is a part of “{one.parent[:60]}”, which is not in the file.", where=one.where)
    # Each skill is walked once: what was seen on an earlier walk leads to no loop.
    safe: set[str] = {""}
    for one in skills:
        path: list[str] = []
        here = one.key
        while here not in safe:
            if here in path:
                raise UnusableFramework("It is a part of itself, through others.", where=one.where)
            path.append(here)
            here = parents[here]
        safe.update(path)
