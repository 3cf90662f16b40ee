"""The directory for programs, as JSON that can be read along: each entry says when it last changed."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from hexmark.catalogue import directory as asking
from hexmark.catalogue.directory import Found, shown_earners
from hexmark.catalogue.facets import LEVEL_WORDS, Selection, selection_of
from hexmark.catalogue.models import DirectoryEntry
from hexmark.errors import Invalid
from hexmark.openbadges import strict_json, timestamps
from hexmark.web.headers import public_file
from hexmark.web.limits import too_fast

JSON = "application/json"
FILE_SECONDS = 60
#: Entries of one answer: as many as asked for, up to this many.
MOST_ENTRIES, USUAL_ENTRIES = 100, 50
#: Where an entry stands in the order of changes.
Place = tuple[datetime, int]


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Entries in the order of their last change, a page at a time, with the same filters as the page for people."""
    if slower := too_fast(request, "directory"):
        return slower
    try:
        start, end = moments_of(request.GET.get("last_modified", ""))
        after = _cursor(request.GET.get("cursor", ""))
        limit = _limit(request.GET.get("limit", ""))
    except Invalid as error:
        problem = {"type": "about:blank", "title": "This cannot be answered", "status": 400, "detail": str(error), "parameter": error.field}
        answer = public_file(strict_json.dump(problem), media_type="application/problem+json", max_age_seconds=0)
        answer.status_code = 400
        return answer
    selection = selection_of(dict(request.GET.lists()))
    found = asking.find(selection)
    waiting = _waiting(found, selection, start, end)
    rest = waiting if after is None else [place for place in waiting if place > after]
    said: dict[str, Any] = {"total": len(waiting), "entries": [entry_as_json(entry) for entry in _rows(rest[:limit])]}
    if after is None:
        said["facets"] = _facets(found)
    if len(rest) > limit:
        said["next"] = _next(request, rest[limit - 1])
    return conditional(request, strict_json.dump(said), media_type=JSON, last_modified=asking.last_change())


def entry_as_json(entry: DirectoryEntry) -> dict[str, Any]:
    """What the directory tells programs about one achievement; of one that is listed no longer, that it went."""
    version, organisation = entry.version, entry.version.achievement.organisation
    gone = {"url": version.achievement.url, "status": "removed", "lastModified": timestamps.write(entry.changed_at)}
    if not entry.is_listed:
        return gone
    return {
        "id": version.url,
        "url": version.achievement.url,
        "status": "listed",
        "name": version.name,
        "description": version.description,
        "issuer": {"id": organisation.did, "name": organisation.name, "url": organisation.url},
        "kind": version.kind,
        "word": version.word,
        "assurance": {"code": version.assurance, "name": version.get_assurance_display()},
        "level": {"number": version.level, "name": LEVEL_WORDS[version.level]} if version.level else None,
        "roles": version.roles,
        "subjects": version.subjects,
        "tags": version.tags,
        "skills": [{"name": one.target_name, "url": one.target_url} for one in version.alignments.all()],
        "effortMinutes": version.effort_minutes,
        "validityMonths": version.validity_months,
        "language": version.language,
        "image": version.image_url,
        "version": version.number,
        "earners": shown_earners(entry),
        "published": timestamps.write(entry.published_at),
        "lastModified": timestamps.write(entry.changed_at),
    }


def moments_of(text: str) -> tuple[datetime | None, datetime | None]:
    """`2026-01-01..2026-01-31` as a beginning and an end that is not in it any more; either side may be left out, one date is that day.

    Raises:
        Invalid: it is neither empty nor like this.
    """
    if not text:
        return None, None
    first, dots, last = text.partition("..")
    if dots:
        return (_moment(first) if first else None), (_after(last) if last else None)
    return _moment(first), _after(first)


def conditional(request: HttpRequest, body: bytes, *, media_type: str, last_modified: datetime | None) -> HttpResponse:
    """The body with its ETag and Last-Modified; 304 without it for whoever has it already (RFC 9110, 13)."""
    response = public_file(body, media_type=media_type, max_age_seconds=FILE_SECONDS)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    seconds = int(last_modified.timestamp()) if last_modified else None
    if last_modified:
        response.headers["Last-Modified"] = http_date(last_modified.timestamp())
    answer = get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


def _waiting(found: Found, selection: Selection, start: datetime | None, end: datetime | None) -> list[Place]:
    """The places of everything that the filters let through, and of what went meanwhile where somebody reads along."""
    changed = asking.changed_between(start, end)
    reads_along = start is not None or end is not None
    if selection.is_empty:
        return list((changed if reads_along else changed.filter(is_listed=True)).values_list("changed_at", "pk"))
    let_through = set(found.ids)
    places = changed.values_list("changed_at", "pk", "is_listed")
    return [(moment, pk) for moment, pk, is_listed in places if pk in let_through or (reads_along and not is_listed)]


def _rows(places: list[Place]) -> list[DirectoryEntry]:
    pks = [pk for _, pk in places]
    entries = DirectoryEntry.objects.select_related("version__achievement__organisation").prefetch_related("version__alignments")
    rows = entries.in_bulk(pks)
    return [rows[pk] for pk in pks if pk in rows]


def _facets(found: Found) -> dict[str, list[dict[str, Any]]]:
    return {
        facet.group.value: [{"value": one.value, "label": one.label, "count": one.count} for one in facet.values] for facet in found.facets
    }


def _next(request: HttpRequest, place: Place) -> str:
    cursor = urlsafe_b64encode(f"{place[0].isoformat()} {place[1]}".encode()).decode()
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _cursor(text: str) -> Place | None:
    if not text:
        return None
    try:
        moment, _, pk = urlsafe_b64decode(text[:200]).decode().partition(" ")
        place = datetime.fromisoformat(moment), int(pk)
    except ValueError as error:
        raise Invalid("A cursor comes from `next` of the answer before.", field="cursor") from error
    if place[0].tzinfo is None:
        raise Invalid("A cursor comes from `next` of the answer before.", field="cursor")
    return place


def _limit(text: str) -> int:
    if not text:
        return USUAL_ENTRIES
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ENTRIES):
        raise Invalid(f"`limit` is a number from 1 to {MOST_ENTRIES}.", field="limit")
    return int(text)


def _moment(text: str) -> datetime:
    """The beginning of this day, or this moment; without a time zone it is UTC."""
    try:
        if len(text) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("`last_modified` is like 2026-01-01..2026-01-31, 2026-01-01.. or 2026-01-01.", field="last_modified") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _after(text: str) -> datetime:
    """The first moment that is after this day, or after this second."""
    try:
        return _moment(text) + (timedelta(days=1) if len(text) == len("2026-01-01") else timedelta(seconds=1))
    except OverflowError as error:
        raise Invalid("`last_modified` ends after the end of the calendar.", field="last_modified") from error
