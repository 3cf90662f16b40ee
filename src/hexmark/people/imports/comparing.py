"""What a row would change of the person it means, in words that people read."""

from __future__ import annotations

from datetime import date
from typing import Any

from hexmark.people.imports.cells import BETWEEN_ROLES
from hexmark.people.imports.house import House, folded
from hexmark.people.imports.planned import Fault, Planned, Status
from hexmark.people.models import Person
from hexmark.people.rules import has_ended

#: Fields that stand in the person's own row, and their columns there.
PLAIN = {
    "employee_id": "employee_id",
    "email": "email",
    "name": "name",
    "kind": "kind",
    "language": "language",
    "start": "started_on",
    "end": "ends_on",
}
#: An empty cell keeps what is there: everybody has one of these.
_NEVER_EMPTY = frozenset({"kind", "language"})


def compare(row: Planned, house: House) -> None:
    """The row knows what it would change, and its status; the manager, once known, may add to it."""
    if row.person is None:
        row.status = Status.NEW
        row.changes = {field: ["", _shown(field, value)] for field, value in row.values.items() if value and field not in ("id", "version")}
    else:
        row.changes = _differences(row, row.person, house)
        row.status = Status.CHANGED if row.changes else Status.SAME
    _check_leaving(row, house)
    if "end" in row.changes and row.person and row.person.pk in house.stewards and not house.may_grant_access:
        raise Fault("NOT_PERMITTED", "end: They are a badge administrator. Only a badge administrator can end that.")
    if "team" in row.changes and folded(row.values["team"]) in house.led_teams and (row.person is None or row.person.pk not in house.led):
        raise Fault("NOT_PERMITTED", "team: Nobody puts people into their own team. A badge administrator can do that.")
    if "email" in row.changes and row.person and row.person.pk in house.privileged and not house.may_grant_access:
        raise Fault("NOT_PERMITTED", "email: They have more access than a member. A badge administrator can change the address.")


def check_version(row: Planned) -> None:
    """Pass if the list was taken away after the person's last change, or would change nothing."""
    version = row.values.get("version")
    if row.person is None or version is None or row.status != Status.CHANGED:
        return
    if version > row.person.version:
        raise Fault("CSV_VALUE", "version: There was no such version. Leave the column as it was exported, or empty.")
    if version < row.person.version:
        raise Fault("CONFLICT", "The person was changed after this list was exported. Export again and make the change there.")


def leaves(row: Planned, today: date) -> bool:
    """Whether the row says that the last day is over."""
    return bool(row.values.get("end")) and has_ended(date.fromisoformat(row.values["end"]), today)


def _differences(row: Planned, person: Person, house: House) -> dict[str, list[str]]:
    changes: dict[str, list[str]] = {}
    for field, column in PLAIN.items():
        if field not in row.values or (field in _NEVER_EMPTY and not row.values[field]):
            continue
        old, new = _text(getattr(person, column)), row.values[field] or ""
        if old != new:
            changes[field] = [old, new]
    if "team" in row.values:
        old = person.team.name if person.team else ""
        if folded(old) != folded(row.values["team"]):
            changes["team"] = [old, _shown("team", house.teams.get(folded(row.values["team"]), row.values["team"]))]
    if "role" in row.values:
        held, named = house.held.get(person.pk, []), row.values["role"]
        if {folded(name) for name in held} != {folded(name) for name in named}:
            changes["role"] = [_shown("role", held), _shown("role", named)]
    return changes


def _check_leaving(row: Planned, house: House) -> None:
    person = row.person
    if person is None or person.left_at is not None or not leaves(row, house.today):
        return
    if person.pk == house.actor_person_id:
        raise Fault("NOT_PERMITTED", "end: Nobody marks themselves as left. Ask somebody else who may edit people.")
    if person.pk in house.stewards:
        if house.stewards <= house.leaving_stewards | {person.pk}:
            raise Fault("NOT_PERMITTED", "end: An organisation needs at least one badge administrator.")
        house.leaving_stewards.add(person.pk)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _shown(field: str, value: Any) -> str:
    return f"{BETWEEN_ROLES} ".join(value) if field == "role" else str(value or "")
