"""Actions on targets that stand: pausing, withdrawing, and taking either back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, ActorKind
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.log import record
from hexmark.jobs import wake
from hexmark.performance.models import Target
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.policy import check_may_touch, held_still, is_side_of_manager, is_side_of_subject

State = Target.State


@transaction.atomic
def pause_target(target: Target, *, actor: Actor, because: str = "") -> None:
    """The target waits: nothing is due, and nobody is reminded. For illness, leave, and whatever else makes it unfair meanwhile.

    Raises:
        NotPermitted: the actor does not agree for the organisation.
        Conflict: it is not open.
    """
    check_may_touch(actor, target)
    if actor.kind is not ActorKind.SYSTEM and not is_side_of_manager(actor, person=target.person, team=target.team):
        raise NotPermitted("A target is paused by who manages or leads. Ask them.")
    held = held_still(target)
    if held.state not in (State.PROPOSED, State.LIVE):
        raise Conflict("This target is not open, so there is nothing to pause.")
    held.state_before, held.state, held.paused_at = held.state, State.PAUSED, timezone.now()
    held.save(update_fields=["state", "state_before", "paused_at"])
    record(EventType.PAUSED, held, actor=actor, because=because[:200])


@transaction.atomic
def resume_target(target: Target, *, actor: Actor) -> None:
    """The target goes on, and is due as many days later as it was paused.

    Raises:
        NotPermitted: the actor does not agree for the organisation.
        Conflict: it is not paused.
    """
    check_may_touch(actor, target)
    if actor.kind is not ActorKind.SYSTEM and not is_side_of_manager(actor, person=target.person, team=target.team):
        raise NotPermitted("A target is resumed by who manages or leads. Ask them.")
    held = held_still(target)
    if held.state != State.PAUSED or held.paused_at is None:
        raise Conflict("This target is not paused.")
    before, zone = held.due_on, held.organisation.zone
    held.due_on += timezone.localdate(timezone=zone) - timezone.localdate(held.paused_at, timezone=zone)
    held.state, held.state_before, held.paused_at, held.stale = held.state_before, "", None, True
    held.save(update_fields=["state", "state_before", "paused_at", "due_on", "stale"])
    record(EventType.RESUMED, held, actor=actor, before={"due_on": before.isoformat()}, after={"due_on": held.due_on.isoformat()})
    wake("performance.check_targets")


@transaction.atomic
def withdraw_target(target: Target, *, actor: Actor, reason: str = "") -> None:
    """The target counts no longer. It stays on record, and can be brought back. What both agreed to, only the manager's side withdraws.

    Raises:
        NotPermitted: the actor is on neither side, or alone cannot withdraw what both agreed to.
        Conflict: it is withdrawn already.
    """
    check_may_touch(actor, target)
    held = held_still(target)
    if held.state == State.WITHDRAWN:
        raise Conflict("This target is withdrawn already.")
    agreed = held.live_at is not None
    if agreed and is_side_of_subject(actor, person=held.person, team=held.team):
        raise NotPermitted("You agreed to this together. Ask your manager to withdraw it, or propose other terms.")
    held.state_before, held.state = held.state, State.WITHDRAWN
    held.withdrawn_at, held.withdrawn_because = timezone.now(), reason.strip()[:500]
    held.save(update_fields=["state", "state_before", "withdrawn_at", "withdrawn_because"])
    record(EventType.WITHDRAWN, held, actor=actor, reason=held.withdrawn_because)


@transaction.atomic
def restore_target(target: Target, *, actor: Actor) -> None:
    """As if it had never been withdrawn.

    Raises:
        NotPermitted: the actor is on neither side.
        Conflict: it is not withdrawn, or another took its place.
    """
    check_may_touch(actor, target)
    held = held_still(target)
    if held.state != State.WITHDRAWN:
        raise Conflict("This target is not withdrawn.")
    if held.role_target_id and Target.objects.current().filter(person=held.person_id, role_target=held.role_target_id).exists():
        raise Conflict("Another target of the same role took its place.")
    if held.live_at is not None and is_side_of_subject(actor, person=held.person, team=held.team):
        raise NotPermitted("Ask your manager to bring it back.")
    held.state, held.state_before, held.withdrawn_at, held.withdrawn_because = held.state_before, "", None, ""
    held.stale = True
    held.save(update_fields=["state", "state_before", "withdrawn_at", "withdrawn_because", "stale"])
    record(EventType.RESTORED, held, actor=actor)
    wake("performance.check_targets")
