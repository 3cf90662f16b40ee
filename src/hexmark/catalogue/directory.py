"""Asking the directory: what matches, and how many one would get by choosing each value.

One reading of the entries that match the words, whatever is chosen: an entry that fails no group is found, an entry that fails exactly one
counts for the values of that group only. So the counts are true by their making, and a question takes as long with eight groups as with one
(benchmarks/directory.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import StrIndex

from hexmark.catalogue.facets import ORDERED, Group, Order, Selection
from hexmark.catalogue.labels import Labels
from hexmark.catalogue.models import DirectoryEntry
from hexmark.organisations.models import Organisation

#: Fewer than this many earners are not counted out: a small number tells who they are.
FEWEST_EARNERS = 5
#: Values of one group that a page can take; whoever looks for another one searches for it.
MOST_VALUES = 60


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to choose: how many entries choosing it would give, beside what is chosen in other groups."""

    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def key(self) -> str:
        """The value as part of an element's id."""
        return self.value.replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Facet:
    """One group with its values; `left_out` says how many more there are."""

    group: Group
    values: Sequence[FacetValue]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What matches: keys of entries in order, the facets, and how many entries removing one group would give."""

    ids: Sequence[int]
    facets: Sequence[Facet]
    labels: Labels
    without: Mapping[Group, int]

    @property
    def total(self) -> int:
        """How many entries match."""
        return len(self.ids)


def find(selection: Selection) -> Found:
    """Everything listed that has all the words and, in each group that was chosen in, one of the values."""
    wanted = {group: frozenset(f"{group.value}={value}" for value in values) for group, values in selection.chosen.items()}
    found: list[tuple[str, int]] = []
    tokens_found: list[str] = []
    tokens_missed: dict[Group, list[str]] = {group: [] for group in wanted}
    for pk, sort_name, tokens in _rows(selection):
        missed = [group for group, values in wanted.items() if values.isdisjoint(tokens.split("\n"))] if wanted else ()
        if not missed:
            found.append((sort_name, pk))
            tokens_found.append(tokens)
        elif len(missed) == 1:
            tokens_missed[missed[0]].append(tokens)
    if selection.order is Order.NAME:
        found.sort()
    counts = _counts(tokens_found, tokens_missed)
    labels = Labels.of({group: {**counts[group], **dict.fromkeys(selection.chosen.get(group, ()))} for group in Group})
    return Found(
        ids=[pk for _, pk in found],
        facets=[_facet(group, counts[group], selection, labels) for group in Group],
        labels=labels,
        without={group: len(found) + len(missed) for group, missed in tokens_missed.items()},
    )


def how_many(selection: Selection) -> int:
    """How many entries match."""
    return find(selection).total


def entries_of(ids: Sequence[int]) -> list[DirectoryEntry]:
    """These entries with their version, achievement and issuer, in this order."""
    entries = DirectoryEntry.objects.select_related("version__achievement__organisation").in_bulk(list(ids))
    return [entries[pk] for pk in ids if pk in entries]


def listed_by(organisation: Organisation) -> QuerySet[DirectoryEntry]:
    """What the directory names of this organisation, by name."""
    entries = DirectoryEntry.objects.filter(organisation=organisation, is_listed=True).order_by("sort_name", "pk")
    return entries.select_related("version__achievement__organisation")


def latest_entries(many: int) -> list[DirectoryEntry]:
    """What was published last."""
    entries = DirectoryEntry.objects.filter(is_listed=True).order_by("-published_at", "-pk")
    return list(entries.select_related("version__achievement__organisation")[:many])


def changed_between(start: datetime | None, end: datetime | None) -> QuerySet[DirectoryEntry]:
    """Entries that changed from `start` on and before `end`, oldest change first; those that are listed no longer too."""
    entries = DirectoryEntry.objects.order_by("changed_at", "pk")
    if start is not None:
        entries = entries.filter(changed_at__gte=start)
    return entries if end is None else entries.filter(changed_at__lt=end)


def last_change() -> datetime | None:
    """When the directory last changed; None while it is empty."""
    found: datetime | None = DirectoryEntry.objects.aggregate(last=Max("changed_at"))["last"]
    return found


def shown_earners(entry: DirectoryEntry) -> int | None:
    """How many people hold it, where they are enough to be said."""
    return entry.earners if entry.earners >= FEWEST_EARNERS else None


def _rows(selection: Selection) -> Iterable[tuple[int, str, str]]:
    entries = DirectoryEntry.objects.filter(is_listed=True)
    for number, word in enumerate(selection.words):
        # Both sides are folded, so that no database need know about case; and nothing in it is a pattern.
        entries = entries.alias(**{f"at_{number}": StrIndex(F("text"), Value(word))}).filter(**{f"at_{number}__gt": 0})
    entries = entries.order_by("-published_at", "-pk") if selection.order is Order.NEWEST else entries.order_by()
    return entries.values_list("pk", "sort_name", "tokens")


def _counts(found: Sequence[str], missed: Mapping[Group, Sequence[str]]) -> dict[Group, dict[str, int]]:
    """How often each value occurs: in its group's own filter's absence, all others being held to."""
    counts: dict[Group, dict[str, int]] = {group: {} for group in Group}
    for noted, count in _counted(found).items():
        group, _, value = noted.partition("=")
        counts[Group(group)][value] = count
    for own, tokens in missed.items():
        for noted, count in _counted(tokens).items():
            group, _, value = noted.partition("=")
            if group == own.value:
                counts[own][value] = counts[own].get(value, 0) + count
    return counts


def _counted(tokens: Sequence[str]) -> Counter[str]:
    # Joined and split at once: a loop over a hundred thousand tokens would take most of the time of a question.
    return Counter("\n".join(tokens).split("\n")) if tokens else Counter()


def _facet(group: Group, counts: Mapping[str, int], selection: Selection, labels: Labels) -> Facet:
    chosen = selection.chosen.get(group, ())
    values = [
        FacetValue(value=value, label=labels.label(group, value), count=counts.get(value, 0), is_chosen=value in chosen)
        for value in {**counts, **dict.fromkeys(chosen)}
    ]
    order = list(ORDERED.get(group, ()))
    if order:
        values.sort(key=lambda one: order.index(one.value) if one.value in order else len(order))
    else:
        values.sort(key=lambda one: (not one.is_chosen, -one.count, one.label.casefold()))
    return Facet(group=group, values=values[:MOST_VALUES], left_out=max(0, len(values) - MOST_VALUES))
