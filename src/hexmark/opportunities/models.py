"""Tables of opportunities: the openings themselves. Those about people who want one stand in `interest_tables`."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.opportunities.interest_tables import Consent, Interest, Standing, Waiver
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person

__all__ = ["Consent", "GateVersion", "Interest", "Opportunity", "OpportunityQuerySet", "SharedWith", "Standing", "Waiver"]

LONGEST_TITLE = 120
LONGEST_TEXT = 10_000


class OpportunityQuerySet(TenantQuerySet["Opportunity"]):
    """Openings; whoever offers them sees all of the house, others what is open to them to read."""

    view_permission = Permission.VIEW_OPPORTUNITIES

    def visible_to(self, actor: Actor) -> OpportunityQuerySet:
        """All of the house for whoever may view them; what is open to the actor; what they offer, want, or are asked to consent to."""
        seen = self._public()
        if actor.organisation_id is not None and actor.may(self.view_permission):
            seen |= Q(organisation_id=actor.organisation_id)
        if actor.organisation_id is not None and actor.person_id is not None:
            seen |= self._open_to_person(actor.organisation_id, actor.person_id) | self._touching(actor.person_id)
        return self.filter(seen)

    def open_now(self, now: datetime | None = None) -> OpportunityQuerySet:
        """Those that take interest at this moment, by the day that it is where their organisation is."""
        return self.filter(_open(now or timezone.now()))

    def for_person(self, person: Person, now: datetime | None = None) -> OpportunityQuerySet:
        """Those that are open now and whose audience this person belongs to."""
        return self.open_now(now).filter(_audience_of(person.organisation_id, person.kind))

    @staticmethod
    def _public() -> Q:
        return Q(audience=Opportunity.Audience.PUBLIC) & _open(timezone.now())

    @staticmethod
    def _open_to_person(organisation_id: int, person_id: int) -> Q:
        """What its audience may read while it is open. The person's kind is asked of the row: an actor does not know it."""
        person = Person.objects.filter(pk=person_id, left_at__isnull=True)
        staff = Exists(person.filter(kind=Person.Kind.STAFF))
        known = Exists(person.exclude(kind=Person.Kind.GUEST))
        own, audience = Q(organisation_id=organisation_id), Opportunity.Audience
        shared = Exists(SharedWith.objects.filter(opportunity_id=OuterRef("pk"), organisation_id=organisation_id))
        readable = (own & Q(audience=audience.STAFF) & Q(staff)) | (Q(audience=audience.NETWORK) & Q(known) & (own | Q(shared)))
        return readable & _open(timezone.now())

    @staticmethod
    def _touching(person_id: int) -> Q:
        asked = Consent.objects.filter(person_id__in=people_led_by(person_id)).values("opportunity_id")
        mine = Interest.objects.filter(person_id=person_id).values("opportunity_id")
        return (
            Q(offered_by_id=person_id)
            | (Q(pk__in=mine) & ~Q(state=Opportunity.State.DRAFT))
            | (Q(pk__in=asked) & ~Q(state=Opportunity.State.DRAFT))
        )


class Opportunity(models.Model):
    """An opening: what it is, and who can apply."""

    class Kind(models.TextChoices):
        """What opens."""

        POST = "post", "Post"
        PROJECT = "project", "Project"
        COURSE = "course", "Course"
        MENTORING = "mentoring", "Mentoring"
        PAY_STEP = "pay_step", "Pay step"
        EVENT = "event", "Event"

    class State(models.TextChoices):
        """Drafts are seen by whoever offers them; what is closed takes no more interest."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Audience(models.TextChoices):
        """Who may read it and raise a hand."""

        STAFF = "staff", "Our own staff"
        NETWORK = "network", "Staff and our network"
        PUBLIC = "public", "Everybody"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="opportunities")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.POST)
    title = models.CharField(max_length=LONGEST_TITLE)
    #: Markdown.
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    place = models.CharField(max_length=200, blank=True)
    effort = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    #: How many can be taken; empty where nobody has said.
    places = models.PositiveIntegerField(null=True, blank=True)
    #: Who can apply, in the language of `hexmark.requirements`; empty: everybody of the audience.
    rule = models.JSONField(null=True, blank=True)
    #: Raised by every change of the rule; `GateVersion` keeps each.
    rule_version = models.PositiveIntegerField(default=1)
    #: Whether "who can apply" is published as a signed document that anybody can check their own badges against.
    gate_published = models.BooleanField(default=False)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.STAFF)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    #: Days where the organisation is; both count, empty is open.
    open_from = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    #: Decides about those who are interested, whatever else they may do here.
    offered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="offers")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    #: The day (where the organisation is) and version for which everybody's standing was last worked out.
    standings_on = models.DateField(null=True)
    standings_version = models.PositiveIntegerField(null=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(open_from__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("open_from")),
                name="an_opportunity_closes_after_it_opens",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state"], name="opportunities_by_state"),
            models.Index(fields=["audience", "state"], name="opportunities_by_audience"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """Its page."""
        return f"{settings.PUBLIC_URL}/opportunities/{self.public_id}"

    def today(self, now: datetime | None = None) -> date:
        """The day that it is where its organisation is."""
        return timezone.localdate(now, self.organisation.zone)

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether somebody can raise their hand at this moment."""
        today = self.today(now)
        return (
            self.state == self.State.OPEN
            and (self.open_from is None or self.open_from <= today)
            and (self.closes_on is None or today <= self.closes_on)
        )

    @property
    def standing_word(self) -> str:
        """Its state as people read it: what is open only from a day on, or was until one, says so."""
        today = self.today()
        if self.state == self.State.OPEN and self.open_from and self.open_from > today:
            return "Opens later"
        if self.state == self.State.OPEN and self.closes_on and self.closes_on < today:
            return "Closed"
        return self.get_state_display()


class GateVersion(models.Model):
    """What "who can apply" said at one time. Never changed; what was decided names it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="gate_versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by_label = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "number"], name="one_gate_version_a_number")]

    def __str__(self) -> str:
        return f"{self.opportunity_id}, version {self.number}"


class SharedWith(models.Model):
    """People of this other organisation may see the opportunity."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="shared_with")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offered_opportunities")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "organisation"], name="shared_once_with_each")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} with {self.organisation_id}"


def _open(now: datetime) -> Q:
    """Open at this moment. Days differ by time zone: one condition for each zone of an organisation here that offers something."""
    zones = Organisation.objects.filter(opportunities__state=Opportunity.State.OPEN).values_list("time_zone", flat=True).distinct()
    within = Q(pk__in=[])
    for zone in zones:
        today = timezone.localdate(now, Organisation(time_zone=zone).zone)
        began = Q(open_from__isnull=True) | Q(open_from__lte=today)
        lasts = Q(closes_on__isnull=True) | Q(closes_on__gte=today)
        within |= Q(organisation__time_zone=zone) & began & lasts
    return Q(state=Opportunity.State.OPEN) & within


def _audience_of(organisation_id: int, kind: str) -> Q:
    """The openings whose audience somebody of this kind and organisation belongs to."""
    own, audience = Q(organisation_id=organisation_id), Opportunity.Audience
    belongs = Q(audience=audience.PUBLIC)
    if kind == Person.Kind.STAFF:
        belongs |= own & Q(audience=audience.STAFF)
    if kind != Person.Kind.GUEST:
        shared = SharedWith.objects.filter(organisation_id=organisation_id).values("opportunity_id")
        belongs |= Q(audience=audience.NETWORK) & (own | Q(pk__in=shared))
    return belongs
