"""Actions on the organisation's records of people: facts, team, manager, job roles, leaving and coming back.

Accounts are not touched here: they belong to the humans behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hexmark.access import Access, Actor, Permission, allow
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record, record_many
from hexmark.organisations.models import Organisation
from hexmark.people.event_types import EventType
from hexmark.people.lines import line_of
from hexmark.people.models import JobRole, Membership, OneTimeLink, Person, RoleAssignment, Team
from hexmark.people.own_line import check_may_end, manage_nobody, nobody_new_below
from hexmark.people.rules import clean_email, clean_employee_id, clean_label, clean_language, clean_name, has_ended

_CHANGED_MEANWHILE = "Somebody changed this person meanwhile. Look at the page again before you change it."


@dataclass(frozen=True, slots=True)
class Facts:
    """What an organisation notes of a person, as typed."""

    name: str
    email: str
    kind: str = Person.Kind.STAFF
    employee_id: str = ""
    language: str = "en"
    started_on: date | None = None
    #: The last day; when it is over they have left.
    ends_on: date | None = None

    def cleaned(self) -> dict[str, object]:
        """The values as they are stored, by field.

        Raises:
            Invalid: one of them cannot be used.
        """
        if self.kind not in Person.Kind.values:
            raise Invalid(f"“{self.kind[:20]}” is not one of {', '.join(Person.Kind.values)}.", field="kind")
        if self.started_on and self.ends_on and self.ends_on < self.started_on:
            raise Invalid("The last day is before the first one.", field="ends_on")
        return {
            "name": clean_name(self.name),
            "email": clean_email(self.email),
            "kind": self.kind,
            "employee_id": clean_employee_id(self.employee_id),
            "language": clean_language(self.language),
            "started_on": self.started_on,
            "ends_on": self.ends_on,
        }


@transaction.atomic
def edit_person(person: Person, *, facts: Facts, version: int, actor: Actor) -> None:
    """These are the person's facts. If the last day is over they have left.

    Links to join that went to an earlier address stop working: whoever reads there is not who reads at the new one.

    Raises:
        NotPermitted: the actor may not edit people here, or not the address of somebody with more access than a member, or not the
            last day of a badge administrator.
        Invalid: one of the facts cannot be used.
        Conflict: the person has changed since `version`, or another has the address or employee id.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    values = facts.cleaned()
    person = _locked(person)
    if person.version != version:
        raise Conflict(_CHANGED_MEANWHILE)
    changed = [field for field, value in values.items() if getattr(person, field) != value]
    if not changed:
        return
    if "email" in changed:
        check_may_change_address(person, actor)
    if "ends_on" in changed:
        check_may_end(person, actor)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(**values, version=F("version") + 1)
    except IntegrityError as error:
        raise Conflict(f"Somebody else here has the address {values['email']} or that employee id.") from error
    if "email" in changed:
        forget_join_links([person.pk])
    record(EventType.PERSON_CHANGED, person, actor=actor, fields=changed)
    if person.left_at is None and has_ended(facts.ends_on, today_of(person.organisation)):
        leave(person, actor=actor)


@transaction.atomic
def move_to_team(person: Person, *, team: Team | None, actor: Actor) -> None:
    """The person stands in this team, or in none.

    Raises:
        NotPermitted: the actor may not edit people here, or leads that team and may not choose who is in it.
        Invalid: the team is another organisation's or was closed.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    if team is not None and not Team.objects.open().filter(pk=team.pk, organisation_id=person.organisation_id).exists():
        raise Invalid("There is no such team, or it was closed.", field="team")
    with nobody_new_below(actor):
        moved = Person.objects.filter(pk=person.pk).exclude(team=team).update(team=team, version=F("version") + 1)
    if moved:
        record(EventType.PERSON_CHANGED, person, actor=actor, fields=["team"])


@transaction.atomic
def set_manager(person: Person, *, manager: Person | None, actor: Actor) -> None:
    """The person reports to this manager, or to nobody. What a manager may see follows from it at once.

    Raises:
        NotPermitted: the actor may not edit people here, or would put people below themselves.
        Invalid: the manager is another organisation's, has left, or reports to the person.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    # One at a time: two changes that are each right could together close a loop.
    Organisation.objects.select_for_update(no_key=True).get(pk=person.organisation_id)
    if manager is not None:
        if not Person.objects.present().filter(pk=manager.pk, organisation_id=person.organisation_id).exists():
            raise Invalid("There is no such person here, or they have left.", field="manager")
        if Person.objects.filter(pk=manager.pk, pk__in=line_of(person.pk)).exists():
            who = "Nobody reports to themselves" if manager.pk == person.pk else f"{manager.name} reports to {person.name}"
            raise Invalid(f"{who}. Choose another manager.", field="manager")
    with nobody_new_below(actor):
        changed = Person.objects.filter(pk=person.pk).exclude(manager=manager).update(manager=manager, version=F("version") + 1)
    if changed:
        record(EventType.PERSON_CHANGED, person, actor=actor, fields=["manager"])


@transaction.atomic
def give_role(person: Person, *, name: str, starts_on: date, ends_on: date | None = None, actor: Actor) -> RoleAssignment:
    """The person holds the job role of this name from that day on; a role that nobody held before exists now.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: the name cannot be used, or the role would end before it starts.
        Conflict: they hold it already.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The last day is before the first one.", field="ends_on")
    role = job_role(person.organisation_id, name)
    try:
        with transaction.atomic():
            assignment = RoleAssignment.objects.create(person=person, role=role, starts_on=starts_on, ends_on=ends_on)
    except IntegrityError as error:
        raise Conflict(f"{person.name} is {role.name} already. End that first.") from error
    _raise_version(person)
    record(EventType.ROLE_GIVEN, person, actor=actor, role=role.name, starts_on=starts_on.isoformat())
    return assignment


@transaction.atomic
def end_role(assignment: RoleAssignment, *, on: date, actor: Actor) -> None:
    """The person holds the job role until that day, which counts.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: it would end before it starts.
    """
    allow(actor, Permission.EDIT_PEOPLE, assignment.person)
    if on < assignment.starts_on:
        raise Invalid(f"The role began on {assignment.starts_on:%d.%m.%Y}. It cannot end before.", field="ends_on")
    if RoleAssignment.objects.filter(pk=assignment.pk).update(ends_on=on):
        _raise_version(assignment.person)
        record(EventType.ROLE_ENDED, assignment.person, actor=actor, role=assignment.role.name, ends_on=on.isoformat())


@transaction.atomic
def leave(person: Person, *, actor: Actor) -> None:
    """The person has left: they have no access from now on. What they were awarded, and their account, stay theirs.

    All access beyond a member's is gone for good, so that coming back does not bring it back.

    Raises:
        NotPermitted: the actor may not edit people here, or not end the access of a badge administrator.
        Conflict: it is the actor, the last badge administrator, or somebody who has left already.
    """
    if not leave_all([person], actor=actor):
        raise Conflict(f"{person.name} has left already.")


@transaction.atomic
def leave_all(people: Sequence[Person], *, actor: Actor) -> int:
    """As `leave`, for people of one organisation; who left before is passed over. Returns how many left now."""
    if not people:
        return 0
    for person in people:
        allow(actor, Permission.EDIT_PEOPLE, person)
        if person.pk == actor.person_id:
            raise Conflict("Nobody marks themselves as left. Ask somebody else who may edit people.")
        check_may_end(person, actor)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=people[0].organisation_id)
    leaving = [person.pk for person in Person.objects.present().filter(pk__in=[person.pk for person in people])]
    stewards = _stewards(organisation)
    if stewards and stewards <= set(leaving):
        raise Conflict("An organisation needs at least one badge administrator. Make somebody else one first.")
    Person.objects.filter(pk__in=leaving).update(left_at=timezone.now(), version=F("version") + 1)
    today = today_of(organisation)
    # A day that was planned and has not come is no longer the last one.
    Person.objects.filter(pk__in=leaving).exclude(ends_on__isnull=False, ends_on__lte=today).update(ends_on=today)
    accesses: dict[int, list[str]] = {}
    ended = Membership.objects.filter(person_id__in=leaving).exclude(access=Access.MEMBER)
    for person_id, access in ended.order_by("access").values_list("person_id", "access"):
        accesses.setdefault(person_id, []).append(access)
    ended.delete()
    forget_join_links(leaving)
    gone = [person for person in people if person.pk in set(leaving)]
    record_many(EventType.PERSON_LEFT, [(person, {"accesses": accesses.get(person.pk, [])}) for person in gone], actor=actor)
    return len(gone)


@transaction.atomic
def come_back(person: Person, *, actor: Actor) -> None:
    """The person is here again, with no more access than a member's: they manage and lead nobody until somebody says so.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: they have not left.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    gone = Person.objects.filter(pk=person.pk, left_at__isnull=False)
    if not gone.update(left_at=None, ends_on=None, version=F("version") + 1):
        raise Conflict(f"{person.name} has not left.")
    manage_nobody([person.pk])
    record(EventType.PERSON_RETURNED, person, actor=actor)


def job_role(organisation_id: int, name: str) -> JobRole:
    """The organisation's job role of this name, whatever its case; made if nobody held it before."""
    cleaned = clean_label(name, field="role")
    role = JobRole.objects.filter(organisation_id=organisation_id, name__iexact=cleaned).first()
    return role or JobRole.objects.get_or_create(organisation_id=organisation_id, name=cleaned)[0]


def check_may_change_address(person: Person, actor: Actor) -> None:
    """Pass silently where the actor may say where this person reads mail.

    Raises:
        NotPermitted: the person has more access than a member, which whoever joins from the new address would get.
    """
    if not actor.may(Permission.GRANT_ACCESS) and Membership.objects.filter(person=person).exclude(access=Access.MEMBER).exists():
        raise NotPermitted(f"{person.name} has more access than a member. A badge administrator can change the address.")


def forget_join_links(person_ids: list[int]) -> None:
    """Links that were sent to these people and not used stop working."""
    for start in range(0, len(person_ids), 500):
        some = person_ids[start : start + 500]
        OneTimeLink.objects.filter(person_id__in=some, purpose=OneTimeLink.Purpose.JOIN, used_at__isnull=True).delete()


def today_of(organisation: Organisation) -> date:
    """The day that it is where the organisation is."""
    return timezone.now().astimezone(organisation.zone).date()


def _stewards(organisation: Organisation) -> set[int]:
    stewards = Membership.objects.filter(person__organisation=organisation, access=Access.STEWARD, person__left_at__isnull=True)
    return set(stewards.values_list("person_id", flat=True))


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=person.pk)


def _raise_version(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(version=F("version") + 1)
