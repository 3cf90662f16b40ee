"""Making, retiring and publishing keys. Only `signer` opens them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.access.policy import Owned
from hexmark.errors import NotConfigured
from hexmark.keys.models import StoredKey
from hexmark.keys.sealing import Sealed, parse_key_encryption_key, seal, unseal
from hexmark.openbadges.keys import SigningKey


def key_encryption_key() -> bytes:
    """The installation's key-encryption key.

    Raises:
        NotConfigured: none is configured.
    """
    return parse_key_encryption_key(settings.KEY_ENCRYPTION_KEY)


@transaction.atomic
def make_key(organisation: Owned, *, actor: Actor) -> StoredKey:
    """The organisation signs with a new key; one that it had is retired and stays published.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
        NotConfigured: there is no key-encryption key.
    """
    allow(actor, Permission.MANAGE_KEYS, organisation)
    now = timezone.now()
    StoredKey.objects.filter(organisation_id=organisation.organisation_id, retired_at__isnull=True).update(retired_at=now)
    seed = secrets.token_bytes(32)
    public = SigningKey.from_seed(seed).public.multibase
    sealed = seal(seed, key_encryption_key=key_encryption_key(), bound_to=_binding(organisation.organisation_id, public))
    return StoredKey.objects.create(
        organisation_id=organisation.organisation_id,
        public_multibase=public,
        sealed_seed=sealed.ciphertext,
        wrapped_data_key=sealed.wrapped_data_key,
        created_at=now,
    )


def published_keys(organisation_id: int) -> Sequence[StoredKey]:
    """Every key that the organisation ever signed with, oldest first."""
    return list(StoredKey.objects.filter(organisation_id=organisation_id).order_by("created_at", "pk"))


def open_active_key(organisation_id: int) -> SigningKey:
    """The key that the organisation signs with now. For the signer alone.

    Raises:
        NotConfigured: the organisation has no key, or it does not open.
    """
    stored = StoredKey.objects.filter(organisation_id=organisation_id, retired_at__isnull=True).first()
    if stored is None:
        raise NotConfigured("This organisation has no signing key. Make one with `hexmark keys make`.")
    sealed = Sealed(ciphertext=bytes(stored.sealed_seed), wrapped_data_key=bytes(stored.wrapped_data_key))
    binding = _binding(organisation_id, stored.public_multibase)
    return SigningKey.from_seed(unseal(sealed, key_encryption_key=key_encryption_key(), bound_to=binding))


def _binding(organisation_id: int, public_multibase: str) -> bytes:
    return f"hexmark signing key {organisation_id} {public_multibase}".encode()
