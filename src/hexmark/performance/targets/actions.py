"""The only writers of what was agreed: proposing, changing, agreeing, commenting. Pausing and withdrawing: `standing`."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, ActorKind
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files.text import hides_in_text
from hexmark.jobs import wake
from hexmark.organisations.models import Organisation
from hexmark.performance.models import Target, TargetComment
from hexmark.performance.targets import letters
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.figures import baseline_of
from hexmark.performance.targets.policy import check_may_set, check_may_touch, held_still, is_side_of_manager, is_side_of_subject
from hexmark.performance.targets.rules import check_due
from hexmark.performance.targets.terms import Proposal, in_log

State = Target.State
#: Before these words are there, no target of a person goes live.
_MISSING = {
    "consequence": "what follows if it is not reached",
    "adjustments": "which reasonable adjustments there are",
}


@transaction.atomic
def propose_target(organisation: Organisation, proposal: Proposal, *, actor: Actor) -> Target:
    """The target stands, and waits for whoever has not agreed yet. Who proposes it agrees to it. Its baseline is frozen now.

    Raises:
        NotPermitted: the actor is on neither side.
        Invalid: the terms cannot be used, or the day is over.
        Conflict: the cycle is closed, or the person has left.
    """
    check_may_set(actor, organisation, person=proposal.person, team=proposal.team)
    terms = proposal.cleaned()
    today = timezone.localdate(timezone=organisation.zone)
    check_due(proposal.due_on, today)
    _check_belongs(organisation, proposal)
    begins = proposal.counts_from or today
    target = Target(organisation=organisation, person=proposal.person, team=proposal.team, counts_from=begins, **terms)
    if begins > proposal.due_on:
        raise Invalid("It would be over before it begins.", field="counts_from")
    target.proposed_by_label = actor.label[:200]
    target.baseline = baseline_of(target, on=today)
    target.save()
    record(EventType.PROPOSED, target, actor=actor, **in_log(terms))
    _agree(target, actor=actor)
    if target.state == State.PROPOSED:
        letters.send_proposed(target, actor=actor)
    return target


@transaction.atomic
def change_target(target: Target, proposal: Proposal, *, version: int, actor: Actor) -> None:
    """These are the terms. Who did not change them has to agree again; the baseline stays.

    Raises:
        NotPermitted: the actor is on neither side.
        Invalid: the terms cannot be used, or the day is over.
        Conflict: somebody changed it meanwhile, or it is over.
    """
    check_may_touch(actor, target)
    held = held_still(target)
    _check_version(held, version)
    if held.state not in (State.PROPOSED, State.LIVE):
        raise Conflict("This target is not open any more, so its terms stay as they are.")
    terms = proposal.cleaned()
    check_due(proposal.due_on, timezone.localdate(timezone=held.organisation.zone))
    _check_belongs(held.organisation, proposal)
    changed = [name for name, value in terms.items() if getattr(held, name) != value]
    if not changed:
        return
    before = in_log({name: getattr(held, name) for name in changed})
    for name in changed:
        setattr(held, name, terms[name])
    held.version += 1
    held.rule_version += "rule" in changed
    held.state, held.live_at, held.reminded_at = State.PROPOSED, None, None
    held.agreed_by_person_at = held.agreed_by_manager_at = None
    held.agreed_by_manager_label = ""
    held.save()
    after = in_log({name: terms[name] for name in changed})
    record(EventType.CHANGED, held, actor=actor, before=before, after=after)
    _agree(held, actor=actor)
    if held.state == State.PROPOSED:
        letters.send_proposed(held, actor=actor)


@transaction.atomic
def agree_target(target: Target, *, version: int, actor: Actor) -> None:
    """The actor's side agrees to these terms. Once both have, the target is live.

    Raises:
        NotPermitted: the actor is on neither side.
        Conflict: it changed meanwhile, is not waiting, or what a person must know before is not said yet.
    """
    check_may_touch(actor, target)
    held = held_still(target)
    _check_version(held, version)
    if held.state != State.PROPOSED:
        raise Conflict("This target does not wait for agreement.")
    _agree(held, actor=actor)


@transaction.atomic
def comment_on(target: Target, *, text: str, actor: Actor) -> TargetComment:
    """The words stand under the target, for both sides.

    Raises:
        NotPermitted: the actor is on neither side.
        Invalid: there are no words, or too many.
    """
    check_may_touch(actor, target)
    text = text.strip()
    if not text or len(text) > 2000 or hides_in_text(text):
        raise Invalid("Write 1 to 2,000 characters, all of them visible.", field="text")
    comment = TargetComment.objects.create(
        target=target, author_id=actor.person_id, author_label=actor.label[:200], text=text, written_at=timezone.now()
    )
    # Not the words: the log is read by more people than the target.
    record(EventType.COMMENTED, target, actor=actor)
    return comment


def _agree(target: Target, *, actor: Actor) -> None:
    """Mark the sides that the actor stands on; with both, the target goes live."""
    now = timezone.now()
    if is_side_of_subject(actor, person=target.person, team=target.team) and target.agreed_by_person_at is None:
        target.agreed_by_person_at = now
    elif (
        target.agreed_by_manager_at is None
        and actor.kind is ActorKind.PERSON
        and is_side_of_manager(actor, person=target.person, team=target.team)
    ):
        target.agreed_by_manager_at, target.agreed_by_manager_label = now, actor.label[:200]
    else:
        return
    if target.agreed_by_person_at is None or target.agreed_by_manager_at is None:
        target.save(update_fields=["agreed_by_person_at", "agreed_by_manager_at", "agreed_by_manager_label"])
        record(EventType.AGREED, target, actor=actor)
        return
    go_live(target, actor=actor)


def go_live(target: Target, *, actor: Actor) -> None:
    """Both agreed, or a role brought it: it counts from now on.

    Raises:
        Conflict: it is a person's, and what follows or which adjustments there are is not said.
    """
    if target.cycle is not None:
        target.consequence, target.adjustments = target.cycle.consequence, target.cycle.adjustments
    missing = [said for name, said in _MISSING.items() if not getattr(target, name).strip()]
    if target.person_id and missing:
        where = f"“{target.cycle.name}” does not say yet" if target.cycle else "It does not say yet"
        raise Conflict(f"{where} {' and '.join(missing)}. People know both before they agree to a target.")
    target.state, target.live_at, target.stale = State.LIVE, timezone.now(), True
    target.save()
    record(EventType.LIVE, target, actor=actor)
    if target.role_target_id is None:
        letters.send_agreed(target)
    wake("performance.check_targets")


def _check_belongs(organisation: Organisation, proposal: Proposal) -> None:
    for name in ("cycle", "measure"):
        thing = getattr(proposal, name)
        if thing is not None and thing.organisation_id != organisation.pk:
            raise Invalid("There is no such thing here.", field=name)
    if proposal.cycle is not None and proposal.cycle.closed_at is not None:
        raise Conflict(f"“{proposal.cycle.name}” is closed.")
    if proposal.measure is not None and not proposal.measure.is_on:
        raise Invalid(f"“{proposal.measure.name}” is not switched on.", field="measure")
    if proposal.person is not None and proposal.person.left_at is not None:
        raise Conflict(f"{proposal.person.name} has left.")


def _check_version(target: Target, version: int) -> None:
    if target.version != version:
        raise Conflict("Somebody changed this target meanwhile. Read it again before you answer.")
