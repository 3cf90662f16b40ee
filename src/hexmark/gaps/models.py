"""Tables of gaps: what was counted each night, and who does not want to be found.

Nothing about a single person is kept here but their wish not to be found: who shows what is asked of the holdings when it is looked at.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.models import Person, Team
from hexmark.skills.models import Skill


class SnapshotQuerySet(TenantQuerySet["Snapshot"]):
    """What was counted, for whoever may view gaps."""

    view_permission = Permission.VIEW_GAPS


class Snapshot(models.Model):
    """One count of a whole organisation, as it stood at one moment of a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="gap_snapshots")
    taken_on = models.DateField()
    taken_at = models.DateTimeField()
    #: Empty while it is being counted: only a whole one is read.
    complete_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "taken_on"], name="one_snapshot_a_day")]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.taken_on}"


class Cell(models.Model):
    """What was counted of one skill among the people who stand directly in one team, or in none."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="cells")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    #: People of whom it is required, and of them: who shows it, who shows less, and of whom nothing is known.
    required = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    below = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    #: Of those who show it: who no longer does in 90 days, if nothing is renewed.
    expiring = models.PositiveIntegerField(default=0)
    #: By how many levels all of them together fall short.
    missing_levels = models.PositiveIntegerField(default=0)
    #: People, whatever their role, who show the highest level that a critical need asks for; and how many still do after 3, 6, 12 months.
    holders = models.PositiveIntegerField(default=0)
    holders_3 = models.PositiveIntegerField(default=0)
    holders_6 = models.PositiveIntegerField(default=0)
    holders_12 = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "team", "skill"], name="one_cell_a_team_and_skill"),
            models.UniqueConstraint(fields=["snapshot", "skill"], condition=models.Q(team__isnull=True), name="one_cell_of_no_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} of skill {self.skill_id}: {self.met} of {self.required}"


class Headcount(models.Model):
    """How many people stood directly in one team when it was counted, and how many had left it in the twelve months before."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="headcounts")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    people = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "team"], name="one_headcount_a_team"),
            models.UniqueConstraint(fields=["snapshot"], condition=models.Q(team__isnull=True), name="one_headcount_of_no_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.people}"


class Unfindable(models.Model):
    """A person's own wish that the search for experts leaves them out."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="unfindable")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person_id} since {self.since:%Y-%m-%d}"
