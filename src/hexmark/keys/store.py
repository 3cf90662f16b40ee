"""Making, retiring and publishing keys. Only `signer` opens them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.access.policy import Owned
from hexmark.errors import NotConfigured
from hexmark.keys.models import StoredKey
from hexmark.keys.sealing import Sealed, parse_key_encryption_key, seal, unseal
from hexmark.openbadges.keys import KeyKind, SigningKey


def key_encryption_key() -> bytes:
    """The installation's key-encryption key.

    Raises:
        NotConfigured: none is configured.
    """
    return parse_key_encryption_key(settings.KEY_ENCRYPTION_KEY)


#: NIST SP 800-57 Part 1, table 2: as long as Ed25519 would be 3,072; verifiers of Open Badges expect this one.
_RSA_BITS = 2048


@transaction.atomic
def make_key(organisation: Owned, *, actor: Actor, kind: KeyKind = "Ed25519") -> StoredKey:
    """The organisation signs with a new key of this kind; one of the kind that it had is retired and stays published.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
        NotConfigured: there is no key-encryption key.
    """
    allow(actor, Permission.MANAGE_KEYS, organisation)
    # Made before anything is written: an RSA key takes a good part of a second.
    secret = _new_secret(kind)
    public = _signing_key(kind, secret).public.multibase
    now = timezone.now()
    StoredKey.objects.filter(organisation_id=organisation.organisation_id, kind=kind, retired_at__isnull=True).update(retired_at=now)
    sealed = seal(secret, key_encryption_key=key_encryption_key(), bound_to=_binding(organisation.organisation_id, public))
    return StoredKey.objects.create(
        organisation_id=organisation.organisation_id,
        kind=kind,
        public_multibase=public,
        sealed_seed=sealed.ciphertext,
        wrapped_data_key=sealed.wrapped_data_key,
        created_at=now,
    )


def has_active_key(organisation_id: int, *, kind: KeyKind) -> bool:
    """Whether the organisation has a key of this kind to sign with."""
    return StoredKey.objects.filter(organisation_id=organisation_id, kind=kind, retired_at__isnull=True).exists()


def published_keys(organisation_id: int) -> Sequence[StoredKey]:
    """Every key that the organisation ever signed with, oldest first."""
    return list(StoredKey.objects.filter(organisation_id=organisation_id).order_by("created_at", "pk"))


def open_active_key(organisation_id: int, *, kind: KeyKind = "Ed25519") -> SigningKey:
    """The key of this kind that the organisation signs with now. For the signer alone.

    Raises:
        NotConfigured: the organisation has no key, or it does not open.
    """
    stored = StoredKey.objects.filter(organisation_id=organisation_id, kind=kind, retired_at__isnull=True).first()
    if stored is None:
        raise NotConfigured("This organisation has no signing key. Make one with `hexmark keys make`.")
    sealed = Sealed(ciphertext=bytes(stored.sealed_seed), wrapped_data_key=bytes(stored.wrapped_data_key))
    binding = _binding(organisation_id, stored.public_multibase)
    secret = unseal(sealed, key_encryption_key=key_encryption_key(), bound_to=binding)
    return _signing_key(cast(KeyKind, stored.kind), secret)


def _new_secret(kind: KeyKind) -> bytes:
    if kind == "RSA":
        private = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
        return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    # One of some 2^32 numbers is too large for the curve P-256: then there is an error, and no key.
    return secrets.token_bytes(32)


def _signing_key(kind: KeyKind, secret: bytes) -> SigningKey:
    if kind == "RSA":
        return SigningKey.from_pkcs8(secret)
    return SigningKey.from_scalar("P-256", secret) if kind == "P-256" else SigningKey.from_seed(secret)


def _binding(organisation_id: int, public_multibase: str) -> bytes:
    return f"hexmark signing key {organisation_id} {public_multibase}".encode()
