"""Tables of awards."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from hexmark.access import Actor, Permission
from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.models import Person


class AwardRunQuerySet(TenantQuerySet["AwardRun"]):
    """Runs, for whoever may view awards."""

    view_permission = Permission.VIEW_AWARDS


class AwardQuerySet(TenantQuerySet["Award"]):
    """Awards; earners see their own once the hold is over."""

    view_permission = Permission.VIEW_AWARDS

    def visible_to(self, actor: Actor) -> AwardQuerySet:
        """All of the organisation for whoever may view awards; otherwise the actor's own that were signed."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        return self.in_house(actor).filter(person_id=actor.person_id, credential__issued_at__isnull=False)


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
    undone_at = models.DateTimeField(null=True)

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
    release_at = models.DateTimeField(db_index=True)
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

    def __str__(self) -> str:
        return self.public_id

    @property
    def url(self) -> str:
        """The award's public page, and the `id` of its credential."""
        return award_url(self.public_id)


def award_url(public_id: str) -> str:
    """The public page of the award with this id."""
    return f"{settings.PUBLIC_URL}/a/{public_id}"
