"""Whom each row means, and which rows mean the same person."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.people.imports.house import House, address_key, folded, ignores_points, mailbox_of
from hexmark.people.imports.planned import Fault, Planned
from hexmark.people.models import Person


def match(rows: Sequence[Planned], house: House) -> None:
    """Every row that can be run knows the person it means, or that it means somebody new; doubles and contradictions are refused."""
    for row in rows:
        if row.fault:
            continue
        try:
            row.person = _person_of(row, house)
            _check_free(row, house)
        except Fault as fault:
            row.refuse(fault)
    _refuse_doubles(rows)


def _person_of(row: Planned, house: House) -> Person | None:
    public_id, employee_id, email = (row.values.get(field) or "" for field in ("id", "employee_id", "email"))
    by_email = house.by_email.get(address_key(email)) if email else None
    if public_id:
        if public_id not in house.by_public_id:
            raise Fault("CSV_VALUE", "id: Nobody here has this id. Leave it empty for somebody new.")
        return house.by_public_id[public_id]
    by_employee_id = house.by_employee_id.get(employee_id) if employee_id else None
    if by_employee_id and by_email and by_employee_id is not by_email:
        raise Fault("CSV_VALUE", f"The employee id is {by_employee_id.name}'s and the address is {by_email.name}'s.")
    return by_employee_id or by_email


def _check_free(row: Planned, house: House) -> None:
    """Nobody else has what the row says is this person's."""
    if row.person is None and not row.values.get("email"):
        raise Fault("CSV_VALUE", "email: Somebody new needs an address.")
    if row.person is None and not row.values.get("name"):
        raise Fault("CSV_VALUE", "name: Somebody new needs a name.")
    for field in ("email", "name"):
        if field in row.values and not row.values[field]:
            if field == "email" and not row.values.get("id") and not row.values.get("employee_id"):
                raise Fault("CSV_VALUE", "email: The row names nobody.")
            raise Fault("CSV_VALUE", f"{field}: The cell is empty. Leave the column away to keep what is there.")
    email, employee_id = row.values.get("email"), row.values.get("employee_id")
    holder = house.by_email.get(address_key(email)) if email else None
    if holder is not None and holder is not row.person:
        raise Fault("CSV_VALUE", f"email: {holder.name} has this address.")
    holder = house.by_employee_id.get(employee_id) if employee_id else None
    if holder is not None and holder is not row.person:
        raise Fault("CSV_VALUE", f"employee_id: {holder.name} has this id.")


def _refuse_doubles(rows: Sequence[Planned]) -> None:
    """The first of several rows about one person stands. Which of them is right, nobody can tell from the list."""
    seen: dict[object, int] = {}
    for row in rows:
        if row.fault and not row.values:
            continue
        names = _names_of(row)
        earlier = min((seen[name] for name in names if name in seen), default=None)
        if earlier is not None:
            row.refuse(Fault("DUPLICATE_ROW", f"Line {earlier} is about the same person."))
        for name in names:
            seen.setdefault(name, row.line)


def _names_of(row: Planned) -> list[object]:
    names: list[object] = []
    if row.person is not None:
        names.append(("person", row.person.pk))
    if row.values.get("employee_id"):
        names.append(("employee_id", row.values["employee_id"]))
    email = row.values.get("email")
    if email:
        names.append(("email", address_key(email)))
        if ignores_points(email):
            names.append(("points", address_key(email).partition("@")[0].replace(".", "")))
        # People share mailboxes by `+tag`; one who has the same name too is one person written twice.
        names.append(("mailbox", mailbox_of(email), folded(row.values.get("name", ""))))
    return names
