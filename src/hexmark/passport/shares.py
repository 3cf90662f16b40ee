"""Share codes: some entries, shown to whoever has the code, for a time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hexmark.access import Actor
from hexmark.errors import Conflict, Invalid
from hexmark.passport.models import Entry, Share, ShareOpening
from hexmark.passport.ownership import allow_own, allow_self
from hexmark.passport.queries import RELATED
from hexmark.passport.rules import LONGEST_NAME, LONGEST_TERM_DAYS, MOST_SHARED, clean_line, code_of, meant_code
from hexmark.people.models import Account

#: What a code's log holds at most; older lines go.
MOST_OPENINGS = 200
#: Codes of one account that work at a time.
MOST_SHARES = 50


@transaction.atomic
def make_share(account: Account, *, entries: Sequence[Entry], name: str, days: int, actor: Actor) -> Share:
    """Whoever has the new code sees exactly these entries, for so many days.

    Raises:
        NotPermitted: the account or an entry is another's.
        Invalid: nothing was chosen, or too much; no name; a term that is too short or too long.
        Conflict: one was not accepted, or declined; or too many codes work already.
    """
    allow_self(actor, account)
    for entry in entries:
        allow_own(actor, entry)
    if not 1 <= len(entries) <= MOST_SHARED:
        raise Invalid(f"Choose between 1 and {MOST_SHARED}.", field="entries")
    if not 1 <= days <= LONGEST_TERM_DAYS:
        raise Invalid(f"A code works for 1 to {LONGEST_TERM_DAYS} days.", field="days")
    if not all(entry.is_kept for entry in entries):
        raise Conflict("Only what you accepted can be shared.")
    # Under a lock: two forms that are sent at the same moment are counted one after the other.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if Share.objects.filter(account=account, revoked_at__isnull=True, expires_at__gt=timezone.now()).count() >= MOST_SHARES:
        raise Conflict(f"You have {MOST_SHARES} codes that work. Revoke one that nobody needs any more.")
    nonce = secrets.token_hex(16)
    share = Share.objects.create(
        account=account,
        name=clean_line(name, field="name", longest=LONGEST_NAME),
        nonce=nonce,
        code_sha256=_digest(_code(nonce)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    share.entries.set(entries)
    return share


@transaction.atomic
def revoke_share(share: Share, *, actor: Actor) -> None:
    """The code shows nothing any more, from this moment.

    Raises:
        NotPermitted: it is another's.
        Conflict: it was revoked before.
    """
    allow_own(actor, share)
    if not Share.objects.filter(pk=share.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        raise Conflict("This code was revoked already.")


def code_of_share(share: Share) -> str | None:
    """The code, for its holder to copy again; None if the installation's secret is another by now."""
    code = _code(share.nonce)
    return code if _digest(code) == share.code_sha256 else None


def link_of_share(share: Share) -> str | None:
    """The address that shows the entries; None where the code is not known any more."""
    code = code_of_share(share)
    return f"{settings.PUBLIC_URL}/s/{code}" if code else None


def share_of_code(typed: str) -> Share | None:
    """The share that this code opens now; None for one that is unknown, revoked or over."""
    meant = meant_code(typed)
    if meant is None:
        return None
    live = Share.objects.filter(code_sha256=_digest(meant), revoked_at__isnull=True, expires_at__gt=timezone.now())
    return live.filter(account__is_active=True).select_related("account").first()


def shared_entries(share: Share) -> QuerySet[Entry]:
    """Exactly what was chosen, as long as it is the same holder's and was not declined since."""
    chosen = Entry.objects.kept().filter(shares=share, account_id=share.account_id)
    return chosen.select_related(*(f"credential__{name}" for name in RELATED if name != "entry")).order_by("credential__valid_from", "pk")


def note_opening(share: Share, what: str) -> None:
    """The holder can see that the code was used, when and for what; never by whom."""
    ShareOpening.objects.create(share=share, opened_at=timezone.now(), what=what[:60])
    oldest = share.openings.values_list("pk", flat=True)[MOST_OPENINGS : MOST_OPENINGS + 1].first()
    if oldest is not None:
        share.openings.filter(pk__lte=oldest).delete()


def _code(nonce: str) -> str:
    return code_of(salted_hmac("hexmark.passport.shares", nonce, algorithm="sha256").digest())


def _digest(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
