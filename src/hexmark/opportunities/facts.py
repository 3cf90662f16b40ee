"""The facts that a gate is asked over: the person's own, with what their account holds in other organisations on this host.

What crosses from one organisation to another is what the account holds (badges and points), never a review mark, a figure, a tenure or an
attribute: these are the employer's and stay there, unless it is the employer who offers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hexmark.access import Actor
from hexmark.holdings.actions import hold, release
from hexmark.holdings.facts import consent_ref
from hexmark.holdings.queries import holdings_of_many
from hexmark.opportunities.interest_tables import Consent
from hexmark.opportunities.models import Opportunity
from hexmark.people.models import Person
from hexmark.requirements import ConsentFact, CredentialFact, FactKind, Holdings

BY_MANAGER = "manager"
_STEP = 5000


class Known:
    """What is known of some people, read once with a bounded number of queries, and seen as each opportunity may see it."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._others = _other_persons(people)
        wanted = [person.pk for person in people] + [pk for several in self._others.values() for pk, _ in several]
        self._held: dict[int, Holdings] = {}
        for start in range(0, len(wanted), _STEP):
            self._held.update(holdings_of_many(wanted[start : start + _STEP]))

    def of(self, opportunity: Opportunity, person: Person) -> Holdings:
        """What counts for this person at this gate."""
        return _of(opportunity, person, self._held, self._others.get(person.pk, ()))


def hold_consent(consent: Consent, *, at: datetime, actor: Actor) -> None:
    """The manager's consent counts among what the person holds, for this opportunity and no other."""
    hold(consent.person, _fact(consent, at), actor=actor)


def forget_consent(consent: Consent, *, actor: Actor) -> None:
    """It counts no longer."""
    release(consent.person, FactKind.CONSENT, consent_ref(BY_MANAGER, consent.opportunity.public_id), actor=actor)


def _fact(consent: Consent, at: datetime) -> ConsentFact:
    return ConsentFact(by=BY_MANAGER, about=consent.opportunity.public_id, at=at)


def _other_persons(people: Sequence[Person]) -> Mapping[int, Sequence[tuple[int, int]]]:
    """The other persons behind whom the same account stands: (key, organisation), by the person's key. Those who left count: what an
    account holds is its own."""
    mine: dict[int, list[int]] = defaultdict(list)
    for person in people:
        if person.account_id is not None:
            mine[person.account_id].append(person.pk)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    accounts = sorted(mine)
    for start in range(0, len(accounts), _STEP):
        rows = Person.objects.filter(account_id__in=accounts[start : start + _STEP]).values_list("pk", "account_id", "organisation_id")
        for pk, account_id, organisation_id in rows:
            for person_id in mine[account_id or 0]:
                if person_id != pk:
                    found[person_id].append((pk, organisation_id))
    return found


def _of(opportunity: Opportunity, person: Person, held: Mapping[int, Holdings], others: Collection[tuple[int, int]]) -> Holdings:
    own = held.get(person.pk, Holdings())
    is_own = person.organisation_id == opportunity.organisation_id
    credentials = _seen_from(opportunity, own.credentials, person.organisation_id)
    points = own.points
    for pk, organisation_id in others:
        more = held.get(pk, Holdings())
        credentials += _seen_from(opportunity, more.credentials, organisation_id)
        points += more.points
    consents = tuple(one for one in own.consents if one.about in ("", opportunity.public_id))
    if is_own:
        return replace(own, credentials=credentials, points=points, consents=consents)
    return Holdings(credentials=credentials, points=points, consents=consents)


def _seen_from(opportunity: Opportunity, credentials: Sequence[CredentialFact], organisation_id: int) -> tuple[CredentialFact, ...]:
    """What another organisation issued is foreign to the one that offers: it counts where the gate names its issuer."""
    if organisation_id == opportunity.organisation_id:
        return tuple(credentials)
    return tuple(replace(one, foreign=True) for one in credentials)
