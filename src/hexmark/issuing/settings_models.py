"""What an organisation chose about its signing. Without a row, everything is as it was before there was a choice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Permission
from hexmark.openbadges.signed_form import USUAL, SignedForm
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet


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


class RequestedCredentialQuerySet(TenantQuerySet["RequestedCredential"]):
    """What programs had signed, for whoever may view awards."""

    view_permission = Permission.VIEW_AWARDS


class RequestedCredential(models.Model):
    """A document that a program had the organisation sign (VC-API): what was asked for, what was signed, and whether it still counts.

    It is no award: the document is the program's, and may be about anybody and anything.
    """

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="requested_credentials")
    #: The credential's `id`, by which the program names it.
    credential_id = models.CharField(max_length=500)
    #: What was asked for, as it was sent, and what is signed: that with issuer, beginning and status added.
    request = models.TextField()
    unsigned = models.JSONField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    signed_form = models.CharField(max_length=60)
    #: Its place in the status lists.
    register = models.ForeignKey("issuing.StatusRegister", on_delete=models.PROTECT, related_name="requested_credentials")
    status_index = models.PositiveIntegerField()
    document = models.TextField(blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    objects = RequestedCredentialQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "credential_id"], name="one_requested_credential_an_id"),
            models.UniqueConstraint(fields=["register", "status_index"], name="one_requested_credential_an_index"),
        ]

    def __str__(self) -> str:
        return self.credential_id
