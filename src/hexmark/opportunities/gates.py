"""How a gate stands for one person: what is met, what is waived, what is missing and the shortest way there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from hexmark.errors import Invalid
from hexmark.openbadges.canonical_json import canonical
from hexmark.opportunities.facts import BY_MANAGER, Known
from hexmark.opportunities.interest_tables import Waiver
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.ways import shortest_way
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.requirements import Explanation, Holdings, Missing, Requirement, RequirementError, Wording, evaluate, parse, sentence, to_json
from hexmark.requirements.rules import AllOf, Consent, parts_of


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a gate asks for, as it stands for one person."""

    #: SHA-256 of the part's canonical JSON.
    key: str
    requirement: Requirement
    explanation: Explanation
    waiver: Waiver | None = None

    @property
    def sentence(self) -> str:
        """What is asked for, in words."""
        return self.explanation.sentence

    @property
    def met(self) -> bool:
        """Whether the person shows it. What was waived is not."""
        return self.explanation.met

    @property
    def is_consent(self) -> bool:
        """Whether it is a manager's to give."""
        return isinstance(self.requirement, Consent) and self.requirement.by == BY_MANAGER

    @property
    def state(self) -> str:
        """`met`, `waived`, `asked` (to be waived) or `missing`."""
        if self.met:
            return "met"
        if self.waiver is None or self.waiver.granted is False:
            return "missing"
        return "waived" if self.waiver.granted else "asked"


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate's answer for one person at one moment. Without parts, everybody of the audience may apply."""

    opportunity: Opportunity
    rule_version: int
    at: datetime
    requirement: Requirement | None = None
    facts: Holdings = field(default_factory=Holdings)
    explanation: Explanation | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the person may apply: each part is met, or waived for them."""
        return all(part.state in ("met", "waived") for part in self.parts)

    @property
    def met_count(self) -> int:
        """How many parts are met; those waived are not among them."""
        return sum(part.met for part in self.parts)

    @property
    def waived(self) -> tuple[Part, ...]:
        """The parts that need not be met."""
        return tuple(part for part in self.parts if part.state == "waived")

    @property
    def lacking(self) -> tuple[Part, ...]:
        """The parts that stand in the way."""
        return tuple(part for part in self.parts if part.state in ("missing", "asked"))

    @property
    def steps(self) -> tuple[Missing, ...]:
        """The shortest way there: the fewest things that would open the gate."""
        return tuple(step for part in self.lacking for step in shortest_way(part.requirement, part.explanation))

    @property
    def lapses_on(self) -> datetime | None:
        """When it closes if nothing is gained; of what is waived nothing lapses."""
        ends = [part.explanation.lapses_on for part in self.parts if part.met and part.explanation.lapses_on is not None]
        return min(ends) if ends and self.is_open else None

    @property
    def summary(self) -> str:
        """Two of three are shown, in words."""
        if not self.parts:
            return "Nothing is asked for."
        shown = f"{self.met_count} of {len(self.parts)} shown"
        waived = f", {len(self.waived)} waived" if self.waived else ""
        missing = "; ".join(part.sentence for part in self.lacking)
        return f"{shown}{waived}" + (f"; missing: {missing}." if missing else ".")

    def as_json(self) -> dict[str, Any]:
        """What is kept with a hand that is raised: the answer, and what was waived, by whom and why."""
        waived = [
            {"part": part.sentence, "reason": part.waiver.reason, "answer": part.waiver.answer, "by": part.waiver.decided_by_label}
            for part in self.waived
            if part.waiver is not None
        ]
        answer = self.explanation.to_json() if self.explanation is not None else None
        return {"rule_version": self.rule_version, "at": self.at.isoformat(), "explanation": answer, "waived": waived}


def gate_of(opportunity: Opportunity, person: Person, at: datetime | None = None) -> Gate:
    """How the gate stands for this person now, or at another moment."""
    return gates_of([opportunity], person, at)[opportunity.pk]


def gates_of(opportunities: Sequence[Opportunity], person: Person, at: datetime | None = None) -> dict[int, Gate]:
    """How each of these gates stands for one person, by the opportunity's key; a bounded number of queries."""
    now, known = at or timezone.now(), Known([person])
    waivers: dict[int, dict[str, Waiver]] = defaultdict(dict)
    for one in Waiver.objects.filter(person=person, opportunity__in=opportunities).order_by("pk"):
        waivers[one.opportunity_id][one.part] = one
    return {one.pk: gate_from(one, known.of(one, person), waivers[one.pk], now) for one in opportunities}


def gate_from(opportunity: Opportunity, facts: Holdings, waivers: Mapping[str, Waiver], at: datetime) -> Gate:
    """How the gate stands over these facts, with these waivers by their part."""
    requirement = requirement_of(opportunity.rule)
    if requirement is None:
        return Gate(opportunity, opportunity.rule_version, at)
    # Days and months are counted where the organisation is, and badges are called by its own word.
    local, wording = timezone.localtime(at, opportunity.organisation.zone), wording_of(opportunity.organisation)
    parts = []
    for one in top_parts(requirement):
        key = key_of(one)
        parts.append(Part(key, one, evaluate(one, facts, local, wording=wording), waivers.get(key)))
    whole = evaluate(requirement, facts, local, wording=wording)
    return Gate(opportunity, opportunity.rule_version, local, requirement, facts, whole, tuple(parts))


def wording_of(organisation: Organisation) -> Wording:
    """What the organisation calls badges."""
    return Wording(badge=organisation.word_badge, badges=organisation.word_badge_plural)


def sentences_of(opportunity: Opportunity) -> list[str]:
    """Who can apply, a sentence for each thing that is asked for; none where nothing is."""
    requirement = requirement_of(opportunity.rule)
    wording = wording_of(opportunity.organisation)
    return [] if requirement is None else [sentence(part, wording=wording) for part in top_parts(requirement)]


def requirement_of(rule: Mapping[str, Any] | None) -> Requirement | None:
    """The stored rule as a requirement; None where nothing is asked for."""
    return None if rule is None else parse(rule)


def checked_rule(rule: Mapping[str, object] | None) -> dict[str, Any] | None:
    """The rule in its one written form.

    Raises:
        Invalid: it cannot be read; the message says where.
    """
    if rule is None:
        return None
    try:
        return to_json(parse(rule))
    except RequirementError as error:
        raise Invalid(f"Who can apply cannot be read: {error}", field="rule") from error


def top_parts(requirement: Requirement) -> tuple[Requirement, ...]:
    """What a person sees as the things asked for: the parts of an all-of, else the whole. Each can be waived by itself."""
    return requirement.parts if isinstance(requirement, AllOf) else (requirement,)


def key_of(part: Requirement) -> str:
    """What a waiver of this part names."""
    return hashlib.sha256(canonical(to_json(part))).hexdigest()


def asks_for_consent(rule: Mapping[str, Any] | None) -> bool:
    """Whether a manager's consent stands anywhere in the rule."""
    requirement = requirement_of(rule)
    return requirement is not None and _asks(requirement)


def _asks(requirement: Requirement) -> bool:
    if isinstance(requirement, Consent):
        return requirement.by == BY_MANAGER
    return any(_asks(part) for part in parts_of(requirement))
