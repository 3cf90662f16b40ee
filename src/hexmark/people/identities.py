"""Which account stands behind which identity at an identity provider."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.organisations.identity_providers import IdentityProvider


class LinkedIdentity(models.Model):
    """Whom the provider calls by this subject signs in to this account. Addresses change hands; a provider's subject never does."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="identities")
    linked_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="one_account_an_identity"),
            models.UniqueConstraint(fields=["provider", "account"], name="one_identity_an_account_and_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.provider}"
