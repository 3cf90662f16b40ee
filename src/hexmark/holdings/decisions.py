"""Decisions by rule: what was asked, of which facts, and what the answer was; kept so that anybody whom it is about can ask why.

Replaying one asks the same rule of the same facts again. It must give the same answer, or the software has changed its mind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from hexmark.access import Actor
from hexmark.errors import NotPermitted
from hexmark.events.log import record
from hexmark.holdings import facts as facts_json
from hexmark.holdings.event_types import EventType
from hexmark.holdings.models import Decision
from hexmark.holdings.queries import holdings_of
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.requirements.codec import parse, to_json
from hexmark.requirements.evaluate import evaluate
from hexmark.requirements.explanation import Explanation
from hexmark.requirements.facts import Holdings
from hexmark.requirements.rules import Requirement
from hexmark.requirements.wording import Wording

#: A person's own list shows so many; the log has all.
MOST_SHOWN = 200


@transaction.atomic
def record_decision(
    *,
    organisation: Organisation,
    person: Person,
    about: str,
    rule: Requirement | Mapping[str, Any],
    at: datetime,
    actor: Actor,
    rule_version: int = 1,
    facts: Holdings | None = None,
    explanation: Explanation | None = None,
    names: Mapping[str, str] | None = None,
    purpose: str = "",
    path: str = "",
) -> Decision:
    """What this rule says of the person at that moment is on record, with the facts as they are (or as given).

    `about` says in words what was decided, `path` where it stands on this site, `names` what the things in the rule are called. Whoever
    has the explanation already gives it, with the facts and names from which it came: it is not worked out a second time.

    Raises:
        NotPermitted: the actor acts for another organisation, or the person is another's.
        RequirementError: the rule is none.
    """
    if not actor.organisation_id == organisation.pk == person.organisation_id:
        raise NotPermitted("There is nothing here that you may change.")
    document = dict(rule) if isinstance(rule, Mapping) else to_json(rule)
    held = holdings_of(person) if facts is None else facts
    zone = at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else "UTC"
    kept = {**facts_json.to_json(held), "names": dict(names or {}), "time_zone": zone}
    answer = explanation or _answer(document, held, at, kept)
    decision = Decision.objects.create(
        organisation=organisation,
        person=person,
        about=about[:300],
        purpose=purpose,
        path=path,
        rule=document,
        rule_sha256=rule_digest(document),
        rule_version=rule_version,
        facts=kept,
        explanation=answer.to_json(),
        met=answer.met,
        at=at,
    )
    record(EventType.DECIDED, decision, actor=actor, person=person.public_id, about=decision.about, met=decision.met)
    return decision


def replay(decision: Decision) -> Explanation:
    """The answer to the decision's own rule over its own facts, worked out anew."""
    return _answer(decision.rule, facts_json.from_json(decision.facts), decision.at, decision.facts)


def _answer(rule: Mapping[str, Any], held: Holdings, at: datetime, kept: Mapping[str, Any]) -> Explanation:
    # Days and months of employment are counted in a calendar, so the time zone belongs to the question.
    return evaluate(parse(rule), held, at.astimezone(ZoneInfo(kept["time_zone"])), wording=Wording(names=kept["names"]))


def decisions_about(person: Person, *, actor: Actor) -> list[Decision]:
    """The latest decisions about the person that the actor may see, newest first."""
    return list(Decision.objects.visible_to(actor).filter(person=person).order_by("-at", "-pk")[:MOST_SHOWN])


def rule_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the rule, however its members are ordered."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
