"""The only writers of what job roles ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation
from hexmark.people.models import JobRole
from hexmark.people.records import job_role
from hexmark.skills.event_types import EventType
from hexmark.skills.models import HIGHEST_LEVEL, RoleRequirement, Skill
from hexmark.skills.sheets import NeedRow, as_invalid

MOST_ISSUERS = 20


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a role, as somebody says it."""

    skill: Skill
    level: int
    starts_on: date
    ends_on: date | None = None
    importance: int = RoleRequirement.Importance.IMPORTANT
    critical: bool = False
    emerging: bool = False
    assurance_at_least: str = Assurance.STATED
    issuers: Sequence[str] = field(default_factory=tuple)
    max_age_months: int | None = None


@transaction.atomic
def ask_for(role: JobRole, need: Need, *, actor: Actor) -> RoleRequirement:
    """The role asks for this from its first day on.

    Raises:
        NotPermitted: the actor may not edit skills here, or the skill is another organisation's.
        Invalid: the level or the days cannot be, or the skill was put away.
        Conflict: the role asks for the same skill in a time that overlaps.
    """
    allow(actor, Permission.EDIT_SKILLS, role)
    allow(actor, Permission.EDIT_SKILLS, need.skill)
    _check(need)
    # One at a time for each role: two periods that are each right could together overlap.
    JobRole.objects.select_for_update(no_key=True).get(pk=role.pk)
    _no_overlap(role, need)
    made = RoleRequirement.objects.create(organisation_id=role.organisation_id, role=role, **_columns(need))
    record(EventType.ROLE_REQUIREMENTS_CHANGED, made, actor=actor, role=role.name, skill=need.skill.name, level=need.level)
    return made


@transaction.atomic
def change_need(requirement: RoleRequirement, need: Need, *, actor: Actor) -> None:
    """The role asks for this instead.

    Raises:
        NotPermitted: the actor may not edit skills here, or the skill is another organisation's.
        Invalid: the level or the days cannot be, or the skill was put away.
        Conflict: the role asks for the same skill in a time that overlaps.
    """
    allow(actor, Permission.EDIT_SKILLS, requirement)
    allow(actor, Permission.EDIT_SKILLS, need.skill)
    _check(need)
    JobRole.objects.select_for_update(no_key=True).get(pk=requirement.role_id)
    _no_overlap(requirement.role, need, but=requirement.pk)
    RoleRequirement.objects.filter(pk=requirement.pk).update(**_columns(need))
    requirement.refresh_from_db()
    said = {"role": requirement.role.name, "skill": need.skill.name, "level": need.level}
    record(EventType.ROLE_REQUIREMENTS_CHANGED, requirement, actor=actor, **said)


@transaction.atomic
def stop_asking(requirement: RoleRequirement, *, on: date, actor: Actor) -> None:
    """That day is the last on which the role asks for it; a need that has not begun by then is gone.

    Raises:
        NotPermitted: the actor may not edit skills here.
    """
    allow(actor, Permission.EDIT_SKILLS, requirement)
    record(
        EventType.ROLE_REQUIREMENTS_CHANGED,
        requirement,
        actor=actor,
        role=requirement.role.name,
        skill=requirement.skill.name,
        ends_on=on.isoformat(),
    )
    if on < requirement.starts_on:
        requirement.delete()
    else:
        RoleRequirement.objects.filter(pk=requirement.pk).update(ends_on=on)


@transaction.atomic
def import_needs(organisation: Organisation, rows: Sequence[NeedRow], *, actor: Actor) -> int:
    """Roles ask for what the rows say; all of it or nothing. A row that says what a role asks for already changes that.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: a row names a skill that is not there, or overlaps with what is; the message names the line.
    """
    allow(actor, Permission.EDIT_SKILLS, organisation)
    for row in rows:
        try:
            _take(organisation, row, actor)
        except (Invalid, Conflict) as error:
            raise as_invalid(Invalid(str(error)), row.line) from error
    return len(rows)


def _take(organisation: Organisation, row: NeedRow, actor: Actor) -> None:
    role = job_role(organisation.pk, row.role)
    need = Need(
        skill=named_skill(organisation, row.skill),
        level=row.level,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        importance=row.importance,
        critical=row.critical,
        emerging=row.emerging,
        assurance_at_least=row.assurance_at_least,
        issuers=row.issuers,
        max_age_months=row.max_age_months,
    )
    same = RoleRequirement.objects.filter(role=role, skill=need.skill, starts_on=need.starts_on).first()
    if same is not None:
        change_need(same, need, actor=actor)
    else:
        ask_for(role, need, actor=actor)


def named_skill(organisation: Organisation, text: str) -> Skill:
    """The organisation's skill of this code, address, id or name.

    Raises:
        Invalid: there is none, or several of this name.
    """
    skills = Skill.objects.open().filter(organisation=organisation)
    exact = skills.filter(Q(code=text) | Q(url=text) | Q(public_id=text))[:2]
    found = list(exact) or list(skills.filter(name__iexact=text)[:2])
    if len(found) != 1:
        what = "There is no skill" if not found else "There are several skills"
        raise Invalid(f"{what} “{text[:60]}”. Name it by its code or address.", field="skill")
    return found[0]


def _check(need: Need) -> None:
    if not 1 <= need.level <= HIGHEST_LEVEL:
        raise Invalid(f"A level is a number from 1 to {HIGHEST_LEVEL}.", field="level")
    if need.importance not in RoleRequirement.Importance.values:
        raise Invalid("Say how important it is.", field="importance")
    if need.assurance_at_least not in Assurance.values:
        raise Invalid("Say how surely it has to be shown.", field="assurance_at_least")
    if need.ends_on is not None and need.ends_on < need.starts_on:
        raise Invalid("The last day is before the first one.", field="ends_on")
    if need.max_age_months is not None and not 1 <= need.max_age_months <= 600:
        raise Invalid("It may have been shown at most 1 to 600 months ago.", field="max_age_months")
    if len(need.issuers) > MOST_ISSUERS or any(len(one) > 300 or ":" not in one for one in need.issuers):
        raise Invalid(f"Name at most {MOST_ISSUERS} issuers by their ids, such as did:web:example.org.", field="issuers")
    if need.skill.retired_at is not None:
        raise Invalid(f"“{need.skill.name}” was put away. Choose another skill.", field="skill")


def _no_overlap(role: JobRole, need: Need, but: int | None = None) -> None:
    ends_on = need.ends_on or date.max
    others = RoleRequirement.objects.filter(role=role, skill=need.skill, starts_on__lte=ends_on)
    if but is not None:
        others = others.exclude(pk=but)
    other = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=need.starts_on)).order_by("starts_on").first()
    if other is not None:
        until = f"until {other.ends_on.isoformat()}" if other.ends_on else "without an end"
        day_before = (need.starts_on - timedelta(days=1)).isoformat()
        raise Conflict(
            f"{role.name} asks for {need.skill.name} from {other.starts_on.isoformat()} {until} already. "
            f"End that first, on {day_before} or earlier."
        )


def _columns(need: Need) -> dict[str, object]:
    return {
        "skill": need.skill,
        "level": need.level,
        "importance": need.importance,
        "critical": need.critical,
        "emerging": need.emerging,
        "assurance_at_least": need.assurance_at_least,
        "issuers": list(need.issuers),
        "max_age_months": need.max_age_months,
        "starts_on": need.starts_on,
        "ends_on": need.ends_on,
    }
