"""The only writers of frameworks and skills. What roles ask for is written in `needs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.organisations.models import Organisation
from hexmark.skills.drafts import MOST_SKILLS, FrameworkDraft, SkillDraft, UnusableFramework, checked, line_of_text, web_address
from hexmark.skills.event_types import EventType
from hexmark.skills.models import Framework, Skill

_TAKEN = "There is a framework of this name already. Choose another name."
_WRITTEN = ("name", "code", "description", "url", "parent", "level_texts", "minimum_holders", "position", "retired_at")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: how many skills are new, how many changed, and how many it no longer has and were put away."""

    framework: Framework
    added: int
    changed: int
    retired: int


@transaction.atomic
def create_framework(organisation: Organisation, *, name: str, description: str = "", url: str = "", actor: Actor) -> Framework:
    """An empty framework of this name exists.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: the name is empty, or a text cannot be used.
        Conflict: there is one of this name.
    """
    allow(actor, Permission.EDIT_SKILLS, organisation)
    framework = Framework(
        organisation=organisation,
        name=line_of_text(name, 200, "The name"),
        description=description.strip()[:2000],
        url=web_address(url),
    )
    _save_new(framework)
    record(EventType.FRAMEWORK_CREATED, framework, actor=actor, name=framework.name)
    return framework


@transaction.atomic
def change_framework(framework: Framework, *, name: str, description: str, url: str, version: str, actor: Actor) -> None:
    """The framework is called and described so.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: the name is empty, or a text cannot be used.
        Conflict: another one has this name.
    """
    allow(actor, Permission.EDIT_SKILLS, framework)
    said = {"name": line_of_text(name, 200, "The name"), "description": description.strip()[:2000]}
    said |= {"url": web_address(url), "version": line_of_text(version, 60, "The version", optional=True)}
    try:
        with transaction.atomic():
            Framework.objects.filter(pk=framework.pk).update(**said)
    except IntegrityError as error:
        raise Conflict(_TAKEN) from error
    framework.refresh_from_db()
    record(EventType.FRAMEWORK_CHANGED, framework, actor=actor, name=framework.name)


@transaction.atomic
def import_framework(organisation: Organisation, draft: FrameworkDraft, *, actor: Actor) -> Imported:
    """The framework of this name is as the file tells it: skills that it has are kept, by address or code, new ones added.

    A skill that the file does not have is put away, not deleted: awards and roles may name it.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: the file cannot be taken, or an address is another framework's.
    """
    allow(actor, Permission.EDIT_SKILLS, organisation)
    draft = checked(draft)
    framework = Framework.objects.select_for_update().filter(organisation=organisation, name__iexact=draft.name).first()
    if framework is None:
        framework = Framework(organisation=organisation, name=draft.name)
        _save_new(framework)
    texts = {"url": draft.url, "version": draft.version, "description": draft.description}
    Framework.objects.filter(pk=framework.pk).update(**{name: text for name, text in texts.items() if text})
    framework.refresh_from_db()
    done = _write_skills(framework, draft.skills)
    counts = {"added": done.added, "changed": done.changed, "retired": done.retired}
    record(EventType.FRAMEWORK_IMPORTED, framework, actor=actor, name=framework.name, **counts)
    return done


@transaction.atomic
def add_skill(framework: Framework, *, draft: SkillDraft, parent: Skill | None = None, actor: Actor) -> Skill:
    """The framework has this skill, as its last.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: a text cannot be used, or the framework is full.
        Conflict: its code or address is taken.
    """
    allow(actor, Permission.EDIT_SKILLS, framework)
    if framework.skills.count() >= MOST_SKILLS:
        raise Invalid(f"A framework has at most {MOST_SKILLS:,} skills.")
    skill = Skill(organisation_id=framework.organisation_id, framework=framework, position=framework.skills.count(), parent=parent)
    return _keep(skill, draft, actor)


@transaction.atomic
def change_skill(skill: Skill, *, draft: SkillDraft, parent: Skill | None = None, actor: Actor) -> Skill:
    """The skill says this. Its address stays what it was, and what was signed keeps the words that it had.

    Raises:
        NotPermitted: the actor may not edit skills here.
        Invalid: a text cannot be used, or it would be a part of itself.
        Conflict: its code is taken.
    """
    allow(actor, Permission.EDIT_SKILLS, skill)
    above = parent
    while above is not None:
        if above.pk == skill.pk:
            raise Invalid("A skill is no part of itself. Choose another one.", field="parent")
        above = above.parent
    skill.parent = parent
    return _keep(skill, draft, actor)


@transaction.atomic
def retire_skill(skill: Skill, *, actor: Actor) -> None:
    """Nothing new can name the skill. Done twice, nothing changes the second time.

    Raises:
        NotPermitted: the actor may not edit skills here.
    """
    allow(actor, Permission.EDIT_SKILLS, skill)
    if Skill.objects.filter(pk=skill.pk, retired_at__isnull=True).update(retired_at=timezone.now()):
        record(EventType.SKILL_CHANGED, skill, actor=actor, name=skill.name, retired=True)


def _keep(skill: Skill, draft: SkillDraft, actor: Actor) -> Skill:
    [said] = checked(FrameworkDraft(name="x", skills=[draft])).skills
    skill.name, skill.code, skill.description = said.name, said.code, said.description
    skill.level_texts, skill.minimum_holders = list(said.level_texts), said.minimum_holders
    skill.url = skill.url or said.url or skill.page_url
    try:
        with transaction.atomic():
            skill.save()
    except IntegrityError as error:
        raise Conflict("Another skill has this code or address already.") from error
    record(EventType.SKILL_CHANGED, skill, actor=actor, name=skill.name)
    return skill


def _save_new(framework: Framework) -> None:
    try:
        with transaction.atomic():
            framework.save()
    except IntegrityError as error:
        raise Conflict(_TAKEN) from error


def _write_skills(framework: Framework, drafts: Sequence[SkillDraft]) -> Imported:
    there = {one.url: one for one in framework.skills.all()}
    by_code = {one.code: one for one in there.values() if one.code}
    by_name = {one.name: one for one in there.values() if not one.code}
    _no_strangers(framework, {draft.url for draft in drafts if draft.url})
    skills: dict[str, Skill] = {}
    for position, draft in enumerate(drafts):
        known = there.get(draft.url) or (by_code.get(draft.code) if draft.code else by_name.get(draft.name))
        skill = known or Skill(organisation_id=framework.organisation_id, framework=framework)
        skill.url = skill.url or draft.url or skill.page_url
        skills[draft.key] = skill
        skill.position = position
    before = {skill.pk: _state(skill) for skill in there.values()}
    for draft in drafts:
        _say(skills[draft.key], draft)
    new = [skill for skill in skills.values() if skill.pk is None]
    # In order, so that a parent has its key before its parts are written; parents are set when all have one.
    Skill.objects.bulk_create(new, batch_size=500)
    for draft in drafts:
        skills[draft.key].parent = skills[draft.parent] if draft.parent else None
    gone = [skill for skill in there.values() if skill not in skills.values() and skill.retired_at is None]
    for skill in gone:
        skill.retired_at = timezone.now()
    changed = [skill for skill in there.values() if _state(skill) != before[skill.pk]]
    Skill.objects.bulk_update([*new, *changed], _WRITTEN, batch_size=200)
    return Imported(framework, added=len(new), changed=len(changed) - len(gone), retired=len(gone))


def _say(skill: Skill, draft: SkillDraft) -> None:
    skill.name, skill.code, skill.description = draft.name, draft.code, draft.description
    skill.minimum_holders, skill.retired_at = draft.minimum_holders, None
    # CASE tells no levels: what somebody wrote here stays.
    skill.level_texts = list(draft.level_texts) or skill.level_texts


def _state(skill: Skill) -> tuple[object, ...]:
    values = (getattr(skill, name) for name in _WRITTEN if name not in ("parent", "position", "level_texts"))
    return (*values, skill.parent_id, tuple(skill.level_texts), skill.position)


def _no_strangers(framework: Framework, urls: set[str]) -> None:
    others = Skill.objects.filter(organisation_id=framework.organisation_id).exclude(framework=framework)
    taken = next((one for one in others.select_related("framework") if one.url in urls), None)
    if taken is not None:
        raise UnusableFramework(f"“{taken.url}” is a skill of “{taken.framework.name}” already.")
