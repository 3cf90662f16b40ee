"""The demo's skills: a framework at Hexham Instruments, what its badges show, what its job roles ask for, and who is not to be found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from hexmark.access import system
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.catalogue.skill_links import link_to
from hexmark.demo.settling import Settled
from hexmark.gaps.models import Unfindable
from hexmark.gaps.snapshots import take_snapshot
from hexmark.people.models import JobRole
from hexmark.skills.actions import import_framework
from hexmark.skills.drafts import FrameworkDraft, SkillDraft
from hexmark.skills.models import Skill
from hexmark.skills.needs import Need, ask_for

_LEVELS = ("Does it with help", "Does it alone", "Shows others", "Improves how it is done", "Is asked by everybody")
#: Code, name, and the badges that show it with their levels.
_SKILLS = (
    ("TEST", "Test systems", {"Test Systems Associate": 2, "Test Systems Developer": 3, "Test Systems Architect": 4}),
    ("CTRL", "Controls programming", {"PLC Basics": 1, "Controls Programmer": 3}),
    ("CLOUD", "Cloud administration", {"Cloud Administrator Associate": 3, "Restore a Backup": 2, "Container Basics": 1}),
    ("SELL", "Discovery with customers", {"Product Foundations": 1, "Discovery Practitioner": 3, "Deal Desk": 2}),
    ("COACH", "Coaching", {"Coaching": 3, "Mentor": 2}),
    ("AI", "Industrial AI", {"Data Literacy Advanced": 2, "Controls Programmer": 1}),
)
#: Role, code, level, critical, emerging.
_NEEDS = (
    ("Field engineer", "TEST", 2, True, False),
    ("Field engineer", "CTRL", 1, False, False),
    ("Field engineer", "AI", 1, False, True),
    ("Cloud support engineer", "CLOUD", 3, True, False),
    ("Sales adviser", "SELL", 3, False, False),
    ("Trainer", "COACH", 3, True, False),
    ("Software developer", "CLOUD", 1, False, False),
)


def tell(houses: Sequence[Settled]) -> None:
    """Skills are there before anything is signed, so that signed files name them."""
    hexham, actor = houses[0].organisation, system(houses[0].organisation.pk)
    drafts = [SkillDraft(key=code, name=name, where=code, code=code, level_texts=_LEVELS) for code, name, _ in _SKILLS]
    import_framework(hexham, FrameworkDraft(name="Hexham skills", skills=drafts, description="What we do for our customers."), actor=actor)
    skills = {skill.code: skill for skill in Skill.objects.filter(organisation=hexham).select_related("framework")}
    for code, _, shown in _SKILLS:
        for version in AchievementVersion.objects.filter(achievement__organisation=hexham, name__in=shown):
            link_to(Alignment(version=version), skills[code], shown[version.name]).save()
    began = timezone.localdate() - timedelta(days=300)
    for name, code, level, critical, emerging in _NEEDS:
        role = JobRole.objects.filter(organisation=hexham, name=name).first()
        if role is not None:
            ask_for(role, Need(skills[code], level, began, critical=critical, emerging=emerging), actor=actor)
    Unfindable.objects.get_or_create(person=houses[0].named("Rana Haddad"))


def count(houses: Sequence[Settled]) -> None:
    """Every organisation is counted, once everybody was told of everything."""
    for settled in houses:
        take_snapshot(settled.organisation)
