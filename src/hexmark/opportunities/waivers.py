"""Waivers: a part of a gate that somebody asks not to have to meet, and the answer of whoever offers."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.jobs import wake
from hexmark.opportunities import letters
from hexmark.opportunities.consents import manager_of
from hexmark.opportunities.event_types import EventType
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.interest_tables import Waiver
from hexmark.opportunities.interests import check_may_decide
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.rules import checked_reason
from hexmark.people.models import Person


def ask_for_waiver(opportunity: Opportunity, person: Person, part: str, *, reason: str, actor: Actor) -> Waiver:
    """Whoever offers it is asked to let the person apply without this part. It is never counted as met.

    Raises:
        NotPermitted: the actor is somebody else, or the opportunity is not for them.
        Conflict: it was asked already, or is met.
        Invalid: there is no reason or no such part, or it is a manager's to answer.
    """
    try:
        with transaction.atomic():
            return _ask(opportunity, person, part, reason=reason, actor=actor)
    except IntegrityError as error:
        raise Conflict("This was asked already.") from error


def _ask(opportunity: Opportunity, person: Person, part: str, *, reason: str, actor: Actor) -> Waiver:
    if actor.person_id != person.pk or not Opportunity.objects.for_person(person).filter(pk=opportunity.pk).exists():
        raise NotPermitted("There is nothing here for you.")
    wanted = next((one for one in gate_of(opportunity, person).parts if one.key == part), None)
    if wanted is None:
        raise Invalid("Who can apply has changed meanwhile. Look at it again.", field="part")
    if wanted.met or wanted.state == "waived":
        raise Conflict("There is nothing to waive: this part does not stand in your way.")
    if wanted.is_consent and manager_of(Person.objects.get(pk=person.pk)) is not None:
        raise Invalid("Your manager's consent is for your manager to give. Ask them first.", field="part")
    why = checked_reason(reason)
    if Waiver.objects.filter(opportunity=opportunity, person=person, part=part, granted__isnull=True).exists():
        raise Conflict("This was asked already.")
    made = Waiver.objects.create(
        organisation_id=opportunity.organisation_id,
        opportunity=opportunity,
        person=person,
        part=part,
        sentence=wanted.sentence,
        reason=why,
        asked_at=timezone.now(),
    )
    record(EventType.WAIVER_ASKED, made, actor=actor, opportunity=opportunity.public_id, part=wanted.sentence, reason=why)
    if opportunity.offered_by is not None and opportunity.offered_by.left_at is None:
        letters.send([letters.waiver_asked(made, opportunity.offered_by)])
    return made


@transaction.atomic
def decide_waiver(waiver: Waiver, *, granted: bool, answer: str, actor: Actor) -> None:
    """The part is waived for this person, or it is not; the person is told with the answer.

    Raises:
        NotPermitted: the actor neither offers it nor decides here, or it is their own.
        Conflict: it was answered already.
        Invalid: there is no answer.
    """
    check_may_decide(waiver.opportunity, waiver.person, actor)
    why = checked_reason(answer, field="answer")
    open_ = Waiver.objects.filter(pk=waiver.pk, granted__isnull=True)
    if not open_.update(granted=granted, answer=why, decided_at=timezone.now(), decided_by_label=actor.label):
        raise Conflict("This was answered meanwhile.")
    waiver.refresh_from_db()
    record(EventType.WAIVER_DECIDED, waiver, actor=actor, granted=granted, part=waiver.sentence, reason=why)
    wake("opportunities.stand_person", waiver.person_id)
    letters.send([letters.waiver_decided(waiver)])
