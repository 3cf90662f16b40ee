"""Who reports to whom when a list has been run: managers by address or employee id, no loops, and managers first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hexmark.people.imports.comparing import check_version, leaves
from hexmark.people.imports.house import House, address_key
from hexmark.people.imports.planned import Fault, Planned, Status
from hexmark.people.models import Person

#: A person of the house by key, or somebody new by line.
Node = tuple[str, int]


class Line:
    """The reporting line as it will stand, where every row that can be run has been run."""

    def __init__(self, rows: Sequence[Planned], house: House) -> None:
        self._house = house
        self._rows = rows
        self.by_email = {address_key(row.values["email"]): row for row in rows if row.values.get("email") and row.fault is None}
        self.by_employee_id = {row.values["employee_id"]: row for row in rows if row.values.get("employee_id") and row.fault is None}
        self.row_of = {row.person.pk: row for row in rows if row.person is not None}

    def find(self, text: str) -> Person | Planned | None:
        """Whoever has this address or employee id when the list has been run."""
        row = self.by_email.get(address_key(text)) if "@" in text else self.by_employee_id.get(text)
        if row is not None:
            return row.person or row
        return self._house.by_email.get(address_key(text)) if "@" in text else self._house.by_employee_id.get(text)

    def above(self) -> dict[Node, Node]:
        """Everybody's manager, by whoever reports to them."""
        people: dict[Node, Node] = {
            ("person", person.pk): ("person", person.manager_id) for person in self._house.people.values() if person.manager_id
        }
        for row in self._rows:
            if row.fault is None and "manager" in row.values:
                people.pop(node_of(row.person or row), None)
                if row.manager is not None:
                    people[node_of(row.person or row)] = node_of(row.manager)
        return people


def node_of(one: Person | Planned) -> Node:
    """How somebody is named within the line."""
    return ("person", one.pk) if isinstance(one, Person) else ("line", one.line)


def settle_managers(rows: Sequence[Planned], house: House) -> None:
    """Every row with a manager knows them; whoever cannot be found, has left, is refused or closes a loop makes an error of the row."""
    line = Line(rows, house)
    for row in rows:
        if row.fault is None and "manager" in row.values:
            try:
                _settle(row, line, house)
            except Fault as fault:
                row.refuse(fault)
    _refuse_outdated(rows)
    _refuse_own_line(rows, line, house)
    # Refusing a row brings its old manager back, and takes a new one away from others: again until nothing changes.
    while _refuse_lost(rows) or _refuse_loops(rows, line):
        pass


def put_in_order(rows: Sequence[Planned], house: House) -> None:
    """Rows have their places: whoever somebody reports to is run before them, so that no loop stands in between."""
    above = Line(rows, house).above()
    depth: dict[Node, int] = {}
    for row in rows:
        node, path = node_of(row.person or row), dict[Node, None]()
        while node not in depth and node not in path and node in above:
            path[node] = None
            node = above[node]
        below = depth.setdefault(node, 0)
        for step, passed in enumerate(reversed(path), start=1):
            depth[passed] = below + step
    ordered = sorted(rows, key=lambda row: (depth[node_of(row.person or row)], row.line))
    for place, row in enumerate(ordered):
        row.place = place


def _settle(row: Planned, line: Line, house: House) -> None:
    text = row.values["manager"]
    found = line.find(text) if text else None
    if text and found is None:
        raise Fault("CSV_MANAGER", f"manager: Nobody here or in the list has “{text[:100]}” as address or employee id.")
    if found is not None and found in (row.person, row):
        raise Fault("CSV_CYCLE", "manager: Nobody reports to themselves.")
    old = house.person(row.person.manager_id) if row.person else None
    if isinstance(found, Person) and found is not old and _is_gone(found, line, house):
        raise Fault("CSV_MANAGER", f"manager: {found.name} has left.")
    row.manager = found
    if found is not old:
        row.changes["manager"] = [_shown(old), _shown(found)]
        row.status = Status.CHANGED if row.person else Status.NEW


def _is_gone(person: Person, line: Line, house: House) -> bool:
    row = line.row_of.get(person.pk)
    if row is not None and row.fault is None and "end" in row.values:
        return leaves(row, house.today)
    return person.left_at is not None


def _refuse_outdated(rows: Sequence[Planned]) -> None:
    for row in rows:
        if row.fault is None:
            try:
                check_version(row)
            except Fault as fault:
                row.refuse(fault)


def _refuse_lost(rows: Sequence[Planned]) -> bool:
    lost = [row for row in rows if row.fault is None and isinstance(row.manager, Planned) and row.manager.fault is not None]
    for row in lost:
        assert isinstance(row.manager, Planned)
        row.refuse(Fault("CSV_MANAGER", f"manager: Line {row.manager.line} cannot be taken, so there is nobody to report to."))
    return bool(lost)


def _refuse_own_line(rows: Sequence[Planned], line: Line, house: House) -> None:
    """Nobody comes into the line of whoever brings the list, unless they may grant access or the person stands in it already."""
    if house.may_grant_access or house.actor_person_id is None:
        return
    above, top = line.above(), ("person", house.actor_person_id)
    for row in rows:
        node, seen = node_of(row.person or row), set[Node]()
        if row.fault is not None or "manager" not in row.changes or (row.person is not None and row.person.pk in house.led):
            continue
        while node in above and node not in seen:
            seen.add(node)
            node = above[node]
            if node == top:
                row.refuse(Fault("NOT_PERMITTED", "manager: Nobody puts people into their own line. A badge administrator can do that."))
                break


def _refuse_loops(rows: Sequence[Planned], line: Line) -> bool:
    looping = _looping(line.above())
    refused = False
    for row in rows:
        if row.fault is None and "manager" in row.changes and node_of(row.person or row) in looping:
            row.refuse(Fault("CSV_CYCLE", "manager: The manager reports to this person, directly or through others."))
            refused = True
    return refused


def _looping(above: Mapping[Node, Node]) -> set[Node]:
    """Whoever reports to themselves through others."""
    looping: set[Node] = set()
    known: set[Node] = set()
    for start in above:
        path: dict[Node, int] = {}
        node = start
        while node in above and node not in known and node not in path:
            path[node] = len(path)
            node = above[node]
        if node in path:
            looping.update(list(path)[path[node] :])
        known.update(path)
    return looping


def _shown(one: Person | Planned | None) -> str:
    if one is None:
        return ""
    name, email = (one.name, one.email) if isinstance(one, Person) else (one.values["name"], one.values["email"])
    return f"{name} <{email}>"
