"""Raising a hand, taking it down, and deciding about those that are up. Nothing here orders people, or knows how they compare."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.jobs import wake
from hexmark.opportunities.decisions import keep_answer
from hexmark.opportunities.event_types import EventType
from hexmark.opportunities.gates import Gate, gate_of
from hexmark.opportunities.interest_tables import LONGEST_NOTE, Interest, InterestQuerySet
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.rules import HOLD, checked_reason, checked_words, may_be_undone, was_just_raised
from hexmark.people.models import Person

Decision = Interest.Decision


def raise_hand(opportunity: Opportunity, person: Person, *, actor: Actor, shows: bool, note: str = "") -> Interest:
    """Whoever offers it sees that the person is interested, and what counted. A gate that is not open refuses, and says why.

    The refusal is kept as a decision (rule version, facts, what is missing) although nothing else changes.

    Raises:
        NotPermitted: the actor is somebody else, or the opportunity is not for them.
        Invalid: they did not agree to what is shown to whom.
        Conflict: it takes no interest now, the hand is up already, or the gate is not open to them.
    """
    made, gate = _raise(opportunity, person, actor=actor, shows=shows, note=note)
    if made is None:
        # Outside the transaction: what refused must stay on record.
        raise Conflict(f"You cannot apply yet. {gate.summary}")
    return made


@transaction.atomic
def _raise(opportunity: Opportunity, person: Person, *, actor: Actor, shows: bool, note: str) -> tuple[Interest | None, Gate]:
    _check_oneself(person, actor)
    kept = Opportunity.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=opportunity.pk)
    if not kept.is_open():
        raise Conflict("It takes no more interest.")
    if not Opportunity.objects.for_person(person).filter(pk=kept.pk).exists():
        raise NotPermitted("There is nothing here for you.")
    if not shows:
        raise Invalid("Agree to what is shown first: without it nobody can see that you are interested.", field="shows")
    words = checked_words(note, field="note", longest=LONGEST_NOTE)
    if _of_the_same_human(person).filter(opportunity=kept, withdrawn_at__isnull=True).exists():
        raise Conflict("Your hand is up already.")
    gate = gate_of(kept, person)
    if not gate.is_open:
        keep_answer(gate, person)
        return None, gate
    now = timezone.now()
    earlier = Interest.objects.filter(opportunity=kept, person=person, withdrawn_at__gt=now - HOLD, decided_at__isnull=True).last()
    made = Interest.objects.create(
        organisation_id=kept.organisation_id,
        opportunity=kept,
        person=person,
        # Taking it down by mistake costs nobody their place in the order of hands.
        raised_at=earlier.raised_at if earlier else now,
        shown_at=now,
        note=words,
        rule_version=kept.rule_version,
        explanation=gate.as_json(),
    )
    record(
        EventType.INTEREST_RAISED, made, actor=actor, opportunity=kept.public_id, person=person.public_id, rule_version=kept.rule_version
    )
    return made, gate


@transaction.atomic
def withdraw(interest: Interest, *, actor: Actor) -> bool:
    """The hand is down; what was decided about it stays. True when it was raised just now: then it is as if it had never been.

    Raises:
        NotPermitted: it is somebody else's hand.
        Conflict: it is down already.
    """
    _check_oneself(interest.person, actor)
    kept = Interest.objects.select_for_update(of=("self",), no_key=True).get(pk=interest.pk)
    now = timezone.now()
    if kept.withdrawn_at is not None:
        raise Conflict("Your hand is down already.")
    if was_just_raised(kept, now):
        record(EventType.INTEREST_WITHDRAWN, kept, actor=actor, undone=True)
        kept.delete()
        return True
    Interest.objects.filter(pk=kept.pk).update(withdrawn_at=now)
    record(EventType.INTEREST_WITHDRAWN, kept, actor=actor)
    return False


@transaction.atomic
def decide(interest: Interest, decision: str, *, reason: str, actor: Actor) -> None:
    """The person is chosen or not, for this reason. They are told in ten minutes; until then it can be undone.

    Raises:
        NotPermitted: the actor neither offers it nor decides here, or the hand is their own.
        Conflict: it was withdrawn or decided, or all places are taken.
        Invalid: there is no reason, or no such decision.
    """
    opportunity = Opportunity.objects.select_for_update(of=("self",), no_key=True).get(pk=interest.opportunity_id)
    check_may_decide(opportunity, interest.person, actor)
    if decision not in Decision.values:
        raise Invalid("Choose one of the two.", field="decision")
    why = checked_reason(reason)
    chosen = Interest.objects.raised().filter(opportunity=opportunity, decision=Decision.CHOSEN).count()
    if decision == Decision.CHOSEN and opportunity.places is not None and chosen >= opportunity.places:
        raise Conflict(f"All places are taken ({opportunity.places}). Raise their number first.")
    waiting = Interest.objects.filter(pk=interest.pk, withdrawn_at__isnull=True, decided_at__isnull=True)
    if not waiting.update(decision=decision, reason=why, decided_at=timezone.now(), decided_by_label=actor.label):
        raise Conflict("This was withdrawn or decided meanwhile.")
    record(EventType.INTEREST_DECIDED, interest, actor=actor, decision=decision, reason=why, opportunity=opportunity.public_id)
    wake("opportunities.tell")


@transaction.atomic
def undo_decision(interest: Interest, *, actor: Actor) -> None:
    """Nothing was decided, and nobody was told.

    Raises:
        NotPermitted: the actor neither offers it nor decides here, or the hand is their own.
        Conflict: nothing was decided, or the person was told.
    """
    check_may_decide(interest.opportunity, interest.person, actor)
    kept = Interest.objects.select_for_update(of=("self",), no_key=True).get(pk=interest.pk)
    if not may_be_undone(kept, timezone.now()):
        raise Conflict("The person was told already, so it cannot be undone.")
    Interest.objects.filter(pk=kept.pk).update(decision="", reason="", decided_at=None, decided_by_label="")
    record(EventType.DECISION_UNDONE, kept, actor=actor)


def may_decide(actor: Actor, opportunity: Opportunity) -> bool:
    """Whether the actor decides about those who are interested: who offers this one, and who decides in that organisation."""
    if actor.organisation_id != opportunity.organisation_id:
        return False
    return actor.may(Permission.DECIDE_OPPORTUNITIES) or (actor.person_id is not None and actor.person_id == opportunity.offered_by_id)


def sees_hands(actor: Actor, opportunity: Opportunity) -> bool:
    """Whether the actor sees who is interested: who decides about it, and who may view all that is offered there."""
    own = actor.organisation_id == opportunity.organisation_id
    return may_decide(actor, opportunity) or (own and actor.may(Permission.VIEW_OPPORTUNITIES))


def check_may_decide(opportunity: Opportunity, person: Person, actor: Actor) -> None:
    """Pass silently if the actor may decide about this person.

    Raises:
        NotPermitted: they may not, or it is about themselves.
    """
    if not may_decide(actor, opportunity):
        raise NotPermitted("There is nothing here that you may change.")
    if actor.person_id == person.pk or (actor.account_id is not None and actor.account_id == person.account_id):
        raise NotPermitted("Nobody decides about themselves. Ask somebody else who decides here.")


def _check_oneself(person: Person, actor: Actor) -> None:
    if actor.person_id != person.pk or person.left_at is not None:
        raise NotPermitted("Only the person themselves can raise their hand.")


def _of_the_same_human(person: Person) -> InterestQuerySet:
    if person.account_id is None:
        return Interest.objects.filter(person=person)
    return Interest.objects.filter(person__account_id=person.account_id)
