"""The only writers of organisations."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from hexmark.access import Actor, Permission, Scope, allow, system
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.log import record
from hexmark.keys.models import StoredKey
from hexmark.keys.store import make_key
from hexmark.openbadges.dids import did_web
from hexmark.openbadges.keys import KeyKind
from hexmark.organisations.event_types import EventType
from hexmark.organisations.models import ApiKey, Organisation
from hexmark.organisations.rules import check_api_key, check_founding

#: Of a token, for people to tell keys apart: 4 random characters tell nobody anything of the other 28.
SHOWN_OF_TOKEN = 8
#: How coarse "last used" is.
USE_IS_NOTED_EVERY = timedelta(minutes=15)


@transaction.atomic
def found_organisation(*, name: str, slug: str, actor: Actor, description: str = "", website: str = "") -> Organisation:
    """A new organisation exists, with its own DID and its first signing key.

    Raises:
        NotPermitted: only the installation founds organisations.
        Invalid: the name or slug cannot be used.
        Conflict: the slug is taken.
    """
    if Permission.FOUND_ORGANISATION not in actor.permissions:
        raise NotPermitted("Only the set-up of this installation can found an organisation.")
    name = name.strip()
    check_founding(name=name, slug=slug, description=description, website=website)
    did = did_web(settings.PUBLIC_URL.split("://", 1)[1], "o", slug)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name, slug=slug, did=did, description=description, website=website)
    except IntegrityError as error:
        raise Conflict("That short name is taken. Choose another.") from error
    own = system(organisation.pk)
    make_key(organisation, actor=own)
    record(EventType.ORGANISATION_FOUNDED, organisation, actor=own, name=name)
    return organisation


@transaction.atomic
def rotate_key(organisation: Organisation, *, actor: Actor, kind: KeyKind = "Ed25519") -> StoredKey:
    """The organisation signs with a new key of this kind from now on; what older keys signed keeps verifying.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
        NotConfigured: there is no key-encryption key.
    """
    key = make_key(organisation, actor=actor, kind=kind)
    record(EventType.KEY_MADE, organisation, actor=actor, public_key=key.public_multibase)
    return key


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its token, which is kept nowhere else: whoever made the key sees it once."""

    key: ApiKey
    token: str


@transaction.atomic
def make_api_key(
    organisation: Organisation, *, label: str, scopes: Iterable[Scope], actor: Actor, expires_at: datetime | None = None
) -> NewKey:
    """A program can act for the organisation within these scopes, until `expires_at` if that is given.

    Raises:
        NotPermitted: the actor may not manage keys here, or would give away more than they may do themselves.
        Invalid: label, scopes or expiry cannot be used.
    """
    allow(actor, Permission.MANAGE_KEYS, organisation)
    label, chosen = label.strip(), sorted(set(scopes))
    check_api_key(label=label, scopes=chosen, expires_at=expires_at, actor=actor, now=timezone.now())
    token = _new_token()
    key = ApiKey.objects.create(
        organisation=organisation,
        label=label,
        prefix=token[:SHOWN_OF_TOKEN],
        token_sha256=ApiKey.digest(token),
        scopes=[scope.value for scope in chosen],
        made_by_person_id=actor.person_id,
        made_by_label=actor.label,
        expires_at=expires_at,
    )
    record(EventType.API_KEY_MADE, key, actor=actor, label=label, scopes=key.scopes, prefix=key.prefix)
    return NewKey(key=key, token=token)


@transaction.atomic
def revoke_api_key(key: ApiKey, *, actor: Actor) -> None:
    """The key opens nothing from the next request on.

    Raises:
        NotPermitted: the actor may not manage keys here.
        Conflict: it was revoked before.
    """
    allow(actor, Permission.MANAGE_KEYS, key)
    if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        raise Conflict("This key is revoked already.")
    record(EventType.API_KEY_REVOKED, key, actor=actor, label=key.label, prefix=key.prefix)


def note_use(key: ApiKey) -> None:
    """When the key was last used is known to a quarter of an hour; most calls write nothing."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= USE_IS_NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _new_token() -> str:
    """160 random bits behind letters that say what it is, so that scanners of leaked secrets know it."""
    return "hxm_" + b32encode(secrets.token_bytes(20)).decode("ascii").lower()
