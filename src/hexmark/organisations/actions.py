"""The only writers of organisations."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction

from hexmark.access import Actor, Permission, system
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.log import record
from hexmark.keys.models import StoredKey
from hexmark.keys.store import make_key
from hexmark.openbadges.dids import did_web
from hexmark.organisations.event_types import EventType
from hexmark.organisations.models import Organisation
from hexmark.organisations.rules import check_founding


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
def rotate_key(organisation: Organisation, *, actor: Actor) -> StoredKey:
    """The organisation signs with a new key from now on; what older keys signed keeps verifying.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
        NotConfigured: there is no key-encryption key.
    """
    key = make_key(organisation, actor=actor)
    record(EventType.KEY_MADE, organisation, actor=actor, public_key=key.public_multibase)
    return key
