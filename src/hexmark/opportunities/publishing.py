"""Publishing who can apply as a signed document, so that anybody can check their own badges against it, also without an account."""

from __future__ import annotations

from django.db import transaction

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict
from hexmark.gates.actions import publish_gate, withdraw_gate
from hexmark.gates.models import OpenGate
from hexmark.gates.queries import open_gate_about
from hexmark.opportunities.models import Opportunity


@transaction.atomic
def publish(opportunity: Opportunity, *, actor: Actor) -> OpenGate:
    """Who can apply stands at a public address of its own, signed within seconds. It says nothing about anybody.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Conflict: nothing is asked for, or it is not open to everybody.
    """
    allow(actor, Permission.OFFER_OPPORTUNITIES, opportunity)
    kept = Opportunity.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=opportunity.pk)
    if kept.rule is None:
        raise Conflict("Nothing is asked for, so there is nothing to check against.")
    if kept.audience != Opportunity.Audience.PUBLIC or kept.state != Opportunity.State.OPEN:
        raise Conflict("Only what is open to everybody can be published. Change who sees it first.")
    gate = publish_gate(kept.organisation, requirement=kept.rule, title=kept.title, about=kept.public_id, actor=actor)
    Opportunity.objects.filter(pk=kept.pk).update(gate_published=True)
    opportunity.refresh_from_db()
    return gate


@transaction.atomic
def unpublish(opportunity: Opportunity, *, actor: Actor) -> None:
    """Nobody finds it any more. What somebody took away stays signed. Twice changes nothing.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
    """
    allow(actor, Permission.OFFER_OPPORTUNITIES, opportunity)
    withdraw_gate(opportunity.organisation, about=opportunity.public_id, actor=actor)
    Opportunity.objects.filter(pk=opportunity.pk).update(gate_published=False)
    opportunity.refresh_from_db()


def published_gate(opportunity: Opportunity) -> OpenGate | None:
    """The open gate of the present rule, signed or about to be; None where none is published."""
    if not opportunity.gate_published:
        return None
    return open_gate_about(opportunity.organisation_id, opportunity.public_id)
