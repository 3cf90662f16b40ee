"""Documents that verifiers fetch: keys, status lists and pictures. No session, no cookies, readable from any site."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hexmark.catalogue.pictures import MEDIA_TYPES, picture
from hexmark.catalogue.queries import public_version
from hexmark.files import store
from hexmark.issuing.publication import published_did_document, published_status_list
from hexmark.web.headers import public_file
from hexmark.web.templatetags.badge_pictures import SIZES

DAY_SECONDS = 24 * 3600
YEAR_SECONDS = 365 * DAY_SECONDS
#: A revocation must be seen soon; a cache in between may hold the list this long.
STATUS_LIST_SECONDS = 60


@require_safe
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisation's DID document (did:web)."""
    document = published_did_document(slug)
    if document is None:
        raise Http404
    return public_file(document, media_type="application/did+json")


@require_safe
def status_list(request: HttpRequest, slug: str, purpose: str, number: int) -> HttpResponse:
    """A signed status list, as it was signed."""
    document = published_status_list(slug, purpose, number)
    if document is None:
        raise Http404
    return public_file(document, media_type="application/vc", max_age_seconds=STATUS_LIST_SECONDS)


@require_safe
def achievement_image(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The picture of a published version; it never changes."""
    version = public_version(slug, number)
    if version is None or not version.image_png:
        raise Http404
    return public_file(store.get(version.image_png), media_type="image/png", max_age_seconds=DAY_SECONDS)


@require_safe
def achievement_picture(request: HttpRequest, slug: str, number: int, name: str, form: str) -> HttpResponse:
    """The picture of a published version for a place of this size: `96`, or `96x2` for a screen with twice as many pixels."""
    size, by, density = name.partition("x")
    version = public_version(slug, number)
    if version is None or not version.image_png or form not in MEDIA_TYPES or size not in SIZES or (by + density) not in ("", "x2"):
        raise Http404
    body = picture(version, size=int(size), density=int(density or 1), form=form)
    return public_file(body, media_type=MEDIA_TYPES[form], max_age_seconds=YEAR_SECONDS)
