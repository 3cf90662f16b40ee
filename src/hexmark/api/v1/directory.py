"""The public directory: what anybody can achieve, at every issuer of this installation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from hexmark.api.callers import ApiRequest, Key
from hexmark.api.cursors import read_cursor, write_cursor
from hexmark.api.v1.catalogue_shapes import Assurance
from hexmark.api.v1.shapes import Next, PageAsked, Shown
from hexmark.catalogue.directory import Facet, entries_of, find, shown_earners
from hexmark.catalogue.facets import LONGEST_SEARCH, Group, selection_of
from hexmark.catalogue.models import DirectoryEntry

router = Router(tags=["Directory"])
#: So many entries of a page a cursor remembers: those that are gone by the next request do not make others be passed over.
REMEMBERED = 10
Values = Annotated[str | None, Field(max_length=1000, description="Values with commas between; one of them is enough.")]


class DirectoryAsked(PageAsked):
    """Words, filters and order. All words must occur, and in each filter one of its values."""

    q: Annotated[str | None, Field(max_length=LONGEST_SEARCH)] = None
    role: Values = None
    level: Values = None
    subject: Values = None
    kind: Values = None
    assurance: Values = None
    issuer: Values = None
    effort: Values = None
    language: Values = None
    sort: Literal["name", "newest"] = "name"


class IssuerShown(Shown):
    """Who issues it."""

    slug: str
    name: str
    url: str
    did: str


class EntryShown(Shown):
    """Something that can be achieved now."""

    slug: str
    version: int
    url: str
    image_url: str
    name: str
    description: str
    issuer: IssuerShown
    kind: Literal["unassessed", "assessed"]
    assurance: Assurance
    level: int
    roles: list[str]
    subjects: list[str]
    tags: list[str]
    effort_minutes: int | None
    language: str
    published_at: datetime
    earners: Annotated[int | None, Field(description="How many hold it; null while they are too few to be said.")]

    @classmethod
    def of(cls, entry: DirectoryEntry) -> EntryShown:
        """As it stands, with what was read with it."""
        version = entry.version
        organisation = version.achievement.organisation
        plain = {name: getattr(version, name) for name in cls.model_fields if hasattr(version, name)}
        given = {
            "slug": version.achievement.slug,
            "version": version.number,
            "url": version.achievement.url,
            "issuer": IssuerShown(slug=organisation.slug, name=organisation.name, url=organisation.url, did=organisation.did),
            "earners": shown_earners(entry),
        }
        return cls(**plain | given)


class ValueShown(Shown):
    """One value to filter by, and how many entries choosing it would give beside the other filters."""

    value: str
    label: str
    count: int


class FacetShown(Shown):
    """One filter with its values."""

    name: str
    values: list[ValueShown]
    left_out: Annotated[int, Field(description="How many more values there are.")]

    @classmethod
    def of(cls, facet: Facet) -> FacetShown:
        """As it was counted."""
        values = [ValueShown(value=one.value, label=one.label, count=one.count) for one in facet.values]
        return cls(name=facet.group.value, values=values, left_out=facet.left_out)


class DirectoryShown(Shown):
    """A page of the directory."""

    items: list[EntryShown]
    next: Next
    total: int
    facets: list[FacetShown]


@router.get("/directory", response=DirectoryShown, auth=Key(visitors=True), operation_id="searchDirectory", summary="Search the directory")
def search(request: ApiRequest, asked: Query[DirectoryAsked]) -> DirectoryShown:
    """What matches, with the counts of every filter. Needs no key."""
    query = {"q": asked.q, "sort": asked.sort} | {group.value: getattr(asked, group.value) for group in Group}
    selection = selection_of({name: [value] for name, value in query.items() if value is not None})
    found = find(selection)
    of = f"directory {sorted(selection.parameters().items())}"
    start = _start(found.ids, read_cursor(asked.cursor, of=of)) if asked.cursor else 0
    ids = found.ids[start : start + asked.limit]
    end = start + len(ids)
    return DirectoryShown(
        items=[EntryShown.of(entry) for entry in entries_of(ids)],
        next=write_cursor([end, *ids[-REMEMBERED:]], of=of) if end < len(found.ids) else None,
        total=found.total,
        facets=[FacetShown.of(facet) for facet in found.facets],
    )


def _start(ids: Sequence[int], position: Sequence[int]) -> int:
    """Behind the last entry that was shown and is still there, wherever it stands by now; if all are gone, where they stood."""
    place, *shown = position
    last = next((one for one in reversed(shown) if one in ids), None)
    return min(place, len(ids)) if last is None else ids.index(last) + 1
