"""Turning awards that are due into signed credentials, a batch at a time.

Three steps, so that a process may be killed between any two statements and nothing is lost, doubled or left unsigned:
1. *Reserve*, in one short transaction: a credential row with its status index for each due award, leased to this worker,
   so that several workers of one organisation sign different rows.
2. *Sign*, outside any transaction (the slow part): with the same key, the same row always gives the same bytes.
3. *Finish*, in one short transaction: the rows that are still unsigned, and their events. A row that another process
   finished meanwhile is passed over.
Rows left behind by a crash between 1 and 3 are the first to be signed when their lease is over. A lease that ends too early does no
harm: two workers then sign the same row with the same bytes, and one of them finishes it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.access import system
from hexmark.awarding import actions as awarding
from hexmark.awarding.models import Award
from hexmark.awarding.queries import awarder_lacks_right, due_for_signing
from hexmark.events.log import record_many
from hexmark.issuing.actions import publish_status_list
from hexmark.issuing.choosing import signed_form_of
from hexmark.issuing.event_types import EventType
from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.registers import draw_indexes
from hexmark.issuing.rules import valid_until
from hexmark.issuing.sql import write_documents
from hexmark.keys import signer
from hexmark.keys.signer import Signed
from hexmark.openbadges.errors import FormatError
from hexmark.organisations.models import Organisation

logger = logging.getLogger("hexmark.issuing")

#: Large enough that the transactions cost little, small enough that a crash repeats less than a second of signing.
BATCH_SIZE = 100
#: Far longer than a batch takes, and short enough that what a crash left waits hardly a minute.
LEASE = timedelta(seconds=30)


def sign_batch(organisation_id: int) -> int:
    """Up to a batch of the organisation's due awards is signed; returns how many were dealt with (0: nothing is due).

    Raises:
        NotConfigured: the organisation's signing key is missing or does not open. Everything stays due.
    """
    unsigned, refused = _left_behind(organisation_id), 0
    if not unsigned:
        unsigned, refused = _reserve(organisation_id)
    if unsigned:
        try:
            _publish_first_lists(organisation_id)
            _finish(organisation_id, _signed(unsigned))
        except Exception:
            # The next call finds these first, instead of reserving more and more that cannot be signed either.
            Credential.objects.filter(pk__in=unsigned).update(leased_until=None)
            raise
    return len(unsigned) + refused


def unsigned_and_free(at: datetime) -> QuerySet[Credential]:
    """Rows, in every organisation, that are not signed and that no living worker is at work on."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    return Credential.objects.filter(free, issued_at__isnull=True)


def _left_behind(organisation_id: int) -> list[int]:
    """The rows of a batch whose worker died, leased anew to this one."""
    now = timezone.now()
    free = unsigned_and_free(now).filter(organisation_id=organisation_id).order_by("pk")
    # Asked without a lock first: there is hardly ever anything, and on SQLite a transaction stops every other writer.
    if not free.exists():
        return []
    with transaction.atomic():
        rows = list(free.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)[:BATCH_SIZE])
        Credential.objects.filter(pk__in=rows).update(leased_until=now + LEASE)
    return rows


@transaction.atomic
def _reserve(organisation_id: int) -> tuple[list[int], int]:
    """The rows made for awards that are due, and how many awards were refused instead."""
    # One at a time for each organisation: two workers that saw the same awards would fall over the unique constraints.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    now = timezone.now()
    waiting = due_for_signing(now).filter(organisation_id=organisation_id).select_related("version", "organisation")
    # What is being undone at this moment is passed over, and what is taken here cannot be undone any more.
    due = list(waiting.select_for_update(of=("self", "run"), no_key=True, skip_locked=True)[:BATCH_SIZE])
    Award.objects.filter(pk__in=[award.pk for award in due]).update(reserved_at=now)
    rows = [row for award in _with_right(due) if (row := _row(award)) is not None]
    form = str(signed_form_of(organisation_id)) if rows else ""
    places = draw_indexes(rows[0].award.organisation, len(rows)) if rows else []
    for row, (register_id, status_index) in zip(rows, places, strict=True):
        row.register_id, row.status_index, row.leased_until, row.signed_form = register_id, status_index, now + LEASE, form
    return [row.pk for row in Credential.objects.bulk_create(rows)], len(due) - len(rows)


def _with_right(awards: Sequence[Award]) -> list[Award]:
    """The right to award is asked again now: who lost it during the hold must not have signed credentials made."""
    reasons: dict[int, str] = {}
    permitted = []
    for award in awards:
        if award.run_id not in reasons:
            reasons[award.run_id] = awarder_lacks_right(award.run)
        if reasons[award.run_id]:
            awarding.refuse(award, reason=reasons[award.run_id])
        else:
            permitted.append(award)
    return permitted


def _row(award: Award) -> Credential | None:
    """The award's row, still without its place in a register; None if there can be none, and the award was refused."""
    try:
        until = _valid_until(award)
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        # One award must not hold back the others: this one's end lies beyond the calendar, or its time zone is not known here.
        logger.error("Award %s cannot be signed: %s", award.pk, error)
        awarding.refuse(award, reason=_refusal(error))
        return None
    return Credential(
        organisation_id=award.organisation_id, award=award, valid_from=award.awarded_at, valid_until=until, sign_as_of=timezone.now()
    )


def _valid_until(award: Award) -> datetime | None:
    until = valid_until(award.awarded_at, months=award.version.validity_months, zone=award.organisation.zone)
    # As it is stored, so that the last days of the calendar fail here and not for the whole batch.
    return until and until.astimezone(UTC)


def _refusal(error: Exception) -> str:
    return f"It could not be signed: {error}"[:300]


def _publish_first_lists(organisation_id: int) -> None:
    """A credential must never be out before the list that it names can be fetched."""
    for status_list in StatusList.objects.filter(organisation_id=organisation_id, document=""):
        publish_status_list(status_list)


def _signed(row_ids: Sequence[int]) -> list[tuple[int, Signed]]:
    try:
        return list(signer.sign("credential", row_ids))
    except (FormatError, ValueError):
        # One award that cannot be signed must not hold back the others: each is tried alone, and that one is refused.
        return [signed for row_id in row_ids for signed in _signed_alone(row_id)]


def _signed_alone(row_id: int) -> list[tuple[int, Signed]]:
    try:
        return list(signer.sign("credential", [row_id]))
    except (FormatError, ValueError) as error:
        # Never NotConfigured: a key that does not open is no fault of the award, which stays due.
        logger.error("Credential %s cannot be signed: %s", row_id, error)
        _give_up(row_id, reason=_refusal(error))
        return []


@transaction.atomic
def _give_up(row_id: int, *, reason: str) -> None:
    """The row goes, its status index is burned, and the award says why."""
    row = Credential.objects.select_related("award").filter(pk=row_id, issued_at__isnull=True).first()
    if row is None:
        # Another worker gave it up at the same moment.
        return
    row.delete()
    awarding.refuse(row.award, reason=reason)


@transaction.atomic
def _finish(organisation_id: int, signed: Sequence[tuple[int, Signed]]) -> None:
    """The rows among these that nobody finished meanwhile are issued, and it is recorded."""
    now = timezone.now()
    texts = dict(signed)
    # Without the documents, which are only now written.
    open_ = Credential.objects.filter(pk__in=texts, issued_at__isnull=True).only("organisation_id", "award__public_id")
    rows = list(open_.select_related("award").select_for_update(of=("self",), no_key=True).order_by("pk"))
    digests = {row.pk: hashlib.sha256(texts[row.pk].text.encode()).hexdigest() for row in rows}
    write_documents((row.pk, texts[row.pk].text, texts[row.pk].token, digests[row.pk]) for row in rows)
    Credential.objects.filter(pk__in=digests).update(issued_at=now, leased_until=None)
    record_many(
        EventType.CREDENTIAL_ISSUED,
        ((row, _told(row, texts[row.pk], digests[row.pk])) for row in rows),
        actor=system(organisation_id),
    )


def _told(row: Credential, signed: Signed, digest: str) -> dict[str, str]:
    token = {"token_sha256": hashlib.sha256(signed.token.encode()).hexdigest()} if signed.token else {}
    return {"award": row.award.public_id, "sha256": digest, **token}
