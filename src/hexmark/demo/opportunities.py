"""What the demo's organisations offer: a post for which Jo lacks her manager's consent alone, mentoring, a project across, an open day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hexmark.catalogue.models import Achievement
from hexmark.demo.settling import Settled
from hexmark.events.subscriptions import deliver
from hexmark.gates.queries import unsigned_gates
from hexmark.gates.signing import sign_gate
from hexmark.holdings.actions import hold
from hexmark.opportunities.interest_tables import Interest
from hexmark.opportunities.interests import raise_hand
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import Offer, create_opportunity, open_opportunity, set_gate, share_with
from hexmark.opportunities.publishing import publish
from hexmark.opportunities.standings import behind, work_out
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.requirements import ReviewMarkFact

DAY = timedelta(days=1)
_NORTH = """Leads the two crews north of the river: plans their weeks, has their back, and goes out with each of them once a month.

- two days a week in the office, three on the road
- a deputy stands in for you when you are away"""
_CELL = "A robot cell for our test bench, from the first sketch to the day on which it runs beside people. Hexham pays travel and time."
_DAY = "Come and calibrate something yourself. Whoever can show that they know their way around test systems may work at the big bench."


def tell(houses: Sequence[Settled]) -> None:
    """The openings stand, some hands are up, and everybody's standing at every gate is worked out."""
    by_name = {settled.house.slug: settled for settled in houses}
    hexham, reivers = by_name["hexham"], by_name["reivers"]
    _north(hexham)
    _mentoring(hexham)
    _cell(hexham, reivers)
    _open_day(hexham)
    create_opportunity(
        hexham.organisation, Offer(kind="course", title="Test Systems, the advanced course", places=12), actor=_offers(hexham)
    )
    deliver()
    for opportunity in Opportunity.objects.filter(pk__in=behind()).select_related("organisation"):
        work_out(opportunity)
    deliver()
    # Whatever was woken on the way was done here, at once.
    DBTaskResult.objects.all().delete()


def _offers(settled: Settled) -> Any:
    return actor_for(settled.named("Bea Fenwick"))


def _north(hexham: Settled) -> None:
    """Jo has everything but her manager's consent, and has not asked for it yet."""
    today = timezone.localdate()
    offer = Offer(
        title="Team lead, North",
        text=_NORTH,
        place="Hexham, and on the road",
        effort="Full time",
        places=1,
        contact="Bea Fenwick",
        starts_on=today + 90 * DAY,
        closes_on=today + 28 * DAY,
    )
    parts = [
        *(_asks(hexham, name) for name in ("Coaching", "Safety Champion")),
        {"type": "tenure", "months_at_least": 18},
        {"type": "review_mark", "at_least": 3},
        {"type": "consent", "by": "manager"},
    ]
    _opened(hexham, offer, {"type": "all", "parts": parts})
    reviewed = timezone.now() - 70 * DAY
    for name, mark in (("Jo Carter", "4"), ("Callum Marsh", "3"), ("Hugo Dodd", "4")):
        hold(hexham.named(name), ReviewMarkFact(f"Review of {reviewed.year}", Decimal(mark), reviewed), actor=hexham.by)


def _mentoring(hexham: Settled) -> None:
    """Open to all staff; some have raised their hands."""
    text = "An hour every other week with somebody who has just come to us. You need no badge for it, only time and an ear."
    offer = Offer(kind="mentoring", title="Mentor for newcomers", text=text, effort="An hour every other week, for half a year")
    opening = _opened(hexham, offer, None)
    for days, name in ((9, "Tom Lund"), (6, "Amina Hall"), (2, "Rana Haddad")):
        _raise(opening, hexham.named(name), days, "I was helped like this myself." if name == "Tom Lund" else "")


def _cell(hexham: Settled, reivers: Settled) -> None:
    """For people of Reivers too: what they hold from their own house counts, because the gate names its issuer."""
    offer = Offer(
        kind="project", title="A robot cell for the test bench", text=_CELL, place="Hexham", effort="Three months, two days a week",
        places=2, audience="network",
    )  # fmt: skip
    issuer = {"id": reivers.organisation.did, "name": reivers.organisation.name, "assurance": 4}
    rule = {"type": "any", "parts": [_asks(reivers, "Robot Cell Safety") | {"issuers": [issuer]}, _asks(hexham, "Test Systems Architect")]}
    opening = _opened(hexham, offer, rule, shared=reivers)
    owen = reivers.named("Owen Irving")
    if Opportunity.objects.for_person(owen).filter(pk=opening.pk).exists():
        _raise(opening, owen, 3, "I would bring the cell from our barn along.")


def _open_day(hexham: Settled) -> None:
    """Everybody may read it, and check their own badges against its gate."""
    today = timezone.localdate()
    offer = Offer(
        kind="event", title="Open day at the big bench", text=_DAY, place="Hexham, hall 2", places=40, audience="public",
        starts_on=today + 45 * DAY, closes_on=today + 40 * DAY, contact=f"open-day@{hexham.house.mail_domain}",
    )  # fmt: skip
    rule = {"type": "any", "parts": [_asks(hexham, "Test Systems Associate"), _asks(hexham, "PLC Basics", 0)]}
    publish(_opened(hexham, offer, rule), actor=_offers(hexham))
    for gate_id in unsigned_gates():
        sign_gate(gate_id)


def _asks(settled: Settled, name: str, assurance: int = 3) -> dict[str, Any]:
    """The part of a rule that asks for this achievement."""
    found = Achievement.objects.filter(organisation=settled.organisation, versions__name=name).first()
    # In the small demo some achievements are left out of the story.
    url = found.url if found else f"{settled.organisation.url}/none"
    leaf: dict[str, Any] = {"type": "achievement", "achievement": url, "name": name}
    return leaf | ({"assurance_at_least": assurance} if assurance else {})


def _opened(hexham: Settled, offer: Offer, rule: dict[str, Any] | None, *, shared: Settled | None = None) -> Opportunity:
    actor = _offers(hexham)
    made = create_opportunity(hexham.organisation, offer, actor=actor)
    if rule is not None:
        set_gate(made, rule, actor=actor, although_nobody_can=True)
    if shared is not None:
        share_with(made, [shared.organisation], actor=actor)
    open_opportunity(made, actor=actor)
    return made


def _raise(opening: Opportunity, person: Person, days_ago: int, note: str) -> None:
    """A hand that has been up for some days. Whose gate is closed in this telling does not raise it."""
    fresh = Person.objects.select_related("organisation", "account").get(pk=person.pk)
    hand = raise_hand(opening, fresh, actor=actor_for(fresh), shows=True, note=note)
    Interest.objects.filter(pk=hand.pk).update(raised_at=timezone.now() - days_ago * DAY)
