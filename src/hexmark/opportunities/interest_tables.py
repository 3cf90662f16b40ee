"""Tables about the people who want an opportunity: hands raised, parts waived, a manager's consent, and how each stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hexmark.access import Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person

LONGEST_REASON = 1000
LONGEST_NOTE = 2000


def _wanted(actor: Actor) -> Q:
    """The actor's own; those of what the actor offers; all of the house that offers, for whoever may view them."""
    seen = Q(pk__in=[])
    if actor.organisation_id is not None and actor.may(Permission.VIEW_OPPORTUNITIES):
        seen |= Q(organisation_id=actor.organisation_id)
    if actor.person_id is not None:
        seen |= Q(person_id=actor.person_id) | Q(opportunity__offered_by_id=actor.person_id)
    return seen


class InterestQuerySet(TenantQuerySet["Interest"]):
    """Hands raised. There is one order for lists of them: when, or by name. Nothing that somebody earned may order them."""

    view_permission = Permission.VIEW_OPPORTUNITIES

    def visible_to(self, actor: Actor) -> InterestQuerySet:
        """The actor's own, and those of what they offer or may view."""
        return self.filter(_wanted(actor))

    def raised(self) -> InterestQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Interest(models.Model):
    """A person's hand raised for an opportunity, and what was decided about it."""

    class Decision(models.TextChoices):
        """What became of it."""

        CHOSEN = "chosen", "Chosen"
        NOT_CHOSEN = "not_chosen", "Not chosen"

    public_id = public_id_field()
    #: The organisation that offers the opportunity.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="interests")
    opportunity = models.ForeignKey("Opportunity", on_delete=models.CASCADE, related_name="interests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interests")
    raised_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    #: What they wanted to say, in their words.
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    #: That they agreed to show what counts to whoever offers it; without it, no hand is raised.
    shown_at = models.DateTimeField()
    #: The version of the gate, and its answer when the hand was raised, with what was waived then.
    rule_version = models.PositiveIntegerField()
    explanation = models.JSONField(null=True)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    reason = models.TextField(max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    #: When the letter about the decision was queued.
    told_at = models.DateTimeField(null=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "person"], condition=Q(withdrawn_at__isnull=True), name="one_hand_raised_an_opportunity"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["decided_at"], condition=Q(told_at__isnull=True) & Q(decided_at__isnull=False), name="interests_untold")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.opportunity_id}"


class WaiverQuerySet(TenantQuerySet["Waiver"]):
    """Waivers; asked by the person, decided by whoever offers."""

    view_permission = Permission.VIEW_OPPORTUNITIES

    def visible_to(self, actor: Actor) -> WaiverQuerySet:
        """The actor's own, and those of what they offer or may view."""
        return self.filter(_wanted(actor))


class Waiver(models.Model):
    """One part of a gate that somebody asked not to have to meet."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="waivers")
    opportunity = models.ForeignKey("Opportunity", on_delete=models.CASCADE, related_name="waivers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="waivers")
    #: SHA-256 of the part's canonical JSON: a waiver holds for the part that was asked about, never for what replaced it.
    part = models.CharField(max_length=64)
    #: The part as it read when it was asked about.
    sentence = models.TextField()
    reason = models.TextField(max_length=LONGEST_REASON)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answer = models.TextField(max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "person", "part"], condition=~Q(granted=False), name="one_waiver_a_part_unless_declined"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.sentence}"


class ConsentQuerySet(TenantQuerySet["Consent"]):
    """Consents; the person's own, and those of their reporting line for managers. Whoever offers reads only the gate's answer."""

    def visible_to(self, actor: Actor) -> ConsentQuerySet:
        """Those about the actor, and about the people whom the actor manages or leads now."""
        if actor.person_id is None:
            return self.none()
        return self.filter(Q(person_id=actor.person_id) | Q(person_id__in=people_led_by(actor.person_id)))

    def asked_of(self, actor: Actor) -> ConsentQuerySet:
        """Those about the people whom the actor manages or leads now, never about the actor."""
        if actor.person_id is None:
            return self.none()
        return self.filter(person_id__in=people_led_by(actor.person_id)).exclude(person_id=actor.person_id)


class Consent(models.Model):
    """A manager's consent that somebody goes for an opportunity: asked, given or refused with a reason, withdrawn."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", "Asked"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    public_id = public_id_field()
    #: The organisation in which the person is managed, which need not be the one that offers.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    opportunity = models.ForeignKey("Opportunity", on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    note = models.TextField(max_length=LONGEST_REASON, blank=True)
    asked_at = models.DateTimeField()
    reason = models.TextField(max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "person"], name="one_consent_an_opportunity")]
        indexes: ClassVar = [models.Index(fields=["person"], condition=Q(state="asked"), name="consents_asked")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.opportunity_id}: {self.state}"


class Standing(models.Model):
    """Whether a gate is open to somebody, as it was last worked out. Kept of those only to whom it once was: a row less says no."""

    opportunity = models.ForeignKey("Opportunity", on_delete=models.CASCADE, related_name="standings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standings")
    is_met = models.BooleanField()
    changed_at = models.DateTimeField()
    #: Empty while a letter about the last change is owed; whoever had it open from the beginning is owed none.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "person"], name="one_standing_an_opportunity")]
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="standings_untold")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.opportunity_id}: {self.is_met}"
