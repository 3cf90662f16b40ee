"""What a gate would do before it is set: who could apply, who gains and loses, and whether anybody can ever meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from hexmark.catalogue.assured import counts_as
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.opportunities.facts import Known
from hexmark.opportunities.gates import requirement_of
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.queries import may_be_reached
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.requirements import Requirement, evaluate_many
from hexmark.requirements.references import leaves
from hexmark.requirements.rules import Achievement, AllOf, AnyOf, KOfN, Ladder, parts_of

Kind = AchievementVersion.Kind
STEP = 2000
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """What a gate would do today, over the people of its audience here."""

    of: int
    meets: int
    gains: tuple[Person, ...]
    gain_count: int
    loses: tuple[Person, ...]
    lose_count: int
    #: Why nobody can ever meet it, in sentences; none where somebody could.
    impossible: tuple[str, ...]


def preview_gate(opportunity: Opportunity, rule: Mapping[str, Any] | None, at: datetime | None = None) -> Preview:
    """What this rule would do in place of the present one. Waivers are no part of it: they were granted to the parts of the present one."""
    now = timezone.localtime(at, opportunity.organisation.zone)
    before, after = requirement_of(opportunity.rule), requirement_of(rule)
    gains: list[Person] = []
    loses: list[Person] = []
    meets = count = gain_count = lose_count = 0
    reached, last = may_be_reached(opportunity).order_by("pk"), 0
    while people := list(reached.filter(pk__gt=last)[:STEP]):
        known, last = Known(people), people[-1].pk
        facts = {person: known.of(opportunity, person) for person in people}
        old = evaluate_many(before, facts, now).met if before is not None else frozenset(people)
        new = evaluate_many(after, facts, now).met if after is not None else frozenset(people)
        gained, lost = [one for one in people if one in new - old], [one for one in people if one in old - new]
        gains, loses = (gains + gained)[:MOST_NAMED], (loses + lost)[:MOST_NAMED]
        count, meets = count + len(people), meets + len(new)
        gain_count, lose_count = gain_count + len(gained), lose_count + len(lost)
    by_name = tuple(sorted(gains, key=_name)), tuple(sorted(loses, key=_name))
    return Preview(count, meets, by_name[0], gain_count, by_name[1], lose_count, impossible(opportunity.organisation, after))


def impossible(organisation: Organisation, requirement: Requirement | None) -> tuple[str, ...]:
    """Why nobody can ever meet this, as far as the catalogue tells; nothing where somebody could."""
    if requirement is None:
        return ()
    return _impossible(requirement, _Catalogue(organisation, requirement))


def check_assessed(organisation: Organisation, requirement: Requirement | None) -> None:
    """Pass silently if nothing that nobody judged is asked for as if somebody had.

    Where the gate asks for an assurance from which on the organisation says "credential", an achievement of which no version counts as
    one cannot be used, wherever in the rule it stands.

    Raises:
        Invalid: one is used so; the message names it.
    """
    if requirement is None:
        return
    catalogue = _Catalogue(organisation, requirement)
    needed = int(organisation.assessed_from[1:])
    for leaf in leaves(requirement):
        if not isinstance(leaf, Achievement) or leaf.conditions.assurance_at_least < needed:
            continue
        versions = catalogue.versions.get(leaf.achievement, ())
        if versions and not any(counts_as(version, Kind.ASSESSED) for version in versions):
            raise Invalid(
                f"“{versions[-1].name}” is called “{organisation.word_unassessed}” here, because nobody judges it: it cannot be used where "
                f"a “{organisation.word_assessed}” is required. Ask for less assurance, or for another one.",
                field="rule",
            )


def named(organisation: Organisation, rule: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The rule with the names of the achievements that it mentions by their address alone, as they are called today."""
    if rule is None:
        return None
    requirement = requirement_of(rule)
    assert requirement is not None
    called = {url: versions[-1].name for url, versions in _Catalogue(organisation, requirement).versions.items()}
    return _named(dict(rule), called)


def _named(rule: dict[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    changed = dict(rule)
    for name in ("parts", "steps", "groups"):
        if isinstance(rule.get(name), list):
            changed[name] = [_named(part, called) if isinstance(part, dict) else part for part in rule[name]]
    if rule.get("type") == Achievement.type and not rule.get("name") and rule.get("achievement") in called:
        changed["name"] = called[rule["achievement"]]
    return changed


class _Catalogue:
    """What the host's catalogues say of the achievements that a rule names: published and retired versions, oldest first, by address."""

    def __init__(self, organisation: Organisation, requirement: Requirement) -> None:
        self.organisation = organisation
        self.root = f"{settings.PUBLIC_URL}/b/"
        ids = {leaf.achievement for leaf in leaves(requirement) if isinstance(leaf, Achievement)}
        slugs = [one.removeprefix(self.root) for one in ids if one.startswith(self.root)]
        versions = AchievementVersion.objects.filter(achievement__slug__in=slugs, published_at__isnull=False)
        self.versions: dict[str, list[AchievementVersion]] = {}
        for version in versions.select_related("achievement__organisation").order_by("number"):
            self.versions.setdefault(version.achievement.url, []).append(version)


def _impossible(requirement: Requirement, catalogue: _Catalogue) -> tuple[str, ...]:
    parts = [_impossible(part, catalogue) for part in parts_of(requirement)]
    reasons = tuple(reason for part in parts for reason in part)
    match requirement:
        case AllOf() | Ladder(reach=0):
            return reasons
        case AnyOf():
            return reasons if all(parts) else ()
        case KOfN(at_least=at_least):
            return reasons if sum(not part for part in parts) < at_least else ()
        case Ladder(reach=reach):
            return tuple(reason for part in parts[:reach] for reason in part)
        case Achievement():
            return _cannot(requirement, catalogue)
    return ()


def _cannot(leaf: Achievement, catalogue: _Catalogue) -> tuple[str, ...]:
    versions = catalogue.versions.get(leaf.achievement)
    name = leaf.name or leaf.achievement
    if versions is None:
        # What another host issues is not ours to know.
        return (f"Nobody here publishes “{name}”.",) if leaf.achievement.startswith(catalogue.root) else ()
    least, highest = leaf.conditions.assurance_at_least, max(int(version.assurance[1:]) for version in versions)
    if highest < least:
        return (f"“{versions[-1].name}” is never more than “{versions[-1].get_assurance_display()}”, which is less than asked for.",)
    if leaf.level_at_least > max(version.level for version in versions):
        return (f"“{versions[-1].name}” has no level {leaf.level_at_least}.",)
    return ()


def _name(person: Person) -> tuple[str, int]:
    return person.name.casefold(), person.pk
