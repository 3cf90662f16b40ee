"""Tables of awards."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person


class AwardRunQuerySet(TenantQuerySet["AwardRun"]):
    """Runs, for whoever may view awards."""

    view_permission = Permission.VIEW_AWARDS


class AwardQuerySet(TenantQuerySet["Award"]):
    """Awards; earners see their own once the hold is over, and so do those who manage or lead them."""

    view_permission = Permission.VIEW_AWARDS

    def visible_to(self, actor: Actor) -> AwardQuerySet:
        """All of the organisation for whoever may view awards; otherwise those that were signed for the actor or their people."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        earners = models.Q(person_id=actor.person_id) | models.Q(person_id__in=people_led_by(actor.person_id))
        return self.in_house(actor).filter(earners, credential__issued_at__isnull=False)


class AwardRun(models.Model):
    """One decision to award one version to one or many people."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="award_runs")
    version = models.ForeignKey(AchievementVersion, on_delete=models.PROTECT, related_name="award_runs")
    #: Who decided; empty where no person did. Asked again for the right to award when the credential is signed.
    awarded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    awarded_by_label = models.CharField(max_length=200)
    narrative = models.TextField(blank=True, max_length=2000)
    awarded_at = models.DateTimeField()
    #: Until then the run can be undone and nothing is signed.
    release_at = models.DateTimeField()
    #: Its awards count no longer from this moment; those of a long run are deleted in the minutes after.
    undone_at = models.DateTimeField(null=True)
    #: Signing waits until somebody resumes it.
    paused_at = models.DateTimeField(null=True)

    objects = AwardRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.version.name} by {self.awarded_by_label}"


class Award(models.Model):
    """The decision, by a person with the right, that one earner met the criteria."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="awards")
    run = models.ForeignKey(AwardRun, on_delete=models.CASCADE, related_name="awards")
    version = models.ForeignKey(AchievementVersion, on_delete=models.PROTECT, related_name="awards")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="awards")
    awarded_at = models.DateTimeField()
    release_at = models.DateTimeField()
    #: What this person did, where it is told of each by itself; empty where the run's words are everybody's.
    narrative = models.TextField(blank=True, max_length=2000)
    #: Issuing has taken it up: from then on it is found by its credential, no longer by being due.
    reserved_at = models.DateTimeField(null=True)
    #: The award counts no longer: it was refused at signing, or its credential was revoked.
    closed_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "version"], condition=models.Q(closed_at__isnull=True), name="one_open_award_a_person_and_version"
            )
        ]
        # Without what is signed: the sweep that looks for due awards must not read through a million of them every five seconds.
        # The organisation first, or SQLite prefers its index and sorts all that are due for each batch (measured).
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "release_at", "id"],
                condition=models.Q(reserved_at__isnull=True, closed_at__isnull=True),
                name="award_due",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def url(self) -> str:
        """The award's public page, and the `id` of its credential."""
        return award_url(self.public_id)

    @property
    def why(self) -> str:
        """What they did, in the words that stand in the signed file."""
        return self.narrative or self.run.narrative


def award_url(public_id: str) -> str:
    """The public page of the award with this id."""
    return f"{settings.PUBLIC_URL}/a/{public_id}"


class BatchQuerySet(TenantQuerySet["Batch"]):
    """Lists of people to award, for whoever may award: they hold names and addresses."""

    view_permission = Permission.AWARD


class Batch(models.Model):
    """A list of people to be awarded one version, kept while it is checked and mended, and after it was run."""

    class State(models.TextChoices):
        """How far it is. What is still to do stands in its rows."""

        ARRIVING = "arriving", "Being stored"
        OPEN = "open", "Being prepared"
        RUN = "run", "Run"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="award_batches")
    version = models.ForeignKey(AchievementVersion, on_delete=models.PROTECT, related_name="award_batches")
    narrative = models.TextField(blank=True, max_length=2000)
    #: Where the rows came from, as people see it: `staff.csv`, `Team Kiln`, `Pasted`.
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    #: Whose rights decide what the rows may do; empty for the installation itself.
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    run = models.OneToOneField(AwardRun, on_delete=models.PROTECT, null=True, related_name="batch")

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-created_at"], name="batch_of_organisation")]

    def __str__(self) -> str:
        return f"{self.version.name} from {self.source}"


class BatchRow(models.Model):
    """One line of the list, as it was given, and what became of it."""

    class Outcome(models.TextChoices):
        """What was found when the row was checked, and after the run what became of it."""

        UNCHECKED = "unchecked", "Being checked"
        READY = "ready", "Ready"
        NEW = "new", "Ready, new here"
        MEND = "mend", "To mend"
        HELD = "held", "Already held"
        DOUBLE = "double", "Twice in the list"
        AWARDED = "awarded", "Awarded"
        FAILED = "failed", "Failed"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    email = models.TextField(blank=True)
    name = models.TextField(blank=True)
    narrative = models.TextField(blank=True)
    #: The day of the decision as it was given; `YYYY-MM-DD` once it was understood.
    decided_on = models.TextField(blank=True)
    #: Whom two rows have in common when they are about the same person. Empty before it is checked.
    key = models.CharField(max_length=300, blank=True)
    #: Somebody has said that the other row of this key is about another person.
    is_distinct = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.UNCHECKED)
    reason = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    award = models.OneToOneField(Award, on_delete=models.SET_NULL, null=True, related_name="batch_row")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "line"], name="one_row_a_line")]
        indexes: ClassVar = [
            models.Index(fields=["batch", "outcome", "line"], name="batch_row_outcome"),
            models.Index(fields=["batch", "key"], name="batch_row_key"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.email}"
