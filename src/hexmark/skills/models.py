"""Tables of skills.

A *framework* is a list of skills with an origin and a version. A *skill* has five levels at most, each with words of its own. A job
role's *needs* say which skill, at which level, shown how, and from when.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from hexmark.access import Permission
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.models import JobRole

HIGHEST_LEVEL = 5


class FrameworkQuerySet(TenantQuerySet["Framework"]):
    """Frameworks, for everybody of the organisation."""

    view_permission = Permission.VIEW_CATALOGUE


class Framework(models.Model):
    """A list of skills with one origin: an organisation's own, or brought from a file."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="frameworks")
    name = models.CharField(max_length=200)
    #: Where it comes from, and which edition of it this is; both as their makers say.
    url = models.URLField("its address", max_length=500, blank=True)
    version = models.CharField(max_length=60, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), "organisation", name="one_framework_a_name")]

    def __str__(self) -> str:
        return self.name


class SkillQuerySet(TenantQuerySet["Skill"]):
    """Skills, for everybody of the organisation."""

    view_permission = Permission.VIEW_CATALOGUE

    def open(self) -> SkillQuerySet:
        """Those that were not put away."""
        return self.filter(retired_at__isnull=True)


class Skill(models.Model):
    """Something that somebody can do, at one of up to five levels."""

    public_id = public_id_field()
    #: The framework's, kept here so that reading starts with the organisation.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="skills")
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="skills")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    #: What it is called in signed files. Never changed once it is there: badges of others name it too.
    url = models.CharField("its address", max_length=500)
    #: What somebody can do at levels 1 to 5, in order; shorter where a level has no words.
    level_texts = models.JSONField(default=list, blank=True)
    #: So few may be able to do it before it counts as at risk.
    minimum_holders = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(1000)])
    position = models.PositiveIntegerField(default=0)
    #: Put away: nothing new names it. What names it already keeps doing so.
    retired_at = models.DateTimeField(null=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "url"], name="one_skill_an_address"),
            models.UniqueConstraint(fields=["framework", "code"], condition=~models.Q(code=""), name="one_skill_a_code"),
        ]
        indexes: ClassVar = [models.Index(fields=["framework", "position", "id"], name="skills_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def page_url(self) -> str:
        """Its own public page, which is its address where nobody else gave it one."""
        return f"{settings.PUBLIC_URL}/skill/{self.public_id}"

    def level_text(self, level: int) -> str:
        """What somebody can do at this level; empty where nobody has said."""
        return str(self.level_texts[level - 1]) if 0 < level <= len(self.level_texts) else ""


class RoleRequirementQuerySet(TenantQuerySet["RoleRequirement"]):
    """What roles ask for, for everybody of the organisation."""

    view_permission = Permission.VIEW_CATALOGUE


class RoleRequirement(models.Model):
    """A need of a job role: a skill at a level, from one day to another; both days count, and an empty end is open."""

    class Importance(models.IntegerChoices):
        """How much it weighs among the needs of its role."""

        HELPFUL = 1, "Helpful"
        IMPORTANT = 2, "Important"
        ESSENTIAL = 3, "Essential"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="role_requirements")
    role = models.ForeignKey(JobRole, on_delete=models.CASCADE, related_name="requirements")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="requirements")
    level = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_LEVEL)])
    importance = models.PositiveSmallIntegerField(choices=Importance.choices, default=Importance.IMPORTANT)
    #: Nobody is ready for the role without it.
    critical = models.BooleanField(default=False)
    #: New in this role: shown as such, so that nobody takes a gap for a failure.
    emerging = models.BooleanField(default=False)
    #: What counts as shown: how surely, given by whom (ids of issuers; empty for anybody's), and not longer ago than this.
    assurance_at_least = models.CharField(max_length=2, choices=Assurance.choices, default=Assurance.STATED)
    issuers = models.JSONField(default=list, blank=True)
    max_age_months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleRequirementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_need_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=HIGHEST_LEVEL), name="a_need_has_a_level"),
            models.UniqueConstraint(fields=["role", "skill"], condition=models.Q(ends_on__isnull=True), name="one_open_need_a_skill"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "role"], name="needs_of_a_role")]

    def __str__(self) -> str:
        return f"{self.skill} {self.level} for {self.role}"
