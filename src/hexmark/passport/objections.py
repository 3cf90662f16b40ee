"""What a holder says against a revocation or a pause. It goes to the organisation that issued, and to nobody else."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict
from hexmark.events.log import record
from hexmark.passport.event_types import EventType
from hexmark.passport.letters import about_answer, send
from hexmark.passport.models import Entry, Objection
from hexmark.passport.ownership import allow_own
from hexmark.passport.rules import LONGEST_OBJECTION, clean_text


def may_object(entry: Entry) -> bool:
    """Whether there is something to object to: revoked or paused by the issuer, and no objection of theirs waits for an answer."""
    credential = entry.credential
    taken = credential.revoked_at is not None or credential.paused_at is not None
    return taken and entry.is_kept and not Objection.objects.filter(credential=credential, answered_at__isnull=True).exists()


@transaction.atomic
def make_objection(entry: Entry, *, text: str, actor: Actor) -> Objection:
    """The organisation's badge administrators find what the holder says beside the award.

    Raises:
        NotPermitted: it is another's.
        Invalid: there is no text, or it holds what cannot be shown.
        Conflict: there is nothing to object to, or an objection waits already.
    """
    allow_own(actor, entry)
    text = clean_text(text, field="text", longest=LONGEST_OBJECTION, required=True)
    # Under a lock: a form that is sent twice must not arrive twice.
    Entry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if not may_object(entry):
        raise Conflict("This is neither revoked nor paused, or your last message has not been answered yet.")
    objection = Objection.objects.create(
        organisation_id=entry.organisation_id,
        credential=entry.credential,
        account_id=actor.account_id,
        text=text,
        made_at=timezone.now(),
    )
    record(EventType.OBJECTED, objection, actor=actor, award=entry.public_id)
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, answer: str, actor: Actor) -> None:
    """The holder is told this answer. It changes nothing of the award: that is done beside it.

    Raises:
        NotPermitted: the actor may not revoke for this issuer.
        Invalid: there is no answer.
        Conflict: it was answered before.
    """
    allow(actor, Permission.REVOKE, objection)
    answer = clean_text(answer, field="answer", longest=LONGEST_OBJECTION, required=True)
    given = {"answer": answer, "answered_at": timezone.now(), "answered_by_label": actor.label}
    if not Objection.objects.filter(pk=objection.pk, answered_at__isnull=True).update(**given):
        raise Conflict("This was answered already.")
    record(EventType.OBJECTION_ANSWERED, objection, actor=actor)
    fresh = Objection.objects.select_related(
        "account", "credential__award__person__account", "credential__award__version__achievement__organisation", "credential__award__run"
    ).get(pk=objection.pk)
    if (letter := about_answer(fresh)) is not None:
        send([letter])
