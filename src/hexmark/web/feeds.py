"""Atom feeds of what is published, and what search engines look for: the site map and robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from hexmark.catalogue import directory as asking
from hexmark.catalogue.facets import Order, Selection, selection_of
from hexmark.catalogue.models import AchievementVersion, DirectoryEntry
from hexmark.catalogue.queries import public_history
from hexmark.openbadges import timestamps
from hexmark.organisations.models import Organisation
from hexmark.web.directory import query_of
from hexmark.web.directory_json import conditional
from hexmark.web.limits import too_fast

ATOM = "application/atom+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"
#: A feed tells what is new, not everything.
FEED_SIZE = 50
#: Addresses of one file of the site map; the protocol allows 50,000.
SITE_MAP_SIZE = 10_000
#: The protocol allows no more in one index, and no database counts further than it can.
MOST_FILES = 50_000
#: Characters that people may paste and XML 1.0 cannot carry.
_UNWRITABLE = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
_AT_ONCE = re.compile(r"<updated>[^<]*</updated>")


@require_safe
def directory_feed(request: HttpRequest) -> HttpResponse:
    """What the directory lists, newest first, with the filters of the address."""
    if slower := too_fast(request, "directory"):
        return slower
    chosen = selection_of(dict(request.GET.lists()))
    newest = Selection(search=chosen.search, chosen=chosen.chosen, order=Order.NEWEST)
    found = asking.entries_of(asking.find(newest).ids[:FEED_SIZE])
    page = settings.PUBLIC_URL + reverse("directory") + query_of(chosen)
    return _feed(request, "Directory", page, [entry.version for entry in found])


@require_safe
def issuer_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What this issuer lists, newest first."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    listed = asking.listed_by(organisation).order_by("-published_at", "-pk")[:FEED_SIZE]
    return _feed(request, organisation.name, organisation.url, [entry.version for entry in listed])


@require_safe
def achievement_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The published versions of one achievement, newest first."""
    versions = public_history(slug)
    if not versions:
        raise Http404
    return _feed(request, versions[0].name, versions[0].achievement.url, versions[:FEED_SIZE])


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """The index of the site map's files."""
    files = range(1, 2 + max(0, DirectoryEntry.objects.filter(is_listed=True).count() - 1) // SITE_MAP_SIZE)
    lines = [f"<sitemap><loc>{settings.PUBLIC_URL}{reverse('site_map_part', args=[number])}</loc></sitemap>" for number in files]
    return _site_map(request, "sitemapindex", lines)


@require_safe
def site_map_part(request: HttpRequest, number: int) -> HttpResponse:
    """Public pages that may be found by everybody: so many achievements, and in the first file the issuers."""
    if not 1 <= number <= MOST_FILES:
        raise Http404
    first = (number - 1) * SITE_MAP_SIZE
    entries = DirectoryEntry.objects.filter(is_listed=True).order_by("pk").select_related("achievement")[first : first + SITE_MAP_SIZE]
    pages: list[tuple[str, datetime | None]] = [(entry.achievement.url, entry.changed_at) for entry in entries]
    if number == 1:
        general = [settings.PUBLIC_URL + reverse(name) for name in ("home", "directory", "verify")]
        pages = [(page, None) for page in general] + [(one.url, None) for one in _listing_issuers()] + pages
    if not pages:
        raise Http404
    return _site_map(request, "urlset", [_location(page, changed) for page, changed in pages])


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where search engines need not look, and where the site map is."""
    lines = [
        "User-agent: *",
        # Every choice of filters is an address of its own, and there are more of them than anybody can read.
        f"Disallow: {reverse('directory')}?",
        *(f"Disallow: {path}" for path in ("/me", "/account", "/administration", "/catalogue", "/awards", "/runs", "/people", "/join")),
        f"Sitemap: {settings.PUBLIC_URL}{reverse('site_map')}",
    ]
    return conditional(request, ("\n".join(lines) + "\n").encode(), media_type="text/plain; charset=utf-8", last_modified=None)


def _feed(request: HttpRequest, title: str, page: str, versions: Sequence[AchievementVersion]) -> HttpResponse:
    own = settings.PUBLIC_URL + request.get_full_path()
    feed = Atom1Feed(title=_clean(title), link=page, description="", feed_url=own, feed_guid=page)
    for version in versions:
        assert version.published_at is not None
        issuer = version.achievement.organisation
        feed.add_item(
            title=_clean(version.name),
            link=version.url,
            unique_id=version.url,
            description=_clean(version.description),
            pubdate=version.published_at,
            updateddate=version.published_at,
            author_name=_clean(issuer.name),
            author_link=issuer.url,
            categories=[_clean(word) for word in (*version.subjects, *version.tags)],
        )
    newest = max((version.published_at for version in versions if version.published_at), default=None)
    return conditional(request, _written(feed, newest), media_type=ATOM, last_modified=newest)


def _written(feed: Atom1Feed, newest: datetime | None) -> bytes:
    text = feed.writeString("utf-8")
    if newest is None:
        # An empty feed would say that it changed at this very moment, every time.
        text = _AT_ONCE.sub("<updated>1970-01-01T00:00:00Z</updated>", text)
    return text.encode()


def _clean(text: str) -> str:
    return text.translate(_UNWRITABLE)


def _listing_issuers() -> Iterable[Organisation]:
    listing = DirectoryEntry.objects.filter(is_listed=True).values("organisation_id")
    return Organisation.objects.filter(pk__in=listing).order_by("pk")


def _location(page: str, changed: datetime | None) -> str:
    last = f"<lastmod>{timestamps.write(changed)}</lastmod>" if changed else ""
    return f"<url><loc>{escape(page)}</loc>{last}</url>"


def _site_map(request: HttpRequest, element: str, lines: Sequence[str]) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = "\n".join([head, *lines, f"</{element}>\n"])
    return conditional(request, body.encode(), media_type=XML, last_modified=asking.last_change())
