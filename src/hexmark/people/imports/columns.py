"""Which column of a list is which of ours, by name, in any order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

#: What a list can say of a person, in the order of our own exports.
FIELDS = ("id", "version", "employee_id", "email", "name", "team", "manager", "role", "start", "end", "kind", "language")
#: Columns of our own results, which mean nothing in a list that comes back.
_OURS = frozenset({"line", "status", "error"})
#: Other names under which programs write these, without blanks and signs.
_OTHER_NAMES = {
    "id": "hexmarkid personid",
    "employee_id": "employeeid employeeno employeenumber employeenr staffid staffno staffnumber personnelnumber personnelno personalnummer",
    "email": "email emailaddress mail workemail eposta correo courriel emailadresse",
    "name": "name fullname displayname employeename personname nom nombre",
    "team": "team department unit orgunit organisationunit organizationunit abteilung",
    "manager": "manager manageremail managerid supervisor supervisoremail lead reportsto linemanager vorgesetzter",
    "role": "role jobrole job jobtitle title position funktion",
    "start": "start startdate startedon hiredate joined joinedon eintritt",
    "end": "end enddate endson lastday leavingdate terminationdate left austritt",
    "kind": "kind type persontype",
    "language": "language lang locale preferredlanguage sprache",
    "version": "version",
}
_BY_NAME = {name: field for field, names in _OTHER_NAMES.items() for name in names.split()}


def guessed_mapping(columns: Sequence[str], *, remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """`{field: column}` for every column whose name is ours, was mapped before (`{column: field}`), or is used by others for the same."""
    mapping = {field: field for field in FIELDS if field in columns}
    for column in columns:
        field = (remembered or {}).get(column) or _BY_NAME.get(re.sub(r"[^a-z]", "", column))
        if field in FIELDS and field not in mapping and column not in mapping.values() and column not in _OURS:
            mapping[field] = column
    return mapping


def unused_columns(columns: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Columns of the list that nothing is taken from, without those that only our own results have."""
    used = set(mapping.values()) | _OURS
    return [column for column in columns if column not in used]


def clean_mapping(columns: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """`{field: column}` of what was chosen as `{column: field}`; a field that was chosen twice is taken from the first column."""
    mapping: dict[str, str] = {}
    for column in columns:
        field = chosen.get(column, "")
        if field in FIELDS:
            mapping.setdefault(field, column)
    return mapping
