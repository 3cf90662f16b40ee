"""Tables of cycles: a period in which each person of some teams and roles has one review, phase after phase."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.models import JobRole, Team


class CycleQuerySet(TenantQuerySet["Cycle"]):
    """Cycles; that there is one, and what it says, is no secret within the organisation."""

    def visible_to(self, actor: Actor) -> CycleQuerySet:
        """All of the organisation for each of its people."""
        return self.in_house(actor) if actor.person_id or actor.may(self.view_permission) else self.none()

    def open(self) -> CycleQuerySet:
        """Those whose reviews are under way."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)


class Cycle(models.Model):
    """A period, and what holds for all reviews in it."""

    class HrReads(models.TextChoices):
        """What human resources may read of a review. Who reads is written down, and shown to whom it is about."""

        NOTHING = "nothing", "No review, only how far each one is"
        CLOSED = "closed", "Reviews that are closed"
        ALL = "all", "All that both sides have handed in"

    class Predecessor(models.TextChoices):
        """What becomes of the words of a manager who stops being the person's manager in the middle."""

        STAYS = "stays", "Stays in the review, under the name of who wrote it"
        PERSON_ONLY = "person_only", "Only the person keeps sight of it; the new manager begins anew"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cycles")
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    #: The last day of the period looked at; the phases may come later.
    ends_on = models.DateField()
    #: What follows where a target is not reached: a person's target goes live only once this is said.
    consequence = models.TextField(blank=True)
    #: What is done for people for whom the usual way would be unfair.
    adjustments = models.TextField(blank=True)
    #: The organisation's own scale, `[{"value": "3", "label": "Meets what was agreed"}, …]` from low to high; empty: there are no marks.
    rating_scale = models.JSONField(default=list, blank=True)
    #: Whether the mark of a closed review is kept as a fact that opportunities may ask for.
    marks_count = models.BooleanField(default=False)
    hr_reads = models.CharField(max_length=10, choices=HrReads.choices, default=HrReads.CLOSED)
    predecessor = models.CharField(max_length=12, choices=Predecessor.choices, default=Predecessor.STAYS)
    teams = models.ManyToManyField(Team, related_name="cycles", blank=True)
    roles = models.ManyToManyField(JobRole, related_name="cycles", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Since then it has reviews.
    opened_at = models.DateTimeField(null=True)
    #: Since then none of its reviews changes.
    closed_at = models.DateTimeField(null=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_cycle_a_name"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="a_cycle_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """One part of a cycle, from one day to another; both days count."""

    class Kind(models.TextChoices):
        """What is done in it, in the order in which it is done."""

        TARGETS = "targets", "Set targets"
        SELF_REVIEW = "self_review", "Self review"
        MANAGER_REVIEW = "manager_review", "Manager's review"
        CONVERSATION = "conversation", "Conversation"
        CLOSE = "close", "Confirm and close"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    #: When everybody had been told that it began, and up to which review's key people have been.
    told_at = models.DateTimeField(null=True)
    told_up_to = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="one_phase_a_kind"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="a_phase_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.cycle}"
