"""Tables of imported records, and of lists that are brought: what other systems know, from which figures are counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person


class ImportedRecordQuerySet(TenantQuerySet["ImportedRecord"]):
    """Records: of oneself, of whom one manages or leads, and all for whoever may view measures."""

    view_permission = Permission.VIEW_MEASURES

    def visible_to(self, actor: Actor) -> ImportedRecordQuerySet:
        """What the actor may know of."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        return self.in_house(actor).filter(models.Q(owner_id=actor.person_id) | models.Q(owner__in=people_led_by(actor.person_id)))

    def current(self) -> ImportedRecordQuerySet:
        """Without those that were corrected."""
        return self.filter(corrected_at__isnull=True)


class ImportedRecord(models.Model):
    """One record of another system, such as a sale: whose it is, how far it is, how much, when. A corrected one takes its place."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="imported_records")
    source = models.CharField(max_length=60)
    #: Its id in the other system.
    external_id = models.CharField(max_length=120)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="imported_records")
    stage = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    date = models.DateField()
    #: What else the list said of it, by column.
    more = models.JSONField(default=dict, blank=True)
    corrected_by = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="corrects")
    corrected_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    entered_by_label = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    objects = ImportedRecordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                condition=models.Q(corrected_at__isnull=True),
                name="one_current_record_an_id",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "source", "owner", "date"], name="records_of_an_owner")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class MeasureImportQuerySet(TenantQuerySet["MeasureImport"]):
    """Lists of values and records, for whoever may edit measures."""

    view_permission = Permission.EDIT_MEASURES


class MeasureImport(models.Model):
    """A list of values or records that was brought: what each row would do, and whether it was run."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="measure_imports")
    #: Of which figure the values are; empty for a list of records.
    measure = models.ForeignKey("measures.Measure", on_delete=models.CASCADE, null=True, related_name="imports")
    record_source = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(max_length=200)
    made_by_label = models.CharField(max_length=200)
    #: `[{"line", "status": new|corrected|same|error, "sentence", "values": {…}, "shown": […]}]`.
    rows = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    run_at = models.DateTimeField(null=True)

    objects = MeasureImportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-created_at"], name="measure_imports_newest")]

    def __str__(self) -> str:
        return self.file_name
