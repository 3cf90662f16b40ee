"""A manager's consent: asked by the person, given or refused by whoever manages or leads them now, and withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.jobs import wake
from hexmark.opportunities import letters
from hexmark.opportunities.event_types import EventType
from hexmark.opportunities.facts import forget_consent, hold_consent
from hexmark.opportunities.gates import asks_for_consent
from hexmark.opportunities.interest_tables import Consent
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.rules import checked_reason, checked_words
from hexmark.people.models import Person

State = Consent.State


def manager_of(person: Person) -> Person | None:
    """Who is written to: whom the person reports to, else who leads their team; None where nobody does."""
    if person.manager is not None and person.manager.left_at is None:
        return person.manager
    lead = person.team.lead if person.team is not None and person.team.closed_at is None else None
    return lead if lead is not None and lead.left_at is None and lead.pk != person.pk else None


@transaction.atomic
def ask_for_consent(opportunity: Opportunity, person: Person, *, actor: Actor, note: str = "") -> Consent:
    """The person's manager is asked, and told by mail. Who was refused may ask again.

    Raises:
        NotPermitted: the actor is somebody else, or the opportunity is not for them.
        Conflict: it takes no interest now, or their manager was asked already.
        Invalid: no consent is needed, or nobody manages them.
    """
    if actor.person_id != person.pk or not Opportunity.objects.for_person(person).filter(pk=opportunity.pk).exists():
        raise NotPermitted("There is nothing here for you.")
    if not asks_for_consent(opportunity.rule):
        raise Invalid("Nobody's consent is needed for this.")
    # Read again under its lock: who manages somebody may have changed since the page was opened, and two questions wait for each other.
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    manager = manager_of(person)
    if manager is None:
        raise Invalid("Nobody is recorded as your manager. Ask whoever keeps your organisation's people to record it.")
    words = checked_words(note, field="note")
    now = timezone.now()
    kept = Consent.objects.filter(opportunity=opportunity, person=person).first()
    if kept is None:
        kept = Consent.objects.create(
            organisation_id=person.organisation_id, opportunity=opportunity, person=person, asked_at=now, note=words
        )
    elif kept.state in (State.ASKED, State.GIVEN):
        raise Conflict("Your manager has agreed already." if kept.state == State.GIVEN else "Your manager was asked already.")
    else:
        again = {"state": State.ASKED, "asked_at": now, "note": words, "reason": "", "decided_at": None, "decided_by_label": ""}
        Consent.objects.filter(pk=kept.pk).update(**again)
        kept.refresh_from_db()
    record(EventType.CONSENT_ASKED, kept, actor=actor, opportunity=opportunity.public_id, person=person.public_id)
    letters.send([letters.consent_asked(kept, manager)])
    return kept


@transaction.atomic
def give_consent(consent: Consent, *, actor: Actor, reason: str = "") -> None:
    """The manager agrees: the gate counts it from now on, and the person is told.

    Raises:
        NotPermitted: the actor neither manages nor leads the person now.
        Conflict: nobody asks for it any more.
    """
    _decide(consent, State.GIVEN, checked_words(reason, field="reason"), actor=actor, among=(State.ASKED, State.REFUSED, State.WITHDRAWN))
    hold_consent(consent, at=_now(consent), actor=actor)
    record(EventType.CONSENT_GIVEN, consent, actor=actor)
    wake("opportunities.stand_person", consent.person_id)
    letters.send([letters.consent_answered(consent)])


@transaction.atomic
def refuse_consent(consent: Consent, *, actor: Actor, reason: str) -> None:
    """The manager does not agree, for this reason, which the person is told.

    Raises:
        NotPermitted: the actor neither manages nor leads the person now.
        Conflict: nobody asks for it any more.
        Invalid: there is no reason.
    """
    _decide(consent, State.REFUSED, checked_reason(reason), actor=actor, among=(State.ASKED,))
    record(EventType.CONSENT_REFUSED, consent, actor=actor, reason=consent.reason)
    letters.send([letters.consent_answered(consent)])


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: Actor, reason: str) -> None:
    """The consent counts no longer, for this reason, which the person is told. A hand that is up stays up.

    Raises:
        NotPermitted: the actor neither manages nor leads the person now.
        Conflict: it was not given.
        Invalid: there is no reason.
    """
    _decide(consent, State.WITHDRAWN, checked_reason(reason), actor=actor, among=(State.GIVEN,))
    forget_consent(consent, actor=actor)
    record(EventType.CONSENT_WITHDRAWN, consent, actor=actor, reason=consent.reason)
    wake("opportunities.stand_person", consent.person_id)
    letters.send([letters.consent_answered(consent)])


def _decide(consent: Consent, state: str, reason: str, *, actor: Actor, among: tuple[str, ...]) -> None:
    # Asked of the line as it is now: a manager who changes team may decide no more the same moment.
    if not Consent.objects.asked_of(actor).filter(pk=consent.pk).exists():
        raise NotPermitted("There is nothing here that you may change.")
    open_ = Consent.objects.filter(pk=consent.pk, state__in=among)
    if not open_.update(state=state, reason=reason, decided_at=timezone.now(), decided_by_label=actor.label):
        raise Conflict("This was answered meanwhile.")
    consent.refresh_from_db()


def _now(consent: Consent) -> datetime:
    assert consent.decided_at is not None
    return consent.decided_at
