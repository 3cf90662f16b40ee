"""Revoking, pausing and lifting many at once: decided by `begin_change`, carried out in the background a chunk at a time.

Each chunk is one short transaction, with one new publication of each status list that it touches instead of one for each credential.
A process may be killed anywhere; the next one goes on with the items that still wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.awarding import actions as awarding
from hexmark.errors import Invalid
from hexmark.events.log import record_many
from hexmark.issuing.actions import required_reason, status_changed
from hexmark.issuing.event_types import EventType
from hexmark.issuing.models import Credential, Purpose, StatusChange, StatusChangeItem
from hexmark.issuing.selecting import fitting
from hexmark.jobs import wake
from hexmark.organisations.models import Organisation
from hexmark.people.queries import actor_for

CHUNK = 500
Act = StatusChange.Act
Outcome = StatusChangeItem.Outcome

PERMISSION = {Act.REVOKE: Permission.REVOKE, Act.PAUSE: Permission.PAUSE, Act.LIFT: Permission.PAUSE}
_RECORDED = {
    Act.REVOKE: (EventType.CREDENTIAL_REVOKED, Purpose.REVOCATION),
    Act.PAUSE: (EventType.CREDENTIAL_PAUSED, Purpose.SUSPENSION),
    Act.LIFT: (EventType.CREDENTIAL_LIFTED, Purpose.SUSPENSION),
}
_PASSED_OVER = {
    Act.REVOKE: "It was revoked already.",
    Act.PAUSE: "It was paused or revoked already.",
    Act.LIFT: "It was not paused, or it was revoked.",
}


def begin_change(
    organisation: Organisation, *, act: StatusChange.Act, credentials: QuerySet[Credential], reason: str, actor: Actor
) -> StatusChange:
    """The decision stands, about those of these credentials that it can be about now; it is carried out in the background.

    Raises:
        NotPermitted: the actor may not do this here.
        Invalid: there is no reason, or nothing that it could be done to.
    """
    allow(actor, PERMISSION[act], organisation)
    reason = required_reason(reason, "Say why. Everybody who holds one of them is told, in these words.")
    change = StatusChange.objects.create(
        organisation=organisation, act=act, reason=reason, decided_by_id=actor.person_id, decided_by_label=actor.label
    )
    keys = fitting(act, credentials).filter(organisation=organisation).order_by("pk").values_list("pk", flat=True)
    # Which ones is written down before any is touched: what comes to match later was not decided about.
    left = keys.iterator(chunk_size=1000)
    count = 0
    while chunk := list(islice(left, 1000)):
        StatusChangeItem.objects.bulk_create(StatusChangeItem(change=change, credential_id=key) for key in chunk)
        count += len(chunk)
    if not count:
        change.delete()
        raise Invalid("None of these can be changed in this way. Look at their state.")
    with transaction.atomic():
        StatusChange.objects.filter(pk=change.pk).update(complete_at=timezone.now())
        wake("issuing.change", change.pk)
    return change


def carry_out_some(change_id: int) -> int:
    """Up to a chunk of the change's waiting items are done or passed over; returns how many there were (0: nothing waits)."""
    with transaction.atomic():
        # One at a time for each change.
        change = StatusChange.objects.select_for_update(no_key=True, of=("self",)).select_related("decided_by__account").get(pk=change_id)
        waiting = change.items.filter(outcome=Outcome.WAITING).order_by("pk").values_list("pk", "credential_id")
        items = dict(waiting[:CHUNK]) if change.complete_at else {}
        if items:
            _carry_out(change, items)
        return len(items)


def _carry_out(change: StatusChange, items: dict[int, int]) -> None:
    act = Act(change.act)
    actor = actor_for(change.decided_by) if change.decided_by else system(change.organisation_id, change.decided_by_label)
    if not actor.may(PERMISSION[act]):
        _pass_over(list(items), f"{change.decided_by_label} no longer had the right to do this when its turn came.")
        return
    them = Credential.objects.filter(pk__in=items.values(), organisation_id=change.organisation_id)
    fit = fitting(act, them).select_related("award").defer("document").order_by("pk")
    rows = list(fit.select_for_update(of=("self",), no_key=True))
    done = {row.pk for row in rows}
    Credential.objects.filter(pk__in=done).update(**_change_of(act, change.reason))
    if act is Act.REVOKE:
        awarding.close_many([row.award_id for row in rows])
    event, purpose = _RECORDED[act]
    record_many(event, ((row, {"reason": change.reason, "award": row.award.public_id}) for row in rows), actor=actor)
    status_changed({row.register_id for row in rows}, purpose)
    StatusChangeItem.objects.filter(pk__in=[item for item, key in items.items() if key in done]).update(outcome=Outcome.DONE)
    _pass_over([item for item, key in items.items() if key not in done], _PASSED_OVER[act])


def _change_of(act: StatusChange.Act, reason: str) -> dict[str, object]:
    if act is Act.REVOKE:
        return {"revoked_at": timezone.now(), "revocation_reason": reason}
    if act is Act.PAUSE:
        return {"paused_at": timezone.now(), "pause_reason": reason}
    return {"paused_at": None, "pause_reason": ""}


def _pass_over(item_ids: Sequence[int], note: str) -> None:
    StatusChangeItem.objects.filter(pk__in=item_ids).update(outcome=Outcome.PASSED_OVER, note=note[:300])
