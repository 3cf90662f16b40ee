"""Tables of plans: steps by day from the day on which somebody is assigned one; and of scores of partner organisations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor, Permission
from hexmark.measures.models import DECIMALS, DIGITS, Measure
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person, Team


class StepKind(models.TextChoices):
    """What a step of a plan is."""

    EXERCISE = "exercise", "Exercise"
    MILESTONE = "milestone", "Milestone"
    OUTCOME = "outcome", "Outcome"


class OutlineQuerySet(TenantQuerySet["Outline"]):
    """Outlines are no secret in the organisation."""


class Outline(models.Model):
    """A plan as it is written once, for many people."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outlines")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = OutlineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="one_outline_a_name")]

    def __str__(self) -> str:
        return self.name


class OutlineStep(models.Model):
    """One step: what, by which day, and how it is seen that it is done."""

    outline = models.ForeignKey(Outline, on_delete=models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    title = models.CharField(max_length=200)
    #: Days after the first one.
    day = models.PositiveSmallIntegerField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outline", "place"], name="one_step_a_place"),
            models.CheckConstraint(
                condition=models.Q(measure__isnull=True, value__isnull=True) | models.Q(measure__isnull=False, value__isnull=False),
                name="a_figure_of_a_step_has_a_value",
            ),
        ]

    def __str__(self) -> str:
        return f"Day {self.day}: {self.title}"


class PlanQuerySet(TenantQuerySet["Plan"]):
    """Plans: one's own, of whom one manages or leads now, and all for whoever may view targets."""

    view_permission = Permission.VIEW_TARGETS

    def visible_to(self, actor: Actor) -> PlanQuerySet:
        """What the actor may know of at this moment."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None or not actor.may(Permission.VIEW_CATALOGUE):
            return self.none()
        return self.in_house(actor).filter(models.Q(person_id=actor.person_id) | models.Q(person__in=people_led_by(actor.person_id)))


class Plan(models.Model):
    """An outline that a person follows."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plans")
    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, related_name="plans")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="plans")
    assigned_on = models.DateField()
    #: The day itself, or the Monday after it.
    starts_on = models.DateField()
    assigned_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outline", "person"], condition=models.Q(ended_at__isnull=True), name="one_open_plan_an_outline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outline}: {self.person}"


class PlanStep(models.Model):
    """One step of somebody's plan, as the outline said when it was assigned."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    #: When somebody said that it is done; a figure says so by itself.
    done_at = models.DateTimeField(null=True)
    done_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "place"], name="one_step_of_a_plan_a_place")]

    def __str__(self) -> str:
        return self.title


class ScorecardQuerySet(TenantQuerySet["Scorecard"]):
    """Scores of partner organisations: for their people and whoever leads these, and for whoever may view measures."""

    view_permission = Permission.VIEW_MEASURES

    def visible_to(self, actor: Actor) -> ScorecardQuerySet:
        """What the actor may know of."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        mine = Person.objects.filter(team__isnull=False).filter(
            models.Q(pk=actor.person_id) | models.Q(pk__in=people_led_by(actor.person_id))
        )
        return self.in_house(actor).filter(models.Q(team__in=mine.values("team_id")) | models.Q(team__lead_id=actor.person_id))


class Scorecard(models.Model):
    """How a partner organisation is scored: categories with the most that each can give, and what all together must reach."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scorecards")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="scorecards")
    name = models.CharField(max_length=120)
    minimum_total = models.PositiveSmallIntegerField()
    #: `[{"name", "most", "measure": id} | {"name", "most", "achievements": [url], "points_each": 10}]`.
    categories = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "team", "name"], name="one_scorecard_a_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.team}"
