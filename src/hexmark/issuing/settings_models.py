"""What an organisation chose about its signing. Without a row, everything is as it was before there was a choice."""

from __future__ import annotations

from django.db import models

from hexmark.openbadges.signed_form import USUAL, SignedForm
from hexmark.organisations.models import Organisation


class IssuingSettings(models.Model):
    """How an organisation signs from now on, and whether programs may have it sign documents of theirs."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="issuing_settings")
    signed_form = models.CharField(max_length=60, default=str(USUAL))
    #: Whether `/vc-api/<organisation>/` answers.
    vc_api_open = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.signed_form}"

    @property
    def form(self) -> SignedForm:
        """The chosen form, read."""
        return SignedForm.parse(self.signed_form)
