"""Tables of targets: what somebody agreed to reach, by when, and what became of it.

A target is of one person or of one team. It asks for something held (a requirement), or for a figure to reach a value.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor, Permission
from hexmark.measures.models import DECIMALS, DIGITS, Measure
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import JobRole, Person, Team
from hexmark.performance.cycle_models import Cycle


class TargetQuerySet(TenantQuerySet["Target"]):
    """Targets: of oneself and one's team, of whom one manages or leads now, and all for whoever may view targets."""

    view_permission = Permission.VIEW_TARGETS

    def visible_to(self, actor: Actor) -> TargetQuerySet:
        """What the actor may know of at this moment: a manager who changes team loses sight with the line, not later."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None or not actor.may(Permission.VIEW_CATALOGUE):
            return self.none()
        led = people_led_by(actor.person_id)
        persons = models.Q(person_id=actor.person_id) | models.Q(person__in=led)
        members = Person.objects.filter(team__isnull=False).filter(models.Q(pk=actor.person_id) | models.Q(pk__in=led)).values("team_id")
        teams = models.Q(team__in=members) | models.Q(team__lead_id=actor.person_id, team__closed_at=None)
        return self.in_house(actor).filter(persons | teams)

    def current(self) -> TargetQuerySet:
        """Those that still matter: neither withdrawn nor refused."""
        return self.filter(withdrawn_at__isnull=True)


class Target(models.Model):
    """What a person or a team agreed to reach."""

    class State(models.TextChoices):
        """How far it is. `LAPSED` was met, and what showed it has ended since."""

        PROPOSED = "proposed", "Waits for agreement"
        LIVE = "live", "Agreed"
        MET = "met", "Met"
        LAPSED = "lapsed", "Met, then ended"
        PAUSED = "paused", "Paused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class LapseReason(models.TextChoices):
        """What ended the proof."""

        EXPIRED = "expired", "expired"
        PAUSED = "paused", "paused by its issuer"
        REVOKED = "revoked", "revoked by its issuer"
        CHANGED = "changed", "no longer shown"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="targets")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="targets")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="targets")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="targets")
    title = models.CharField(max_length=200)
    why = models.TextField(max_length=1000, blank=True)

    #: What must be held, as a requirement; each change of it is a new version.
    rule = models.JSONField(null=True)
    rule_version = models.PositiveIntegerField(default=1)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="targets")
    #: Of a measure: the value to be reached. Of a team's requirement: how many of a hundred people must meet it.
    value = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    #: The figure on the day when the target was set. It never changes afterwards.
    baseline = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    #: What is added up is added up from this day on, to `due_on`.
    counts_from = models.DateField()
    due_on = models.DateField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by_label = models.CharField(max_length=200)
    agreed_by_person_at = models.DateTimeField(null=True)
    agreed_by_manager_at = models.DateTimeField(null=True)
    agreed_by_manager_label = models.CharField(max_length=200, blank=True)
    #: The cycle's words as both agreed to them; of a target outside of a cycle, its own.
    consequence = models.TextField(max_length=2000, blank=True)
    adjustments = models.TextField(max_length=2000, blank=True)
    live_at = models.DateTimeField(null=True)
    #: From which need of a job role it was made.
    role_target = models.ForeignKey("performance.RoleTarget", on_delete=models.SET_NULL, null=True, related_name="targets")

    #: What was found when it was last looked at: the explanation, or the figure (of a rate: of how many how many).
    explanation = models.JSONField(null=True)
    current = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    denominator = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    met_at = models.DateTimeField(null=True)
    #: What showed it: ids of awards or credentials, a line each.
    met_ref = models.TextField(blank=True)
    #: When what shows it ends.
    lapses_on = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    lapse_reason = models.CharField(max_length=8, choices=LapseReason.choices, blank=True)
    #: Somebody was told that it is due soon.
    reminded_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    #: What it was before it was paused, or withdrawn.
    state_before = models.CharField(max_length=10, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    #: Something changed that may change the answer; a job looks at it.
    stale = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    #: Raised by every change of what was agreed, so that nobody agrees to what they have not read.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True) | models.Q(person__isnull=True, team__isnull=False),
                name="a_target_is_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(rule__isnull=False, measure__isnull=True)
                | models.Q(rule__isnull=True, measure__isnull=False, value__isnull=False),
                name="a_target_asks_for_one_thing",
            ),
            models.UniqueConstraint(
                fields=["person", "role_target"],
                condition=models.Q(role_target__isnull=False, withdrawn_at__isnull=True),
                name="one_target_a_need_and_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "state"], name="targets_of_a_person"),
            models.Index(fields=["id"], condition=models.Q(stale=True), name="targets_to_look_at"),
            models.Index(fields=["lapses_on"], condition=models.Q(state="met"), name="targets_that_lapse"),
        ]

    def __str__(self) -> str:
        return self.title


class TargetComment(models.Model):
    """What somebody said to a target."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=200)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.author_label}: {self.text[:40]}"


class RoleTargetQuerySet(TenantQuerySet["RoleTarget"]):
    """What roles bring with them is no secret in the organisation."""


class RoleTarget(models.Model):
    """What everybody in a job role reaches within some months of starting in it."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="role_targets")
    role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="role_targets")
    title = models.CharField(max_length=200)
    why = models.TextField(max_length=1000, blank=True)
    rule = models.JSONField()
    due_months = models.PositiveSmallIntegerField()
    #: From which day on the role has asked for it: whoever was in the role before counts their months from that day.
    since = models.DateField()
    consequence = models.TextField(max_length=2000)
    adjustments = models.TextField(max_length=2000)
    made_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = RoleTargetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "title"], condition=models.Q(ended_at__isnull=True), name="one_need_of_a_role_a_title")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.title}"
