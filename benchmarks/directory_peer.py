"""The same question asked of the catalogue's own tables, as one would without a table made for it: LIKE, COUNT and GROUP BY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from hexmark.catalogue.effort import BANDS
from hexmark.catalogue.facets import Group, Selection

_FROM = (
    "FROM catalogue_achievementversion v JOIN catalogue_achievement a ON a.id = v.achievement_id "
    "JOIN organisations_organisation o ON o.id = a.organisation_id {more} WHERE v.state = 'published' AND a.listed AND {where}"
)
_SEARCHED = ("v.name", "v.description", "v.criteria", "o.name")
_EFFORT = "CASE " + " ".join(f"WHEN v.effort_minutes >= {band.starts_at_minutes} THEN '{band.value}'" for band in reversed(BANDS)) + " END"
_COLUMNS = {
    Group.LEVEL: "v.level",
    Group.KIND: "v.kind",
    Group.ASSURANCE: "v.assurance",
    Group.ISSUER: "o.slug",
    Group.EFFORT: _EFFORT,
    Group.LANGUAGE: "v.language",
}
_LISTS = {Group.ROLE: "v.roles", Group.SUBJECT: "v.subjects"}
_EARNERS = (
    "(SELECT COUNT(DISTINCT w.person_id) FROM awarding_award w JOIN issuing_credential c ON c.award_id = w.id "
    "WHERE w.version_id = v.id AND c.issued_at IS NOT NULL AND c.revoked_at IS NULL)"
)


def ask(selection: Selection) -> int:
    """How many match, a page of them with their earners, and the counts of each group: ten queries."""
    where, given = _where(selection, but=None)
    [[total]] = _rows(f"SELECT COUNT(*) {_FROM.format(more='', where=where)}", given)
    _rows(f"SELECT v.id, v.name, {_EARNERS} {_FROM.format(more='', where=where)} ORDER BY v.name LIMIT 24", given)
    for group in Group:
        where, given = _where(selection, but=group)
        value, more = (_COLUMNS[group], "") if group in _COLUMNS else ("one.value", f"CROSS JOIN {_each(_LISTS[group])} AS one(value)")
        if connection.vendor == "sqlite" and group in _LISTS:
            more = f"CROSS JOIN json_each({_LISTS[group]}) AS one"
        _rows(f"SELECT {value}, COUNT(*) {_FROM.format(more=more, where=where)} GROUP BY {value}", given)
    return int(total)


def _where(selection: Selection, *, but: Group | None) -> tuple[str, list[Any]]:
    parts, given = ["1 = 1"], []
    for word in selection.words:
        parts.append("(" + " OR ".join(f"LOWER({column}) LIKE %s" for column in _SEARCHED) + ")")
        given += [f"%{word}%"] * len(_SEARCHED)
    for group, values in selection.chosen.items():
        if group == but:
            continue
        marks = ", ".join(["%s"] * len(values))
        if group in _LISTS:
            each = f"{_each(_LISTS[group])} AS held{_named()}"
            parts.append(f"EXISTS (SELECT 1 FROM {each} WHERE LOWER(held.value) IN ({marks}))")  # noqa: S608 (names of our columns)
        else:
            parts.append(f"LOWER(CAST({_COLUMNS[group]} AS TEXT)) IN ({marks})")
        given += values
    return " AND ".join(parts), given


def _each(column: str) -> str:
    return f"json_each({column})" if connection.vendor == "sqlite" else f"jsonb_array_elements_text({column})"


def _named() -> str:
    return "" if connection.vendor == "sqlite" else "(value)"


def _rows(statement: str, given: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
