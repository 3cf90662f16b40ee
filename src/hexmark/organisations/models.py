"""Tables of organisations."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from hexmark.organisations.assurance import Assurance

slug_validator = RegexValidator(r"\A[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z", "Use small letters, digits and hyphens.")


class Organisation(models.Model):
    """A tenant: an issuer of badges, with people and words of its own."""

    #: Host-unique, part of the issuer's DID, never changed.
    slug = models.CharField(max_length=60, unique=True, validators=[slug_validator])
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=2000)
    website = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    #: The issuer's identity, fixed at founding: what is signed names it for ever.
    did = models.CharField(max_length=300, unique=True)

    # What people see for the two kinds of achievement and for both together; the code and the signed documents never change.
    word_badge = models.CharField("word for both kinds", max_length=40, default="badge")
    word_badge_plural = models.CharField("its plural", max_length=40, default="badges")
    word_unassessed = models.CharField("word for the unassessed kind", max_length=40, default="badge")
    word_unassessed_plural = models.CharField("its plural", max_length=40, default="badges")
    word_assessed = models.CharField("word for the assessed kind", max_length=40, default="credential")
    word_assessed_plural = models.CharField("its plural", max_length=40, default="credentials")
    #: From this assurance on, an achievement is of the assessed kind.
    assessed_from = models.CharField(max_length=2, choices=Assurance.choices, default=Assurance.JUDGED)

    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int:
        """An organisation belongs to itself, so that policy and log treat it like everything else."""
        return self.pk

    @property
    def url(self) -> str:
        """The issuer's public page and profile."""
        return f"{settings.PUBLIC_URL}/o/{self.slug}"

    @property
    def zone(self) -> ZoneInfo:
        """Days begin and end in this time zone."""
        return ZoneInfo(self.time_zone)
