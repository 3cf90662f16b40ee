"""What people are written about opportunities: in their language, and never twice for one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from hexmark.mail.letters import Letter
from hexmark.opportunities.interest_tables import Consent, Interest, Waiver
from hexmark.opportunities.models import Opportunity
from hexmark.passport.letters import address_of, send
from hexmark.people.models import Person

__all__ = ["consent_answered", "consent_asked", "decided", "lapsed", "send", "unlocked", "waiver_asked", "waiver_decided"]


def unlocked(opportunity: Opportunity, person: Person) -> Letter:
    """The gate is open to the person now."""
    return _letter("opportunity_unlocked", opportunity, person)


def lapsed(opportunity: Opportunity, to: Person, *, missing: Sequence[str], about: Person | None = None) -> Letter:
    """The gate is closed for new use, because these no longer hold: to whom it was open, or to their manager about them."""
    return _letter("opportunity_lapsed", opportunity, to, missing="; ".join(missing), person=about.name if about else "")


def decided(interest: Interest) -> Letter:
    """Somebody was chosen or not, with the reason."""
    chosen = interest.decision == Interest.Decision.CHOSEN
    return _letter("interest_decided", interest.opportunity, interest.person, chosen=chosen, reason=interest.reason)


def consent_asked(consent: Consent, manager: Person) -> Letter:
    """To the manager: somebody asks."""
    return _letter(
        "consent_asked",
        consent.opportunity,
        manager,
        person=consent.person.name,
        note=consent.note,
        link=f"{settings.PUBLIC_URL}/opportunities/consents",
    )


def consent_answered(consent: Consent) -> Letter:
    """To the person: what their manager says."""
    given, withdrawn = consent.state == Consent.State.GIVEN, consent.state == Consent.State.WITHDRAWN
    return _letter(
        "consent_answered",
        consent.opportunity,
        consent.person,
        given=given,
        withdrawn=withdrawn,
        by=consent.decided_by_label,
        reason=consent.reason,
    )


def waiver_asked(waiver: Waiver, offerer: Person) -> Letter:
    """To whoever offers it: somebody asks to apply without a part."""
    link = f"{waiver.opportunity.url}/interested"
    return _letter(
        "waiver_asked",
        waiver.opportunity,
        offerer,
        person=waiver.person.name,
        part=waiver.sentence,
        reason=waiver.reason,
        link=link,
    )


def waiver_decided(waiver: Waiver) -> Letter:
    """To the person: whether the part is waived, and why."""
    return _letter(
        "waiver_decided",
        waiver.opportunity,
        waiver.person,
        granted=bool(waiver.granted),
        part=waiver.sentence,
        answer=waiver.answer,
    )


def _letter(template: str, opportunity: Opportunity, to: Person, **more: Any) -> Letter:
    context = {
        # Who reads it knows their own organisation; the one that offers may be another.
        "sender": opportunity.organisation.name,
        "organisation": to.organisation.name,
        "offerer": opportunity.organisation.name,
        "name": to.name,
        "title": opportunity.title,
        "link": opportunity.url,
    }
    return Letter(
        to=address_of(to),
        template=template,
        language=to.language,
        context=context | more,
        organisation_id=opportunity.organisation_id,
        about=opportunity.public_id,
    )
