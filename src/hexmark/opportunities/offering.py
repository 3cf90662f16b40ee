"""The only writers of openings. Every action here goes: permit → check → change → record → wake, in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.gates.actions import withdraw_gate
from hexmark.jobs import wake
from hexmark.opportunities.event_types import EventType
from hexmark.opportunities.gates import checked_rule, requirement_of
from hexmark.opportunities.models import LONGEST_TEXT, LONGEST_TITLE, GateVersion, Opportunity, SharedWith
from hexmark.opportunities.previewing import check_assessed, impossible, named
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person

State, Audience = Opportunity.State, Opportunity.Audience
LONGEST_LINE = 200
MOST_PLACES = 100_000


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody writes about an opening; who can apply is another matter (`set_gate`)."""

    title: str
    kind: str = Opportunity.Kind.POST
    text: str = ""
    place: str = ""
    effort: str = ""
    contact: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = None
    audience: str = Audience.STAFF
    open_from: date | None = None
    closes_on: date | None = None

    @classmethod
    def of(cls, opportunity: Opportunity) -> Offer:
        """What the opening says now."""
        return cls(**{field.name: getattr(opportunity, field.name) for field in fields(cls)})


@transaction.atomic
def create_opportunity(organisation: Organisation, offer: Offer, *, actor: Actor) -> Opportunity:
    """The organisation has a draft that nobody but those who offer can see. Whoever wrote it decides about it.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Invalid: something of it cannot be used.
    """
    allow(actor, Permission.OFFER_OPPORTUNITIES, organisation)
    _check(offer)
    made = Opportunity.objects.create(organisation=organisation, offered_by_id=actor.person_id, **_stripped(offer))
    GateVersion.objects.create(opportunity=made, number=made.rule_version, rule=None, made_by_label=actor.label)
    record(EventType.CREATED, made, actor=actor, title=made.title)
    return made


@transaction.atomic
def change_opportunity(opportunity: Opportunity, offer: Offer, *, actor: Actor) -> None:
    """The opening reads like this. Whoever raised their hand already keeps it raised.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is closed.
        Invalid: something of it cannot be used, or it is open and would vanish for people whose hands are up.
    """
    kept = _held(opportunity, actor)
    if kept.state == State.CLOSED:
        raise Conflict("It is closed and does not change any more. Offer it again as a new one.")
    _check(offer)
    narrower = offer.audience not in (kept.audience, Audience.PUBLIC)
    if narrower and kept.state == State.OPEN and kept.interests.raised().exists():
        raise Invalid("Somebody has raised their hand already, so fewer people cannot be let in now. Close it first.", field="audience")
    changed = sorted(name for name, value in _stripped(offer).items() if getattr(kept, name) != value)
    if not changed:
        return
    # Whom it is for has changed: everybody's standing is worked out anew.
    Opportunity.objects.filter(pk=kept.pk).update(**_stripped(offer), standings_on=None)
    record(EventType.CHANGED, kept, actor=actor, fields=changed)
    opportunity.refresh_from_db()
    wake("opportunities.stand", opportunity.pk)


@transaction.atomic
def set_gate(opportunity: Opportunity, rule: Mapping[str, Any] | None, *, actor: Actor, although_nobody_can: bool = False) -> None:
    """Who can apply is this rule from now on, as a new version; without one, everybody of the audience. The old version is kept.

    A hand that is up stays up: what was decided by the earlier version says so. Whoever gains is told, and so is whoever loses.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is closed.
        Invalid: the rule cannot be read (the message says where), asks for something that nobody judged as if somebody had, or can be met
            by nobody and this was not said to be wanted.
    """
    kept = _held(opportunity, actor)
    if kept.state == State.CLOSED:
        raise Conflict("It is closed, so who can apply does not change any more.")
    canonical = named(kept.organisation, checked_rule(rule))
    requirement = requirement_of(canonical)
    check_assessed(kept.organisation, requirement)
    nobody = impossible(kept.organisation, requirement)
    if nobody and not although_nobody_can:
        raise Invalid(f"Nobody can meet this. {' '.join(nobody)}", field="rule")
    if canonical == kept.rule:
        return
    number = kept.rule_version + 1
    GateVersion.objects.create(opportunity=kept, number=number, rule=canonical, made_by_label=actor.label)
    # What was published is the earlier version; the new one is published by somebody's own decision again.
    if kept.gate_published:
        withdraw_gate(kept.organisation, about=kept.public_id, actor=system(kept.organisation_id))
    Opportunity.objects.filter(pk=kept.pk).update(rule=canonical, rule_version=number, gate_published=False)
    record(EventType.GATE_CHANGED, kept, actor=actor, rule_version=number)
    opportunity.refresh_from_db()
    wake("opportunities.stand", opportunity.pk)


@transaction.atomic
def open_opportunity(opportunity: Opportunity, *, actor: Actor) -> None:
    """Its audience sees it from the first day on that it names, or now, and can raise a hand.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is not a draft.
        Invalid: its last day is over.
    """
    kept = _held(opportunity, actor)
    if kept.closes_on is not None and kept.closes_on < kept.today():
        raise Invalid("Its last day is over. Give it a later one first.", field="closes_on")
    draft = Opportunity.objects.filter(pk=kept.pk, state=State.DRAFT)
    if not draft.update(state=State.OPEN, opened_at=timezone.now()):
        raise Conflict("It is open or closed already.")
    record(EventType.OPENED, kept, actor=actor, rule_version=kept.rule_version)
    opportunity.refresh_from_db()
    wake("opportunities.stand", opportunity.pk)


@transaction.atomic
def close_opportunity(opportunity: Opportunity, *, actor: Actor) -> None:
    """Nobody can raise a hand any more; those that are up can still be decided about.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is closed already.
    """
    kept = _held(opportunity, actor)
    if not Opportunity.objects.filter(pk=kept.pk).exclude(state=State.CLOSED).update(state=State.CLOSED, closed_at=timezone.now()):
        raise Conflict("It is closed already.")
    record(EventType.CLOSED, kept, actor=actor)
    opportunity.refresh_from_db()


@transaction.atomic
def reopen_opportunity(opportunity: Opportunity, *, actor: Actor) -> None:
    """Closing it is undone: it is as open as its days say.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is not closed, or was closed before anybody saw it.
    """
    kept = _held(opportunity, actor)
    closed = Opportunity.objects.filter(pk=kept.pk, state=State.CLOSED, opened_at__isnull=False)
    if not closed.update(state=State.OPEN, closed_at=None, standings_on=None):
        raise Conflict("It is not closed.")
    record(EventType.OPENED, kept, actor=actor, rule_version=kept.rule_version)
    opportunity.refresh_from_db()
    wake("opportunities.stand", opportunity.pk)


@transaction.atomic
def share_with(opportunity: Opportunity, organisations: Iterable[Organisation], *, actor: Actor) -> None:
    """People of exactly these other organisations may see it, where its audience is the network.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: it is closed.
    """
    kept = _held(opportunity, actor)
    if kept.state == State.CLOSED:
        raise Conflict("It is closed and does not change any more.")
    wanted = {organisation.pk for organisation in organisations} - {kept.organisation_id}
    present = set(kept.shared_with.values_list("organisation_id", flat=True))
    if wanted == present:
        return
    kept.shared_with.filter(organisation_id__in=present - wanted).delete()
    SharedWith.objects.bulk_create(SharedWith(opportunity=kept, organisation_id=one) for one in sorted(wanted - present))
    Opportunity.objects.filter(pk=kept.pk).update(standings_on=None)
    record(EventType.CHANGED, kept, actor=actor, fields=["shared_with"], organisations=sorted(wanted))
    wake("opportunities.stand", opportunity.pk)


@transaction.atomic
def hand_over(opportunity: Opportunity, person: Person, *, actor: Actor) -> None:
    """This person offers it from now on, and decides about those who are interested.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Invalid: the person is of another organisation, or has left.
    """
    kept = _held(opportunity, actor)
    if person.organisation_id != kept.organisation_id or person.left_at is not None:
        raise Invalid(f"{person.name} is not in this organisation now.", field="offered_by")
    Opportunity.objects.filter(pk=kept.pk).update(offered_by=person)
    record(EventType.CHANGED, kept, actor=actor, fields=["offered_by"])
    opportunity.refresh_from_db()


def may_offer(actor: Actor, opportunity: Opportunity) -> bool:
    """Whether the actor may change, open and close it: whoever offers here, and whoever offers this one."""
    if actor.organisation_id != opportunity.organisation_id:
        return False
    return actor.may(Permission.OFFER_OPPORTUNITIES) or _offers(actor, opportunity)


def _offers(actor: Actor, opportunity: Opportunity) -> bool:
    return actor.person_id is not None and actor.person_id == opportunity.offered_by_id


def _held(opportunity: Opportunity, actor: Actor) -> Opportunity:
    """The opening, held until the end of the transaction, for an actor who may change it."""
    if not may_offer(actor, opportunity):
        allow(actor, Permission.OFFER_OPPORTUNITIES, opportunity)
        raise NotPermitted("There is nothing here that you may change.")
    return Opportunity.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=opportunity.pk)


def _stripped(offer: Offer) -> dict[str, object]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in asdict(offer).items()}


def _check(offer: Offer) -> None:
    if not offer.title.strip() or len(offer.title) > LONGEST_TITLE:
        raise Invalid(f"Give it a title of at most {LONGEST_TITLE} characters.", field="title")
    if len(offer.text) > LONGEST_TEXT:
        raise Invalid(f"Tell it in at most {LONGEST_TEXT:,} characters.", field="text")
    for name in ("title", "text", "place", "effort", "contact"):
        value = getattr(offer, name)
        if hides_in_text(value) or (name != "text" and hides_in_line(value)):
            raise Invalid("Something in it cannot be seen. Type it anew instead of pasting it.", field=name)
        if name not in ("title", "text") and len(value) > LONGEST_LINE:
            raise Invalid(f"At most {LONGEST_LINE} characters.", field=name)
    if offer.kind not in Opportunity.Kind.values or offer.audience not in Audience.values:
        raise Invalid("Choose one of those offered.", field="kind" if offer.kind not in Opportunity.Kind.values else "audience")
    if offer.places is not None and not 1 <= offer.places <= MOST_PLACES:
        raise Invalid(f"At least one place, and at most {MOST_PLACES:,}; leave it empty where nobody has said.", field="places")
    if offer.starts_on and offer.ends_on and offer.ends_on < offer.starts_on:
        raise Invalid("It cannot end before it starts.", field="ends_on")
    if offer.open_from and offer.closes_on and offer.closes_on < offer.open_from:
        raise Invalid("The last day to apply cannot come before the first.", field="closes_on")
