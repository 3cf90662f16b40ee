"""The table of open gates."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field


class OpenGate(models.Model):
    """A requirement that anybody may take away and check badges against. One address for all versions; the newest stands there."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="open_gates")
    #: Public id of what it lets people into (an opportunity, a target); no foreign key, since it is defined above this room.
    about = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    requirement = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    #: As signed; empty until it is.
    document = models.TextField(blank=True)
    #: Why it could not be signed.
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "about"], name="one_open_gate_a_thing")]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """Where people check their badges; the signed document's id."""
        return settings.PUBLIC_URL + reverse("open_gate", args=[self.public_id])
