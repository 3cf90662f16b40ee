"""Who gets to an opportunity, by group: how many it is offered to, could apply, raised a hand, were chosen. Association, not cause.

Figures of few people are left out, and so are others from which they could be worked out (`hexmark.gaps.suppression`). The four figures of
a group are sets that contain each other, and all groups are contained in the whole: one tree, checked at once. There is therefore no sum
of those who could apply or were chosen: it would cross the tree, and give away what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from hexmark.access import Actor, Permission
from hexmark.errors import NotPermitted
from hexmark.gaps.suppression import DEFAULT_K, publishable
from hexmark.opportunities.interest_tables import Interest, Standing
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.queries import may_be_reached
from hexmark.people.models import Person

STATEMENT = (
    "This shows association, not cause: groups differ in more than what they are called. It says nothing about any person, "
    "and figures about few people, or from which they could be worked out, are left out."
)
STAGES = ("offered", "could", "raised", "chosen")
BY = {"team": "Team", "kind": "Kind"}
NO_TEAM, ELSEWHERE = "No team", "Other organisations"


@dataclass(frozen=True, slots=True)
class Group:
    """One group's figures; None where one is left out."""

    name: str
    offered: int | None
    could: int | None
    raised: int | None
    chosen: int | None


@dataclass(frozen=True, slots=True)
class AccessFigures:
    """All groups that may be shown, by name; how many are left out entirely; and of how many people there are."""

    by: str
    of: int | None
    groups: tuple[Group, ...]
    left_out: int
    k: int


def access_figures(opportunity: Opportunity, *, by: str, actor: Actor, k: int = DEFAULT_K) -> AccessFigures:
    """How the groups of its audience got to it. Standings are those last worked out.

    Raises:
        NotPermitted: the actor may not view what is offered here.
        ValueError: k is below the floor.
    """
    if actor.organisation_id != opportunity.organisation_id or not actor.may(Permission.VIEW_OPPORTUNITIES):
        raise NotPermitted("There is nothing here for you.")
    by = by if by in BY else "team"
    groups = _groups(opportunity, by)
    counts = _counts(opportunity, groups)
    return suppressed(counts, by=by, k=k)


def suppressed(counts: Mapping[str, Sequence[int]], *, by: str, k: int) -> AccessFigures:
    """The figures of which none tells of fewer than k people, by itself or taken from another."""
    names = sorted(counts, key=str.casefold)
    children: dict[int | None, list[int]] = {None: []}
    sizes: dict[int | None, int] = {None: sum(row[0] for row in counts.values())}
    for place, name in enumerate(names):
        for stage, size in enumerate(counts[name]):
            node = place * len(STAGES) + stage
            sizes[node] = size
            children.setdefault(None if stage == 0 else node - 1, []).append(node)
    shown = publishable(children, sizes, k)
    groups = []
    for place, name in enumerate(names):
        figures = [sizes[node] if node in shown else None for node in range(place * len(STAGES), (place + 1) * len(STAGES))]
        if figures[0] is not None:
            groups.append(Group(name, *figures))
    return AccessFigures(by, sizes[None] if None in shown else None, tuple(groups), len(names) - len(groups), k)


def _groups(opportunity: Opportunity, by: str) -> dict[int, str]:
    """The group of each person whom it is offered to, by the person's key."""
    called = {value: str(label) for value, label in Person.Kind.choices}
    rows = may_be_reached(opportunity).annotate(team_name=F("team__name")).values_list("pk", "organisation_id", "kind", "team_name")
    found = {}
    for pk, organisation_id, kind, team in rows.iterator(chunk_size=5000):
        own = organisation_id == opportunity.organisation_id
        found[pk] = (called[kind] if by == "kind" else team or NO_TEAM) if own else ELSEWHERE
    return found


def _counts(opportunity: Opportunity, groups: Mapping[int, str]) -> dict[str, list[int]]:
    hands = dict(Interest.objects.raised().filter(opportunity=opportunity).values_list("person_id", "decision"))
    could = (
        set(groups)
        if opportunity.rule is None
        else set(Standing.objects.filter(opportunity=opportunity, is_met=True).values_list("person_id", flat=True))
    )
    # Whoever raised a hand could, also where the gate has closed behind them since.
    stages = [set(groups), could | set(hands), set(hands), {pk for pk, decision in hands.items() if decision == Interest.Decision.CHOSEN}]
    counted = [Counter(groups[pk] for pk in stage if pk in groups) for stage in stages]
    return {name: [one[name] for one in counted] for name in set(groups.values())}
