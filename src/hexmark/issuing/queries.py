"""Reading credentials with a meaning."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from hexmark.access import Actor
from hexmark.issuing.models import Credential, StatusList

_RELATED = ("award__version__achievement__organisation", "award__person", "award__run", "organisation")


def public_credential(award_public_id: str) -> Credential | None:
    """The signed credential with this unguessable id, whoever asks; None before it is signed and where there never was one."""
    return Credential.objects.issued().filter(award__public_id=award_public_id).select_related(*_RELATED).first()


def issued_credentials(actor: Actor, *, search: str = "") -> QuerySet[Credential]:
    """The organisation's signed credentials that the actor may see, newest first; `search` looks into earners and badge names."""
    # Without the signed text, which no list shows and which is the longest part of a row by far.
    credentials = Credential.objects.visible_to(actor).issued().select_related(*_RELATED).defer("document")
    if search:
        person = Q(award__person__name__icontains=search) | Q(award__person__email__icontains=search)
        credentials = credentials.filter(person | Q(award__version__name__icontains=search))
    # In the order of signing, which an index has: by the day of the award, the first page of a million would sort them all.
    return credentials.order_by("-pk")


def manageable_credential(actor: Actor, award_public_id: str) -> Credential | None:
    """The signed credential of this award, where the actor may see it."""
    # With its signed text, which the page checks.
    return issued_credentials(actor).defer(None).filter(award__public_id=award_public_id).first()


def stale_status_lists(before: datetime) -> QuerySet[StatusList]:
    """Lists, in every organisation, that since this moment lack a change: revocations that nobody can see."""
    unpublished = StatusList.objects.filter(revision__gt=F("published_revision"), changed_at__lt=before)
    # One that is published over and over while changes keep coming is behind, but not left behind.
    return unpublished.filter(Q(published_at__isnull=True) | Q(published_at__lt=before))
