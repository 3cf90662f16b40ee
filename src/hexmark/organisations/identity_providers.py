"""Servers at which an organisation's people sign in, instead of with a password of ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Permission
from hexmark.keys.sealing import Sealed, seal, unseal
from hexmark.keys.store import key_encryption_key
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet


class IdentityProviderQuerySet(TenantQuerySet["IdentityProvider"]):
    """Providers, for whoever runs the organisation."""

    view_permission = Permission.EDIT_ORGANISATION


class IdentityProvider(models.Model):
    """One OpenID provider of one organisation. It can vouch for people of that organisation, and for nobody else."""

    public_id = public_id_field()
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="identity_providers")
    #: What stands on the button of the sign-in page.
    label = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=300)
    #: The client secret, sealed as signing keys are.
    sealed_secret = models.BinaryField()
    wrapped_data_key = models.BinaryField()
    #: E-mail domains that it may vouch for, in lower case.
    domains = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "issuer", "client_id"], name="one_provider_an_issuer_and_client")
        ]

    def __str__(self) -> str:
        return self.label

    def set_secret(self, secret: str) -> None:
        """The client secret is this one, unreadable without the key-encryption key.

        Raises:
            NotConfigured: there is no key-encryption key.
        """
        sealed = seal(secret.encode(), key_encryption_key=key_encryption_key(), bound_to=self._binding())
        self.sealed_secret, self.wrapped_data_key = sealed.ciphertext, sealed.wrapped_data_key

    def secret(self) -> str:
        """The client secret.

        Raises:
            NotConfigured: the key-encryption key does not open it.
        """
        sealed = Sealed(ciphertext=bytes(self.sealed_secret), wrapped_data_key=bytes(self.wrapped_data_key))
        return unseal(sealed, key_encryption_key=key_encryption_key(), bound_to=self._binding()).decode()

    def _binding(self) -> bytes:
        return f"hexmark identity provider {self.organisation_id} {self.public_id}".encode()
