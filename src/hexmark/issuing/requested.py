"""Signing documents that a program made itself (VC-API), and changing their status. Each stands in a table, as it was asked and signed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict
from hexmark.events.log import record
from hexmark.issuing.actions import publish_status_list, status_changed
from hexmark.issuing.choosing import signed_form_of
from hexmark.issuing.event_types import EventType
from hexmark.issuing.models import Purpose, StatusList, StatusRegister
from hexmark.issuing.registers import draw_indexes
from hexmark.issuing.settings_models import RequestedCredential
from hexmark.keys import signer
from hexmark.openbadges import guard, jsonld, schema, strict_json, timestamps
from hexmark.openbadges.checks.sources import items_of
from hexmark.openbadges.errors import FormatError, Malformed
from hexmark.organisations.models import Organisation

_LONGEST_ID = 500
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


def issue_requested(organisation: Organisation, *, request: str, credential: Mapping[str, Any], actor: Actor) -> RequestedCredential:
    """The credential is signed as the organisation signs now, with a status of its own, and written down with what was asked.

    Raises:
        NotPermitted: the actor may not award here.
        FormatError: the document is none that we would sign; nothing was written.
        Conflict: there is one with this id.
        NotConfigured: there is no key.
    """
    allow(actor, Permission.AWARD, organisation)
    now = timezone.now()
    given = _completed(organisation, credential, now)
    _check(given)
    row = _reserved(organisation, given, request=request, actor=actor, at=now)
    try:
        for status_list in StatusList.objects.filter(organisation=organisation, document=""):
            publish_status_list(status_list)
        [(_, signed)] = signer.sign("requested credential", [row.pk])
    except Exception:
        # Nobody was given it: its index is burned, and the same id may be asked for again.
        row.delete()
        raise
    return _finished(row, signed.text, actor=actor)


@transaction.atomic
def set_requested_status(row: RequestedCredential, *, purpose: Purpose, value: bool, actor: Actor) -> bool:
    """The credential is revoked, paused or lifted; False if it was so already. Verifiers see it when the list is next published.

    Raises:
        NotPermitted: the actor may not revoke here.
        Conflict: what is revoked stays revoked.
    """
    allow(actor, Permission.REVOKE, row)
    column = "revoked_at" if purpose == Purpose.REVOCATION else "paused_at"
    if purpose == Purpose.REVOCATION and not value:
        if row.revoked_at:
            raise Conflict("What is revoked stays revoked.")
        return False
    to_change = RequestedCredential.objects.filter(pk=row.pk, **{f"{column}__isnull": value})
    changed = to_change.update(**{column: timezone.now() if value else None})
    if changed:
        record(EventType.REQUESTED_STATUS_CHANGED, row, actor=actor, purpose=purpose.value, value=value)
        status_changed({row.register_id}, purpose)
    return bool(changed)


def _completed(organisation: Organisation, credential: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The document with what the issuer says: who it is, from when on it counts, and an id."""
    if "proof" in credential:
        raise Malformed("This is signed already. Send it without a proof.", detail="SIGNED_ALREADY", pointer="/proof")
    issuer = credential.get("issuer", organisation.did)
    if (issuer.get("id") if isinstance(issuer, Mapping) else issuer) != organisation.did:
        raise Malformed(f"The issuer here is {organisation.did}: leave it out, or name it so.", detail="ISSUER", pointer="/issuer")
    filled = {"id": uuid.uuid4().urn, "issuer": issuer, "validFrom": timestamps.write(now)}
    completed = {**credential, "issuer": issuer}
    return completed | {name: value for name, value in filled.items() if name not in completed}


def _check(document: Mapping[str, Any]) -> None:
    """Pass silently if it is a credential of the data model 2.0 of which a signature covers every word, and a sound badge if it is one.

    Raises:
        FormatError: it is not.
    """
    guard.guard_context(document)
    guard.guard_structure(document)
    for problem in schema.credential_problems(document):
        raise Malformed(problem.message, detail=problem.code, pointer=problem.pointer)
    if _BADGES & {name for name in items_of(document.get("type")) if isinstance(name, str)}:
        schema.check(document)
    if len(document["id"]) > _LONGEST_ID:
        raise Malformed(f"An id has at most {_LONGEST_ID} characters here.", pointer="/id")
    jsonld.canonical(document)


@transaction.atomic
def _reserved(organisation: Organisation, document: dict[str, Any], *, request: str, actor: Actor, at: datetime) -> RequestedCredential:
    [(register_id, index)] = draw_indexes(organisation, 1)
    number = StatusRegister.objects.values_list("number", flat=True).get(pk=register_id)
    present = items_of(document.get("credentialStatus")) if "credentialStatus" in document else []
    if any(
        isinstance(entry, Mapping) and str(entry.get("statusListCredential", "")).startswith(f"{organisation.url}/") for entry in present
    ):
        raise Malformed("A status in our own lists is given by us.", detail="STATUS", pointer="/credentialStatus")
    own = [_entry(f"{organisation.url}/status/{purpose}/{number}", purpose, index) for purpose in Purpose.values]
    try:
        with transaction.atomic():
            return RequestedCredential.objects.create(
                organisation=organisation,
                credential_id=document["id"],
                request=request,
                unsigned={**document, "credentialStatus": [*present, *own]},
                asked_by=actor.label,
                asked_at=at,
                signed_form=str(signed_form_of(organisation.pk)),
                register_id=register_id,
                status_index=index,
            )
    except IntegrityError as error:
        raise Conflict("A credential with this id was signed here before.") from error


@transaction.atomic
def _finished(row: RequestedCredential, text: str, *, actor: Actor) -> RequestedCredential:
    row.document, row.document_sha256, row.issued_at = text, hashlib.sha256(text.encode()).hexdigest(), timezone.now()
    row.save(update_fields=["document", "document_sha256", "issued_at"])
    told = {"credential": row.credential_id, "sha256": row.document_sha256}
    record(EventType.CREDENTIAL_REQUESTED, row, actor=actor, **told)
    return row


def _entry(list_url: str, purpose: str, index: int) -> dict[str, str]:
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def readable(document: bytes) -> dict[str, Any]:
    """The object that a program sent, by the one strict reading.

    Raises:
        FormatError: it cannot be read.
    """
    read = strict_json.parse(document)
    if not isinstance(read, dict):
        raise FormatError("An object is expected.", code="PARSING_ERROR")
    return read
