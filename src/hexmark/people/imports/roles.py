"""Job roles as a list gives them: begun and ended together, for many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q

from hexmark.organisations.models import Organisation
from hexmark.people.imports.house import folded
from hexmark.people.models import JobRole, Person, RoleAssignment
from hexmark.people.records import job_role


class RoleBook:
    """What is to begin and end in this transaction."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._organisation = organisation
        self._today = today
        self._roles = {folded(role.name): role for role in JobRole.objects.filter(organisation=organisation)}
        self._wanted: list[tuple[Person, Sequence[str], bool]] = []

    def set(self, person: Person, names: Sequence[str], *, is_new: bool) -> None:
        """The person will hold exactly these job roles: others end, and new ones begin today, or on somebody new's first day."""
        self._wanted.append((person, names, is_new))

    def write(self) -> None:
        """What was set is stored."""
        keys = [person.pk for person, _, _ in self._wanted]
        open_ = RoleAssignment.objects.filter(person_id__in=keys).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=self._today))
        held: dict[int, list[RoleAssignment]] = {}
        for assignment in open_:
            held.setdefault(assignment.person_id, []).append(assignment)
        begun, ended = [], []
        for person, names, is_new in self._wanted:
            wanted = {role.pk: role for role in (self._role(name) for name in names)}
            mine = held.get(person.pk, [])
            ended += [assignment for assignment in mine if assignment.role_id not in wanted]
            starts_on = person.started_on if is_new and person.started_on else self._today
            missing = wanted.keys() - {assignment.role_id for assignment in mine}
            begun += [RoleAssignment(person=person, role=wanted[key], starts_on=starts_on) for key in sorted(missing)]
        for assignment in ended:
            # Until yesterday; one that began today, or will begin, ends on its first day.
            assignment.ends_on = max(assignment.starts_on, self._today - timedelta(days=1))
        RoleAssignment.objects.bulk_update(ended, ["ends_on"], batch_size=200)
        RoleAssignment.objects.bulk_create(begun, batch_size=500)

    def _role(self, name: str) -> JobRole:
        key = folded(name)
        if key not in self._roles:
            self._roles[key] = job_role(self._organisation.pk, name)
        return self._roles[key]
