"""Tables of what people hold.

A *holding* is one fact about a person: a credential, points, a mark, a consent, a figure. It is a copy made for asking rules; where it
comes from stands in the room that gave it, and all can be made anew from there. A *decision* is what followed from a rule, kept with the
facts that counted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person
from hexmark.requirements.facts import FactKind
from hexmark.skills.models import Skill


class HoldingQuerySet(TenantQuerySet["Holding"]):
    """Holdings; everybody sees their own, and managers the credentials of whom they manage or lead."""

    view_permission = Permission.VIEW_AWARDS

    def visible_to(self, actor: Actor) -> HoldingQuerySet:
        """The actor's own, and of others only credentials: all for whoever may view awards, otherwise those of their people.

        Review marks, consents and figures about others have pages of their own, which ask for more than a look at awards.
        """
        credentials = models.Q(kind=FactKind.CREDENTIAL.value)
        if actor.person_id is None:
            return self.in_house(actor).filter(credentials) if actor.may(self.view_permission) else self.none()
        if not actor.may(self.view_permission):
            credentials &= models.Q(person_id__in=people_led_by(actor.person_id))
        return self.in_house(actor).filter(models.Q(person_id=actor.person_id) | credentials)


class Holding(models.Model):
    """One fact about a person, with the times between which it counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="holdings")
    #: One of `requirements.facts.FactKind`.
    kind = models.CharField(max_length=12)
    #: What it is known by where it comes from: a credential's `id`, a cycle, a figure and its day.
    ref = models.CharField(max_length=300)
    #: Of a credential: what was achieved, by whose word, and how surely.
    achievement = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=300, blank=True)
    assurance = models.PositiveSmallIntegerField(default=0)
    #: Everything else that the fact says.
    data = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    #: Taken back for good, and paused; empty where neither.
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    #: When it was recorded that it expired.
    expiry_recorded_at = models.DateTimeField(null=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind", "ref"], name="one_holding_a_fact")]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "kind", "achievement"], name="holding_by_achievement"),
            models.Index(
                fields=["valid_until", "id"],
                condition=models.Q(expiry_recorded_at__isnull=True, valid_until__isnull=False, ended_at__isnull=True),
                name="holding_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class HoldingSkill(models.Model):
    """A skill that a holding shows, and at which level."""

    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="skills")
    #: The holding's person, so that what one person can do is found without reading the holdings of all.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="shown_by")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["holding", "skill"], name="one_level_a_holding_and_skill")]
        indexes: ClassVar = [
            models.Index(fields=["person", "skill"], name="skills_of_a_person"),
            models.Index(fields=["skill", "person"], name="people_of_a_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} at {self.level}"


class DecisionQuerySet(TenantQuerySet["Decision"]):
    """Decisions; everybody sees those about themselves, auditors all."""

    view_permission = Permission.VIEW_EVENTS

    def visible_to(self, actor: Actor) -> DecisionQuerySet:
        """All of the organisation for whoever may read its log; otherwise those about the actor."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        return self.none() if actor.person_id is None else self.in_house(actor).filter(person_id=actor.person_id)


class Decision(models.Model):
    """What a rule said of a person at a moment, with the rule and the facts as they were. Rows are added and never changed."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="decisions")
    #: What it was about, in words: “Team lead, North”.
    about = models.CharField(max_length=300)
    #: What followed from it: "award", "eligibility", "target"; chosen by the room that decided.
    purpose = models.CharField(max_length=40, blank=True)
    #: Where it leads back to, a path of this site; empty where nowhere.
    path = models.CharField(max_length=300, blank=True)
    rule = models.JSONField()
    rule_sha256 = models.CharField(max_length=64)
    rule_version = models.PositiveIntegerField(default=1)
    facts = models.JSONField()
    explanation = models.JSONField()
    met = models.BooleanField()
    #: The moment for which it was asked, and the one at which it was written down.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="decisions_of_a_person")]

    def __str__(self) -> str:
        return f"{self.about}: {'met' if self.met else 'not met'}"
