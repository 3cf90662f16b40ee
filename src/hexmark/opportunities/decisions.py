"""What a gate answered, kept where somebody was refused or let in by it, so that they can ask why (HX-7)."""

from __future__ import annotations

from hexmark.access import system
from hexmark.holdings.decisions import record_decision
from hexmark.holdings.models import Decision
from hexmark.opportunities.gates import Gate
from hexmark.opportunities.models import Opportunity
from hexmark.people.models import Person
from hexmark.requirements.rules import AllOf

PURPOSE = "eligibility"
MOST_SHOWN = 50


def keep_answer(gate: Gate, person: Person) -> Decision | None:
    """The gate's answer is on record, with the rule's version, the facts and what is missing; None where nothing was asked for.

    What was waived is left out of the rule that is kept: it was not asked of this person.
    """
    asked = tuple(part.requirement for part in gate.parts if part.state != "waived")
    if not asked:
        return None
    waived = f" ({len(gate.waived)} waived)" if gate.waived else ""
    return record_decision(
        organisation=person.organisation,
        person=person,
        about=f"{gate.opportunity.title}{waived}",
        rule=asked[0] if len(gate.parts) == 1 else AllOf(asked),
        rule_version=gate.rule_version,
        facts=gate.facts,
        at=gate.at,
        actor=system(person.organisation_id),
        purpose=PURPOSE,
        path=_path(gate.opportunity),
    )


def answers_kept(opportunity: Opportunity, person: Person) -> list[Decision]:
    """What the gate answered this person so far, newest first."""
    kept = Decision.objects.filter(person=person, purpose=PURPOSE, path=_path(opportunity))
    return list(kept.order_by("-at", "-pk")[:MOST_SHOWN])


def _path(opportunity: Opportunity) -> str:
    return f"/opportunities/{opportunity.public_id}/why"
