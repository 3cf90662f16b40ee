"""Reading opportunities with a meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.opportunities.gates import Gate, gates_of
from hexmark.opportunities.interest_tables import Consent, Interest, InterestQuerySet
from hexmark.opportunities.models import Opportunity, SharedWith
from hexmark.people.models import Person

#: A board that nobody could read is none: more than these are found by looking for a word.
MOST_SHOWN = 500
ORDERS = {"raised": ("raised_at", "pk"), "name": ("person__name", "pk")}


@dataclass(frozen=True, slots=True)
class Mine:
    """An opportunity as it stands for one person."""

    opportunity: Opportunity
    gate: Gate
    interest: Interest | None
    consent: Consent | None

    @property
    def shelf(self) -> str:
        """`open` to them, `near` (one step away), or `other`."""
        if self.gate.is_open:
            return "open"
        return "near" if len(self.gate.steps) <= 1 else "other"


def mine(person: Person, *, kind: str = "", search: str = "", at: datetime | None = None) -> list[Mine]:
    """What is open now to the person's kind, with their gate, by title. How they stand orders nothing within a shelf."""
    found = Opportunity.objects.for_person(person, at).select_related("organisation")
    if kind in Opportunity.Kind.values:
        found = found.filter(kind=kind)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(text__icontains=search) | Q(place__icontains=search))
    return as_mine(list(found.order_by("title", "pk")[:MOST_SHOWN]), person, at)


def as_mine(opportunities: Sequence[Opportunity], person: Person, at: datetime | None = None) -> list[Mine]:
    """These opportunities as they stand for this person, in the order given."""
    gates = gates_of(opportunities, person, at)
    hands = {one.opportunity_id: one for one in Interest.objects.raised().filter(person=person, opportunity__in=opportunities)}
    consents = {one.opportunity_id: one for one in Consent.objects.filter(person=person, opportunity__in=opportunities)}
    return [Mine(one, gates[one.pk], hands.get(one.pk), consents.get(one.pk)) for one in opportunities]


def offered(actor: Actor) -> QuerySet[Opportunity]:
    """Those that the actor may change or decide about, newest first, each with `hands` that are up and `waiting` for an answer."""
    found = Opportunity.objects.visible_to(actor).in_house(actor)
    if not actor.may(Permission.VIEW_OPPORTUNITIES):
        found = found.filter(offered_by_id=actor.person_id or 0)
    up = Q(interests__withdrawn_at__isnull=True)
    return found.annotate(
        hands=Count("interests", filter=up, distinct=True),
        waiting=Count("interests", filter=up & Q(interests__decided_at__isnull=True), distinct=True),
        asked=Count("waivers", filter=Q(waivers__granted__isnull=True), distinct=True),
    ).order_by("-created_at", "-pk")


def interested(opportunity: Opportunity, actor: Actor, *, order: str = "raised") -> InterestQuerySet:
    """Whose hands are up, in the order in which they were raised, or by name. There is no other order, and no score to make one."""
    found = Interest.objects.visible_to(actor).raised().filter(opportunity=opportunity)
    return found.select_related("person__organisation", "person__team", "person__account").order_by(*ORDERS.get(order, ORDERS["raised"]))


def may_be_reached(opportunity: Opportunity) -> QuerySet[Person]:
    """The people whose standing is worked out: its audience, but of a public one only those of the house and of whom it is shared with.

    People who merely have an account somewhere else on this host are never written to.
    """
    people = Person.objects.present()
    own = Q(organisation_id=opportunity.organisation_id)
    if opportunity.audience == Opportunity.Audience.STAFF:
        return people.filter(own, kind=Person.Kind.STAFF)
    shared = SharedWith.objects.filter(opportunity=opportunity).values("organisation_id")
    return people.filter(own | Q(organisation_id__in=shared)).exclude(kind=Person.Kind.GUEST)


def consents_waiting(actor: Actor) -> QuerySet[Consent]:
    """What the actor's people ask for, longest waiting first; nothing about who has left, or what is closed."""
    waiting = Consent.objects.asked_of(actor).filter(state=Consent.State.ASKED, person__left_at__isnull=True)
    open_ = Opportunity.objects.open_now(timezone.now()).values("pk")
    return waiting.filter(opportunity__in=open_).select_related("person", "opportunity__organisation").order_by("asked_at", "pk")


def consents_answered(actor: Actor) -> QuerySet[Consent]:
    """What the actor's people were answered, newest first."""
    answered = Consent.objects.asked_of(actor).exclude(state=Consent.State.ASKED)
    return answered.select_related("person", "opportunity__organisation").order_by("-decided_at", "-pk")
