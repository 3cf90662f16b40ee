"""The public directory: search, filters with true counts, and the cards of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from hexmark.catalogue import directory as asking
from hexmark.catalogue.directory import Facet, Found, shown_earners
from hexmark.catalogue.facets import Group, Order, Selection, selection_of
from hexmark.catalogue.labels import GROUP_LABELS
from hexmark.catalogue.models import AchievementVersion, DirectoryEntry
from hexmark.web.headers import public_page
from hexmark.web.limits import too_fast
from hexmark.web.requests import Request

PAGE_SIZE = 24
#: What a cache may keep: whoever publishes something sees it himself at once, because he is signed in.
PAGE_SECONDS = 60
#: So many values of a group are shown at once, the others after a click.
SHOWN_VALUES = 7


@dataclass(frozen=True, slots=True)
class Card:
    """One achievement as the directory shows it."""

    version: AchievementVersion
    #: None where they are too few to be said.
    earners: int | None


@dataclass(frozen=True, slots=True)
class Removal:
    """One filter that is set, the address without it, and how many that would give where this is known."""

    label: str
    href: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One group of the form: what is shown, and what stands behind a click."""

    facet: Facet
    label: str

    @property
    def name(self) -> str:
        """The name of the form's field."""
        return self.facet.group.value

    @property
    def shown(self) -> Sequence[asking.FacetValue]:
        """The first values, and with them every chosen one."""
        first = set(range(SHOWN_VALUES)) if len(self.facet.values) > SHOWN_VALUES + 1 else set(range(len(self.facet.values)))
        return [value for place, value in enumerate(self.facet.values) if place in first or value.is_chosen]

    @property
    def more(self) -> Sequence[asking.FacetValue]:
        """The others."""
        shown = {value.value for value in self.shown}
        return [value for value in self.facet.values if value.value not in shown]


@require_safe
@public_page(PAGE_SECONDS)
def directory(request: Request) -> HttpResponse:
    """What matches the words and filters of the address, a page of cards at a time."""
    if slower := too_fast(request, "directory"):
        return slower
    selection = selection_of(dict(request.GET.lists()))
    found = asking.find(selection)
    page = Paginator(found.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "selection": selection,
        "found": found,
        "page": page,
        "cards": cards_of(asking.entries_of(list(page.object_list))),
        "facets": [FacetBox(facet, GROUP_LABELS[facet.group]) for facet in found.facets if facet.values],
        "chips": _chips(selection, found),
        "removals": [] if found.total else _removals(selection, found),
        "orders": [(Order.NAME, "Name"), (Order.NEWEST, "Newest first")],
        "query": query_of(selection),
        "section": "directory",
    }
    response = render(request, "directory/index.html", context)
    # The panel of filters stays open while somebody is choosing in it.
    patch_vary_headers(response, ["HX-Request"])
    return response


def cards_of(entries: Sequence[DirectoryEntry]) -> list[Card]:
    """Each entry as a card."""
    return [Card(entry.version, shown_earners(entry)) for entry in entries]


def query_of(selection: Selection) -> str:
    """The part of an address after its question mark, with it; empty where nothing is asked for."""
    parameters = selection.parameters()
    return "?" + urlencode(parameters, safe=",") if parameters else ""


def _address(selection: Selection) -> str:
    return reverse("directory") + query_of(selection)


def _chips(selection: Selection, found: Found) -> list[Removal]:
    words = [Removal(f"“{selection.search}”", _address(_without_words(selection)))] if selection.words else []
    return words + [
        Removal(found.labels.label(group, value), _address(selection.without(group, value)))
        for group in Group
        for value in selection.chosen.get(group, ())
    ]


def _removals(selection: Selection, found: Found) -> list[Removal]:
    """What to give up where nothing was found: each group, and the words, that stand in the way alone."""
    helpful = [
        Removal(_named(selection, found, group), _address(selection.without(group)), count)
        for group, count in found.without.items()
        if count
    ]
    if selection.words and selection.chosen and (count := asking.how_many(_without_words(selection))):
        helpful.append(Removal(f"“{selection.search}”", _address(_without_words(selection)), count))
    return sorted(helpful, key=lambda removal: -removal.count)


def _named(selection: Selection, found: Found, group: Group) -> str:
    return f"{GROUP_LABELS[group]}: " + " or ".join(found.labels.label(group, value) for value in selection.chosen[group])


def _without_words(selection: Selection) -> Selection:
    return Selection(search="", chosen=selection.chosen, order=selection.order)
