"""Tables of measures. Values and records are never changed: a corrected one takes the place of the earlier, which stays to be read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor, Permission
from hexmark.measures.record_tables import ImportedRecord, MeasureImport
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person, Team

__all__ = ["ImportedRecord", "Measure", "MeasureImport", "MeasureObjection", "Observation", "ObservationQuerySet"]

#: Figures are exact: money and counts must not become 0.30000000000000004.
DIGITS, DECIMALS = 20, 4


class MeasureQuerySet(TenantQuerySet["Measure"]):
    """Definitions. What is measured here, everybody here may read; the values are another matter."""

    def open(self) -> MeasureQuerySet:
        """Those that are switched on."""
        return self.filter(switched_on_at__isnull=False, switched_off_at__isnull=True)


class Measure(models.Model):
    """A figure: what it is, its unit, which way is better, of whom it is, and why it is kept."""

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", "More is better"
        DOWN = "down", "Less is better"

    class Per(models.TextChoices):
        """Of whom each value is."""

        PERSON = "person", "A person"
        TEAM = "team", "A team"
        ORGANISATION = "organisation", "The organisation"

    class Form(models.TextChoices):
        """How values are put together over time and people. A mean of means is never one of the ways."""

        AMOUNT = "amount", "An amount that adds up (calls, orders, hours)"
        LEVEL = "level", "A level of which the latest counts (backlog, score)"
        RATE = "rate", "A rate: so many of so many (first-time fixes of visits)"

    class Count(models.TextChoices):
        """What is done with the records that match, for a figure that is counted from records."""

        COUNT = "count", "Count them"
        SUM = "sum", "Add up their amounts"
        AVERAGE = "average", "Average of their amounts"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="measures")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=30, blank=True)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    per = models.CharField(max_length=12, choices=Per.choices, default=Per.TEAM)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.AMOUNT)
    #: What a rate is multiplied by to be shown: 100 for per cent, 1,000 for "of 1,000 visits".
    multiplier = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, default=1)
    description = models.TextField(blank=True, max_length=1000)
    #: Why figures about single people are kept, and what these people are told of it.
    purpose = models.TextField(blank=True, max_length=1000)
    notice = models.TextField(blank=True, max_length=2000)

    #: Empty for a figure whose values are brought; otherwise which list of records it is counted from, and how.
    record_source = models.CharField(max_length=60, blank=True)
    record_count = models.CharField(max_length=8, choices=Count.choices, blank=True)
    #: `[{"field": "stage", "is": ["Won"]}, {"field": "amount", "at_least": "1000"}]`: all must hold.
    record_filter = models.JSONField(default=list, blank=True)

    switched_on_at = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organisation", models.functions.Lower("name"), name="one_measure_a_name"),
            models.CheckConstraint(condition=models.Q(multiplier__gt=0), name="a_rate_is_multiplied_by_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Whether values are taken."""
        return self.switched_on_at is not None and self.switched_off_at is None

    @property
    def is_about_people(self) -> bool:
        """Whether single people are measured."""
        return self.per == self.Per.PERSON

    @property
    def is_counted(self) -> bool:
        """Whether it is counted from records instead of having values of its own."""
        return bool(self.record_source)

    @property
    def adds_up(self) -> bool:
        """Whether a total over days and people means anything."""
        return self.record_count != self.Count.AVERAGE if self.is_counted else self.form == self.Form.AMOUNT


class ObservationQuerySet(TenantQuerySet["Observation"]):
    """Values. About a person: themselves, who manages or leads them now, and whoever may view measures."""

    view_permission = Permission.VIEW_MEASURES

    def visible_to(self, actor: Actor) -> ObservationQuerySet:
        """What the actor may know of; figures of the whole organisation are everybody's in it."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None or not actor.may(Permission.VIEW_CATALOGUE):
            return self.none()
        led = people_led_by(actor.person_id)
        own = models.Q(person_id=actor.person_id) | models.Q(person__in=led)
        of_team = models.Q(team__people__pk=actor.person_id) | models.Q(team__people__in=led) | models.Q(team__lead_id=actor.person_id)
        everybodys = models.Q(person__isnull=True, team__isnull=True)
        seen = self.model._default_manager.in_house(actor).filter(own | of_team | everybodys).values("pk")
        # By key: a team of many people would otherwise give each of its values as many times.
        return self.in_house(actor).filter(pk__in=seen)

    def current(self) -> ObservationQuerySet:
        """Without those that were corrected."""
        return self.filter(corrected_at__isnull=True)

    def without_objectors(self) -> ObservationQuerySet:
        """Without values of people who object to the figure being kept about them."""
        objects = MeasureObjection.objects.filter(
            withdrawn_at__isnull=True, measure_id=models.OuterRef("measure_id"), person_id=models.OuterRef("person_id")
        )
        return self.filter(~models.Exists(objects))


class Observation(models.Model):
    """One value of a measure: of whom, for which day or the period that ends on it, from where."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="observations")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="observations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="observations")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="observations")
    on = models.DateField()
    value = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    #: Of a rate: of how many how many. The value follows from them.
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    denominator = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    source = models.CharField(max_length=200)
    #: Why an earlier value was wrong, where this one takes its place.
    reason = models.CharField(max_length=300, blank=True)
    corrected_by = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="corrects")
    corrected_at = models.DateTimeField(null=True)
    entered_by_label = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(person__isnull=False, team__isnull=False), name="a_value_is_of_one"),
            models.UniqueConstraint(
                fields=["measure", "person", "on"],
                condition=models.Q(corrected_at__isnull=True, person__isnull=False),
                name="one_value_a_person_and_day",
            ),
            models.UniqueConstraint(
                fields=["measure", "team", "on"],
                condition=models.Q(corrected_at__isnull=True, team__isnull=False),
                name="one_value_a_team_and_day",
            ),
            models.UniqueConstraint(
                fields=["measure", "on"],
                condition=models.Q(corrected_at__isnull=True, team__isnull=True, person__isnull=True),
                name="one_value_of_all_a_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["measure", "on"], name="observations_by_day")]

    def __str__(self) -> str:
        return f"{self.measure_id} on {self.on}: {self.value}"


class MeasureObjection(models.Model):
    """A person does not want this figure kept about them. Their values are left out of everything, and counted as left out."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="objections")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="measure_objections")
    reason = models.CharField(max_length=500, blank=True)
    objected_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "person"], condition=models.Q(withdrawn_at__isnull=True), name="one_open_objection_a_measure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} objects to {self.measure_id}"
