"""The key store's one table. Private parts are ciphertext; no column can be used without the key-encryption key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StoredKey(models.Model):
    """One signing key of one organisation. Retired keys stay published for ever, so that what they signed keeps verifying."""

    #: The owner. No foreign key: the key store stands below the organisations and does not know them.
    organisation_id = models.BigIntegerField()
    #: What it signs with follows from its kind: an organisation may sign with several kinds at a time, with one key of each.
    kind = models.CharField(max_length=10, default="Ed25519")
    #: Of an RSA key some 370 characters.
    public_multibase = models.CharField(max_length=800, unique=True)
    #: The private seed (of P-256 the number, of RSA the PKCS #8),
    #: encrypted with this row's own data key (AES-256-GCM, bound to owner and public key).
    sealed_seed = models.BinaryField()
    #: That data key, wrapped with the key-encryption key, so that changing the latter rewrites 60 bytes a row.
    wrapped_data_key = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation_id", "kind"], condition=models.Q(retired_at__isnull=True), name="one_active_key_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.public_multibase
