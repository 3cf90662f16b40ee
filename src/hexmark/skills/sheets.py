"""Frameworks and what roles ask for as tables: what a row says, and the rows that a table is written with. No database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hexmark.errors import Invalid
from hexmark.files.tables import Row, Table, read_table
from hexmark.organisations.assurance import Assurance
from hexmark.skills.drafts import FrameworkDraft, SkillDraft, UnusableFramework, checked
from hexmark.skills.models import HIGHEST_LEVEL, RoleRequirement, Skill

LEVEL_COLUMNS = tuple(f"level_{level}" for level in range(1, HIGHEST_LEVEL + 1))
SKILL_COLUMNS = ("code", "name", "description", "part_of", "address", "minimum_holders", *LEVEL_COLUMNS)
NEED_COLUMNS = (
    *("role", "skill", "level", "importance", "critical", "emerging"),
    *("assurance_at_least", "issuers", "max_age_months", "starts_on", "ends_on"),
)
_IMPORTANCE = {choice.label.lower(): choice.value for choice in RoleRequirement.Importance}
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of a table of what roles ask for; `skill` is a code, an address or a name."""

    line: int
    role: str
    skill: str
    level: int
    importance: int
    critical: bool
    emerging: bool
    assurance_at_least: str
    issuers: tuple[str, ...]
    max_age_months: int | None
    starts_on: date
    ends_on: date | None


def read_skills(data: bytes, *, file_name: str, name: str) -> FrameworkDraft:
    """The framework of this name that the table tells, a row for each skill; `part_of` names the code or name of another row.

    Raises:
        Unreadable: it is no table.
        UnusableFramework: a row is wrong, or the table has no column `name`; `where` says at which line.
    """
    table = _table(data, file_name, known=SKILL_COLUMNS, needed=("name",))
    rows = [_values(row) for row in table.rows]
    # A part may name the other by code or, where codes are not used, by name.
    keys = {alias: f"line {line}" for line, values in rows for alias in (values.get("name", ""), values.get("code", "")) if alias}
    return checked(FrameworkDraft(name=name, skills=[_skill(line, values, keys) for line, values in rows]))


def read_needs(data: bytes, *, file_name: str, today: date) -> list[NeedRow]:
    """What roles ask for, a row for each need. Without a first day it begins today.

    Raises:
        Unreadable: it is no table.
        UnusableFramework: a row is wrong, or a column is missing; `where` says at which line.
    """
    table = _table(data, file_name, known=NEED_COLUMNS, needed=("role", "skill", "level"))
    return [_need(line, values, today) for line, values in (_values(row) for row in table.rows)]


def skill_rows(skills: Iterable[Skill]) -> Iterator[Sequence[object]]:
    """A row for each skill, in the order of `SKILL_COLUMNS`; reading them back gives the same skills."""
    for skill in skills:
        texts = [*skill.level_texts, *[""] * HIGHEST_LEVEL][:HIGHEST_LEVEL]
        parent = (skill.parent.code or skill.parent.name) if skill.parent else ""
        yield skill.code, skill.name, skill.description, parent, skill.url, skill.minimum_holders, *texts


def need_rows(needs: Iterable[RoleRequirement]) -> Iterator[Sequence[object]]:
    """A row for each need, in the order of `NEED_COLUMNS`."""
    for need in needs:
        yield (
            *(need.role.name, need.skill.code or need.skill.url, need.level, need.get_importance_display().lower()),
            *("yes" if need.critical else "no", "yes" if need.emerging else "no", need.assurance_at_least),
            *(" ".join(need.issuers), need.max_age_months, need.starts_on.isoformat()),
            need.ends_on.isoformat() if need.ends_on else "",
        )


def _table(data: bytes, file_name: str, *, known: Sequence[str], needed: Sequence[str]) -> Table:
    table = read_table(data, file_name=file_name)
    for name in needed:
        if name not in table.columns:
            raise UnusableFramework(f"The column “{name}” is missing. There are: {', '.join(known)}.", where="line 1")
    for name in table.columns:
        if name not in known:
            raise UnusableFramework(f"The column “{name}” is not known. There are: {', '.join(known)}.", where="line 1")
    return table


def _values(row: Row) -> tuple[int, Mapping[str, str]]:
    if row.problem:
        raise UnusableFramework(row.problem.sentence, where=f"line {row.line}")
    return row.line, row.values


def _skill(line: int, values: Mapping[str, str], keys: Mapping[str, str]) -> SkillDraft:
    where, part_of = f"line {line}", values.get("part_of", "")
    if part_of and part_of not in keys:
        raise UnusableFramework(f"It is a part of “{part_of[:60]}”, which is not in the file.", where=where)
    return SkillDraft(
        key=where,
        name=values.get("name", ""),
        where=where,
        code=values.get("code", ""),
        description=values.get("description", ""),
        url=values.get("address", ""),
        parent=keys[part_of] if part_of else "",
        level_texts=tuple(values.get(column, "") for column in LEVEL_COLUMNS),
        minimum_holders=_number(values, "minimum_holders", where, least=0, most=1000, missing=2) or 0,
    )


def _need(line: int, values: Mapping[str, str], today: date) -> NeedRow:
    where = f"line {line}"
    if not values.get("role") or not values.get("skill"):
        raise UnusableFramework("The role or the skill is missing.", where=where)
    return NeedRow(
        line=line,
        role=values["role"],
        skill=values["skill"],
        level=_number(values, "level", where, least=1, most=HIGHEST_LEVEL, missing=1) or 1,
        importance=_importance(values.get("importance", ""), where),
        critical=_yes(values, "critical", where),
        emerging=_yes(values, "emerging", where),
        assurance_at_least=_assurance(values.get("assurance_at_least", ""), where),
        issuers=tuple(values.get("issuers", "").split()),
        max_age_months=_number(values, "max_age_months", where, least=1, most=600, missing=None),
        starts_on=_day(values.get("starts_on", ""), where) or today,
        ends_on=_day(values.get("ends_on", ""), where),
    )


def _number(values: Mapping[str, str], name: str, where: str, *, least: int, most: int, missing: int | None) -> int | None:
    text = values.get(name, "")
    if not text:
        return missing
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise UnusableFramework(f"“{text[:20]}” in {name} is not a number from {least} to {most}.", where=where)
    return int(text)


def _importance(text: str, where: str) -> int:
    value = text.strip().lower()
    if value in ("1", "2", "3"):
        return int(value)
    if value and value not in _IMPORTANCE:
        raise UnusableFramework(f"“{text[:20]}” is not one of {', '.join(_IMPORTANCE)}.", where=where)
    return _IMPORTANCE.get(value, RoleRequirement.Importance.IMPORTANT)


def _assurance(text: str, where: str) -> str:
    found = {value: value for value in Assurance.values} | {step.label.lower(): step.value for step in Assurance}
    cleaned = text.strip()
    value = found.get(cleaned.upper()) or found.get(cleaned.lower())
    if cleaned and value is None:
        raise UnusableFramework(f"“{text[:20]}” is not one of {', '.join(Assurance.values)}.", where=where)
    return value or Assurance.STATED.value


def _yes(values: Mapping[str, str], name: str, where: str) -> bool:
    text = values.get(name, "").lower()
    if text not in _YES | _NO:
        raise UnusableFramework(f"“{text[:20]}” in {name} is neither yes nor no.", where=where)
    return text in _YES


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UnusableFramework(f"“{text[:20]}” is not a day, such as 2026-01-31.", where=where) from None


def as_invalid(error: Invalid, line: int) -> UnusableFramework:
    """The refusal of one row, with its line."""
    return UnusableFramework(str(error), where=f"line {line}")
