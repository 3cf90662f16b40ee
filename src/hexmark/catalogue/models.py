"""Tables of the catalogue.

An *achievement* keeps its address for ever; what it asks for stands in *versions*. A published version never changes, so
that what was awarded never changes under its holder.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction

from hexmark.access import Actor, ActorKind, Permission
from hexmark.errors import Conflict
from hexmark.openbadges.model import ACHIEVEMENT_TYPES
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.skills.models import Skill

#: 10,000 hours: a degree takes less.
MOST_EFFORT_MINUTES = 600_000


class AchievementQuerySet(TenantQuerySet["Achievement"]):
    """Achievements; members see what their organisation published, editors see drafts too."""

    view_permission = Permission.EDIT_CATALOGUE

    def visible_to(self, actor: Actor) -> AchievementQuerySet:
        """Everything of the organisation for editors; what it has published for its members; for anybody else, nothing."""
        own = self.in_house(actor)
        if actor.kind is ActorKind.ANONYMOUS or not actor.may(Permission.VIEW_CATALOGUE):
            return self.none()
        if actor.may(self.view_permission):
            return own
        # Two conditions in one `exclude` may be met by two different versions, so the first drafts are asked for by themselves.
        unseen = AchievementVersion.objects.filter(state=AchievementVersion.State.DRAFT, number=1)
        return own.exclude(pk__in=unseen.values("achievement_id"))


class Achievement(models.Model):
    """Something that can be accomplished, with an address of its own."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="achievements")
    #: Host-unique and never changed: signed files name it.
    slug = models.CharField(max_length=80, unique=True)
    #: Whether the public directory names it. Its page is there either way: signed files point to it.
    listed = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AchievementQuerySet.as_manager()

    def __str__(self) -> str:
        return self.slug

    @property
    def url(self) -> str:
        """The achievement's public page."""
        return f"{settings.PUBLIC_URL}/b/{self.slug}"


class AchievementVersion(models.Model):
    """What an achievement asked for at one time."""

    class State(models.TextChoices):
        """Drafts can be changed, published versions awarded, retired ones neither."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    class Kind(models.TextChoices):
        """Whether anybody judges. An organisation shows its own two words for these."""

        UNASSESSED = "unassessed", "Unassessed"
        ASSESSED = "assessed", "Assessed"

    TYPE_CHOICES: ClassVar = [(value, value) for value in ACHIEVEMENT_TYPES]

    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=1000, blank=True)
    criteria = models.TextField("how to earn it", max_length=10_000, blank=True)
    #: What has to be handed in or shown, and who judges it and how; both in the author's words.
    evidence = models.TextField("what to show", max_length=2000, blank=True)
    assessment = models.TextField("how it is judged", max_length=2000, blank=True)
    achievement_type = models.CharField(max_length=40, choices=TYPE_CHOICES, default="Badge")
    assurance = models.CharField(max_length=2, choices=Assurance.choices, default=Assurance.TOOK_PART)
    #: Fixed at publication by the organisation's own rule.
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.UNASSESSED)
    #: 1 to 5, or 0 for an achievement that is not part of a ladder.
    level = models.PositiveSmallIntegerField(default=0, validators=[MinValueValidator(0), MaxValueValidator(5)])
    tags = models.JSONField(default=list, blank=True)
    #: Whom it is for and what it is about: how people find it in the directory.
    roles = models.JSONField("for which roles", default=list, blank=True)
    subjects = models.JSONField(default=list, blank=True)
    #: What somebody usually spends on it, in whole minutes; empty where nobody has said.
    effort_minutes = models.PositiveIntegerField(
        "usual effort", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_EFFORT_MINUTES)]
    )
    #: Whole months from the award; empty for ever.
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)])
    language = models.CharField(max_length=12, default="en")
    #: SHA-256 of the picture in the file store; `drawn_svg` is empty where somebody uploaded a picture of their own.
    image_png = models.CharField(max_length=64, blank=True)
    drawn_svg = models.CharField(max_length=64, blank=True)
    #: What was chosen for the drawing, a part of a recipe; empty where all is suggested from the text. Published, the whole recipe:
    #: without one, a drawn picture is of the first generator's, which knows one size only.
    art = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["achievement", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["achievement"], condition=models.Q(state="published"), name="one_published_version"),
            models.UniqueConstraint(fields=["achievement"], condition=models.Q(state="draft"), name="one_draft_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (version {self.number})"

    def save(self, *arguments: Any, **named: Any) -> None:
        """The draft is stored. A form that was opened before the publication must not write over what was published.

        Raises:
            Conflict: it is not a draft any more.
        """
        with transaction.atomic():
            kept = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if kept is not None and kept.state != self.State.DRAFT:
                raise Conflict("This version was published meanwhile and does not change any more. Begin a new version.")
            super().save(*arguments, **named)

    @property
    def organisation_id(self) -> int:
        """A version belongs to its achievement's organisation."""
        return self.achievement.organisation_id

    @property
    def url(self) -> str:
        """The version's own address: the `id` of the achievement in signed files."""
        return f"{self.achievement.url}/{self.number}"

    @property
    def image_url(self) -> str:
        """Where the picture of this version is served."""
        return f"{self.url}/image"

    @property
    def word(self) -> str:
        """What the organisation calls an achievement of this kind."""
        organisation = self.achievement.organisation
        return organisation.word_assessed if self.kind == self.Kind.ASSESSED else organisation.word_unassessed


class Alignment(models.Model):
    """A link from a version to a skill in a framework (Open Badges 3.0, Alignment)."""

    version = models.ForeignKey(AchievementVersion, on_delete=models.CASCADE, related_name="alignments")
    target_name = models.CharField("skill", max_length=200)
    target_url = models.URLField("its address", max_length=500)
    target_code = models.CharField("its code", max_length=60, blank=True)
    target_framework = models.CharField("framework", max_length=200, blank=True)
    #: What is signed stands in the texts: they were copied from the skill when it was chosen, and do not follow it.
    target_description = models.CharField(max_length=1000, blank=True)
    #: Which of the organisation's skills it is, and at which level; 0 where no level is claimed.
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="alignments")
    level = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(5)])

    def __str__(self) -> str:
        return self.target_name


class DirectoryEntry(models.Model):
    """What the public directory knows of one achievement: a copy, made for searching and counting, that can be made anew.

    `catalogue/listing.py` alone writes it. An entry whose achievement is listed no longer stays, so that programs that read along
    learn that it went.
    """

    achievement = models.OneToOneField(Achievement, on_delete=models.CASCADE, related_name="directory_entry")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="directory_entries")
    version = models.ForeignKey(AchievementVersion, on_delete=models.CASCADE, related_name="+")
    is_listed = models.BooleanField()
    #: Folded: without case and accents. `tokens` holds one `group=value` a line.
    sort_name = models.CharField(max_length=400)
    text = models.TextField()
    tokens = models.TextField()
    published_at = models.DateTimeField()
    #: When what it says last changed, or when it went.
    changed_at = models.DateTimeField()
    #: How many people hold it. Counted later, not in the transaction of an award; `is_counted` is false until then.
    earners = models.PositiveIntegerField(default=0)
    is_counted = models.BooleanField(default=False, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["changed_at", "id"], name="directory_by_change")]

    def __str__(self) -> str:
        return self.sort_name


class DirectoryWord(models.Model):
    """How a role or a subject is written, as it was first typed; the directory compares folded values."""

    group = models.CharField(max_length=10)
    value = models.CharField(max_length=400)
    label = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "value"], name="one_spelling_a_directory_word")]

    def __str__(self) -> str:
        return self.label
