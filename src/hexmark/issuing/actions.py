"""The only writers of credentials and their status."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.awarding import actions as awarding
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.issuing.event_types import EventType
from hexmark.issuing.models import Credential, Purpose, StatusList
from hexmark.jobs import wake
from hexmark.keys import signer
from hexmark.keys.signer import Signed
from hexmark.openbadges import timestamps

#: Another process published between our reading and our writing this often: the sweep comes back to it.
PUBLICATION_TRIES = 3


@transaction.atomic
def revoke(credential: Credential, *, actor: Actor, reason: str) -> None:
    """Revoke a credential for good. Verifiers see it when its status list is next published, within seconds.

    Raises:
        NotPermitted: the actor may not revoke for this issuer.
        Invalid: there is no reason; the earner is owed one.
        Conflict: it is already revoked, or not signed yet.
    Source: W3C Bitstring Status List 1.0, statusPurpose "revocation" (not reversible).
    """
    allow(actor, Permission.REVOKE, credential)
    reason = required_reason(reason, "Say why it is revoked. The person is told, in these words.")
    live = Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True, issued_at__isnull=False)
    if not live.update(revoked_at=timezone.now(), revocation_reason=reason):
        raise Conflict(_why_not_revoked(credential))
    awarding.close(credential.award)
    record(EventType.CREDENTIAL_REVOKED, credential, actor=actor, reason=reason, award=credential.award.public_id)
    status_changed({credential.register_id}, Purpose.REVOCATION)


@transaction.atomic
def pause(credential: Credential, *, actor: Actor, reason: str) -> None:
    """Suspend a credential until it is lifted; verifiers say "paused by issuer".

    Raises:
        NotPermitted: the actor may not pause for this issuer.
        Invalid: there is no reason.
        Conflict: it is paused, revoked or not signed yet.
    Source: W3C Bitstring Status List 1.0, statusPurpose "suspension" (reversible).
    """
    allow(actor, Permission.PAUSE, credential)
    reason = required_reason(reason, "Say why it is paused. The person is told, in these words.")
    live = Credential.objects.filter(pk=credential.pk, paused_at__isnull=True, revoked_at__isnull=True, issued_at__isnull=False)
    if not live.update(paused_at=timezone.now(), pause_reason=reason):
        raise Conflict("Only a valid award can be paused.")
    record(EventType.CREDENTIAL_PAUSED, credential, actor=actor, reason=reason, award=credential.award.public_id)
    status_changed({credential.register_id}, Purpose.SUSPENSION)


@transaction.atomic
def lift(credential: Credential, *, actor: Actor, reason: str = "") -> None:
    """A paused credential is valid again; a reason, if there is one, is told to the person.

    Raises:
        NotPermitted: the actor may not pause for this issuer.
        Conflict: it is not paused, or it was revoked meanwhile.
    """
    allow(actor, Permission.PAUSE, credential)
    live = Credential.objects.filter(pk=credential.pk, paused_at__isnull=False, revoked_at__isnull=True)
    if not live.update(paused_at=None, pause_reason=""):
        raise Conflict("This is not paused.")
    told = {"reason": reason.strip()[:500]} if reason.strip() else {}
    record(EventType.CREDENTIAL_LIFTED, credential, actor=actor, award=credential.award.public_id, **told)
    status_changed({credential.register_id}, Purpose.SUSPENSION)


def publish_status_list(status_list: StatusList) -> bool:
    """The list as its register stands now is signed and served; False if another process published one as new meanwhile.

    A list never begins before the one that it replaces: verifiers that remember take that for a replay from before a revocation.
    """
    for _ in range(PUBLICATION_TRIES):
        # Read before the bits are: a change that comes between is published again, never lost.
        revision = StatusList.objects.values_list("revision", flat=True).get(pk=status_list.pk)
        [(_, signed)] = signer.sign("status list", [status_list.pk])
        if _published(status_list, revision, signed):
            return True
        if StatusList.objects.filter(pk=status_list.pk, published_revision__gte=revision).exists():
            return False
    return False


@transaction.atomic
def _published(status_list: StatusList, revision: int, signed: Signed) -> bool:
    begins = timestamps.parse(signed.document["validFrom"])
    replaceable = Q(published_at__isnull=True) | Q(published_at__lte=begins)
    older = StatusList.objects.filter(replaceable, pk=status_list.pk, published_revision__lt=revision)
    if not older.update(document=signed.text, published_revision=revision, published_at=begins):
        return False
    record(EventType.STATUS_LIST_PUBLISHED, status_list, actor=system(status_list.organisation_id), revision=revision)
    return True


def unpublished_status_lists() -> list[StatusList]:
    """Every list whose register has changed since it was signed, in every organisation."""
    return list(StatusList.objects.filter(revision__gt=F("published_revision")).order_by("pk"))


def status_changed(register_ids: Collection[int], purpose: Purpose) -> None:
    """The lists of these registers are to be published anew, each once. Call it in the transaction that changed the bits."""
    lists = StatusList.objects.filter(register_id__in=register_ids, purpose=purpose)
    # Changes that follow while nobody publishes must not make the first of them look younger than it is.
    first = When(revision=F("published_revision"), then=timezone.now())
    lists.update(revision=F("revision") + 1, changed_at=Case(first, default=F("changed_at")))
    for status_list_id in lists.values_list("pk", flat=True):
        wake("issuing.publish_status_list", status_list_id)


def required_reason(reason: str, sentence: str) -> str:
    """The reason as it is kept.

    Raises:
        Invalid: there is none; `sentence` says so.
    """
    if not reason.strip():
        raise Invalid(sentence, field="reason")
    return reason.strip()[:500]


def _why_not_revoked(credential: Credential) -> str:
    if Credential.objects.filter(pk=credential.pk, issued_at__isnull=True).exists():
        return "This is not signed yet, so there is nothing to revoke."
    return "This is already revoked."
