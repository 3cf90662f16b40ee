"""What job roles bring with them: everybody in the role reaches it within some months, and leaving pauses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record, record_many
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.jobs import wake
from hexmark.organisations.models import Organisation
from hexmark.people.models import JobRole, Person, RoleAssignment
from hexmark.performance.models import RoleTarget, Target
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.rules import add_months
from hexmark.performance.targets.standing import pause_target, resume_target
from hexmark.requirements.codec import RequirementError, parse, to_json
from hexmark.skills.models import RoleRequirement

MOST_MONTHS = 60
State = Target.State


@dataclass(frozen=True, slots=True)
class Need:
    """What a role asks for: a title and a rule."""

    title: str
    rule: Any
    why: str = ""


@transaction.atomic
def ask_of_role(
    role: JobRole, needs: Sequence[Need], *, due_months: int, consequence: str, adjustments: str, actor: Actor, since: date | None = None
) -> list[RoleTarget]:
    """Everybody in the role, now and later, has these targets, each due so many months after their first day in it.

    Nobody agrees to them one by one: they come with the role. What follows and which adjustments there are is said before.

    Raises:
        NotPermitted: the actor may not set targets here.
        Invalid: a rule or text cannot be used, or something that people must know is missing.
        Conflict: the role asks for one of this title already.
    """
    allow(actor, Permission.SET_TARGETS, role)
    if not 1 <= due_months <= MOST_MONTHS:
        raise Invalid(f"Choose 1 to {MOST_MONTHS} months.", field="due_months")
    for name, text in (("consequence", consequence), ("adjustments", adjustments)):
        if not text.strip() or len(text) > 2000 or hides_in_text(text):
            raise Invalid("Say it in up to 2,000 characters: people know it before a target counts for them.", field=name)
    today = timezone.localdate(timezone=role.organisation.zone)
    common = {"due_months": due_months, "consequence": consequence.strip(), "adjustments": adjustments.strip(), "since": since or today}
    made = [_made(role, need, common, actor) for need in needs]
    record_many(EventType.ROLE_TARGET_MADE, [(one, {"role": role.name, "title": one.title}) for one in made], actor=actor)
    for one in made:
        give_to_all(one)
    return made


@transaction.atomic
def end_role_target(role_target: RoleTarget, *, actor: Actor) -> None:
    """Nobody who comes into the role gets it any more; those who have it keep it.

    Raises:
        NotPermitted: the actor may not set targets here.
        Conflict: it ended already.
    """
    allow(actor, Permission.SET_TARGETS, role_target)
    if not RoleTarget.objects.filter(pk=role_target.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        raise Conflict("The role does not ask for this any more.")
    record(EventType.ROLE_TARGET_ENDED, role_target, actor=actor)


@transaction.atomic
def give_to_all(role_target: RoleTarget) -> int:
    """Everybody who is in the role today has the target; returns how many got it now."""
    today = timezone.localdate(timezone=role_target.organisation.zone)
    assignments = _current(today).filter(role=role_target.role, person__left_at__isnull=True)
    return _give(role_target, list(assignments.select_related("person")))


@transaction.atomic
def give_to_person(person: Person) -> int:
    """The person has the targets of each role that they are in today; returns how many they got now."""
    if person.left_at is not None:
        return 0
    today = timezone.localdate(timezone=person.organisation.zone)
    assignments = list(_current(today).filter(person=person).select_related("person"))
    asked = RoleTarget.objects.filter(role__in=[one.role_id for one in assignments], ended_at__isnull=True)
    return sum(_give(one, [held for held in assignments if held.role_id == one.role_id]) for one in asked.select_related("organisation"))


def needs_of(role: JobRole) -> list[Need]:
    """What the role's profile asks for today, each need as a target of its own."""
    today = timezone.localdate(timezone=role.organisation.zone)
    current = RoleRequirement.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), role=role, starts_on__lte=today)
    return [_need(one) for one in current.select_related("skill").order_by("skill__name", "pk")]


def pause_of_person(person: Person) -> int:
    """Everything that is open of somebody who left waits; returns how many."""
    paused = list(Target.objects.filter(person=person, state__in=(State.PROPOSED, State.LIVE)))
    for target in paused:
        pause_target(target, actor=system(person.organisation_id), because="left")
    return len(paused)


def resume_of_person(person: Person) -> int:
    """Everything that waited because somebody had left goes on; returns how many."""
    waiting = list(Target.objects.filter(person=person, state=State.PAUSED))
    for target in waiting:
        resume_target(target, actor=system(person.organisation_id))
    return len(waiting)


def not_given(organisation: Organisation) -> list[tuple[RoleTarget, int]]:
    """Each need of a role with how many people in the role do not have its target: what a lost wake-up call left."""
    today = timezone.localdate(timezone=organisation.zone)
    found = []
    for one in RoleTarget.objects.filter(organisation=organisation, ended_at__isnull=True).select_related("role", "organisation"):
        have = Target.objects.filter(role_target=one).values("person_id")
        lacking = _current(today).filter(role=one.role, person__left_at__isnull=True).exclude(person__in=have).count()
        if lacking:
            found.append((one, lacking))
    return found


def _need(asked: RoleRequirement) -> Need:
    rule: dict[str, Any] = {"type": "skill", "skill": asked.skill.url, "name": asked.skill.name, "level_at_least": asked.level}
    rule["assurance_at_least"] = int(asked.assurance_at_least.removeprefix("A"))
    if asked.issuers:
        rule["issuers"] = list(asked.issuers)
    if asked.max_age_months:
        rule["max_age_months"] = asked.max_age_months
    return Need(f"{asked.skill.name}, level {asked.level}", rule)


def _made(role: JobRole, need: Need, common: dict[str, Any], actor: Actor) -> RoleTarget:
    title = need.title.strip()
    if not title or len(title) > 200 or hides_in_line(title):
        raise Invalid("Say in up to 200 characters what is to be reached.", field="title")
    try:
        rule = to_json(parse(need.rule))
    except RequirementError as error:
        raise Invalid(str(error), field="rule") from error
    values = {"title": title, "why": need.why.strip()[:1000], "rule": rule, "made_by_label": actor.label[:200]}
    try:
        with transaction.atomic():
            return RoleTarget.objects.create(organisation_id=role.organisation_id, role=role, **values, **common)
    except IntegrityError as error:
        raise Conflict(f"{role.name} asks for “{title}” already.") from error


def _give(role_target: RoleTarget, assignments: Sequence[RoleAssignment]) -> int:
    """Who was ever given it, and had it withdrawn, does not get it again by itself."""
    have = set(Target.objects.filter(role_target=role_target).values_list("person_id", flat=True))
    now, actor = timezone.now(), system(role_target.organisation_id)
    targets = []
    for assignment in {one.person_id: one for one in assignments if one.person_id not in have}.values():
        begins = max(assignment.starts_on, role_target.since)
        targets.append(
            Target(
                organisation_id=role_target.organisation_id,
                person=assignment.person,
                role_target=role_target,
                title=role_target.title,
                why=role_target.why,
                rule=role_target.rule,
                counts_from=begins,
                due_on=add_months(begins, role_target.due_months),
                consequence=role_target.consequence,
                adjustments=role_target.adjustments,
                state=State.LIVE,
                live_at=now,
                stale=True,
                proposed_by_label=role_target.made_by_label,
            )
        )
    made = Target.objects.bulk_create(targets, batch_size=200)
    record_many(EventType.LIVE, [(one, {"role": role_target.role_id}) for one in made], actor=actor)
    if made:
        wake("performance.check_targets")
    return len(made)


def _current(today: date) -> Any:
    return RoleAssignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)
