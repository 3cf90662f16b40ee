"""What an organisation shows to the world: the front page, an achievement, the issuer, and who agreed to be named."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from hexmark.access import Permission
from hexmark.catalogue import directory as asking
from hexmark.catalogue.assured import meaning_of, steps_of
from hexmark.catalogue.directory import FEWEST_EARNERS
from hexmark.catalogue.effort import effort_in_words
from hexmark.catalogue.facets import LEVEL_WORDS
from hexmark.catalogue.labels import language_name
from hexmark.catalogue.models import AchievementVersion, DirectoryEntry
from hexmark.catalogue.queries import public_history, public_version
from hexmark.files.markdown import to_html
from hexmark.issuing.documents import achievement_document
from hexmark.keys.store import published_keys
from hexmark.openbadges import strict_json
from hexmark.openbadges.model import CONTEXTS
from hexmark.organisations.identity import profile_document
from hexmark.organisations.models import Organisation
from hexmark.passport.models import Entry
from hexmark.passport.registered import holders_at, holders_of
from hexmark.people.queries import needs_set_up
from hexmark.web.directory import cards_of
from hexmark.web.headers import public_file, public_page
from hexmark.web.negotiation import preferred
from hexmark.web.requests import Request

HTML, JSON, LD_JSON = "text/html", "application/json", "application/ld+json"
#: Pages that say nothing about anybody's state may be kept a little while.
PAGE_SECONDS = 300
REGISTER_SECONDS = 60
ON_FRONT_PAGE = 6
CARDS_A_PAGE = 24
HOLDERS_A_PAGE = 50
LONGEST_SEARCH = 100


@require_safe
@public_page(0)
def home(request: Request) -> HttpResponse:
    """The front page: what this is, the way in, and what was published last; one's own badges for whoever is signed in."""
    if request.person is not None:
        return redirect("me")
    latest = cards_of(asking.latest_entries(ON_FRONT_PAGE))
    return render(request, "public/home.html", {"needs_set_up": not latest and needs_set_up(), "latest": latest, "section": "home"})


@require_safe
@public_page(PAGE_SECONDS)
def achievement(request: Request, slug: str, number: int | None = None) -> HttpResponse:
    """What can be achieved and how: a page for people, the Open Badges document for programs."""
    version = public_version(slug, number)
    if version is None:
        raise Http404
    if preferred(request.headers.get("Accept", ""), (HTML, JSON, LD_JSON)) != HTML:
        return public_file(strict_json.dump({"@context": list(CONTEXTS)} | achievement_document(version).to_json()), media_type=JSON)
    return render(request, "public/achievement.html", achievement_context(request, version))


@require_safe
@public_page(PAGE_SECONDS)
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """Who issues: a page for people, the issuer profile for programs."""
    organisation = _organisation(slug)
    if preferred(request.headers.get("Accept", ""), (HTML, JSON, LD_JSON)) != HTML:
        return public_file(strict_json.dump(profile_document(organisation)), media_type=JSON)
    page = Paginator(asking.listed_by(organisation), CARDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "issuer": organisation,
        "page": page,
        "cards": cards_of(list(page.object_list)),
        "keys": published_keys(organisation.pk),
        "domain": organisation.did.split(":")[2].replace("%3A", ":"),
        "has_register": holders_at(organisation).exists(),
        "section": "issuer",
    }
    return render(request, "public/issuer.html", context)


@require_safe
@public_page(REGISTER_SECONDS)
def earners(request: Request, slug: str) -> HttpResponse:
    """Who holds this and agreed to be named."""
    version = public_version(slug)
    if version is None:
        raise Http404
    search = _search(request)
    return _register(request, holders_of(version.achievement, search=search), version.achievement.organisation, version=version)


@require_safe
@public_page(REGISTER_SECONDS)
def register(request: Request, slug: str) -> HttpResponse:
    """Who holds anything of this issuer and agreed to be named."""
    organisation = _organisation(slug)
    return _register(request, holders_at(organisation, search=_search(request)), organisation, version=None)


def achievement_context(request: Request, version: AchievementVersion, *, preview: bool = False) -> dict[str, Any]:
    """What the page of an achievement shows; as a preview, before it is published, nothing that others did with it."""
    history = public_history(version.achievement.slug)
    newest = history[0] if history else None
    return {
        "version": version,
        "issuer": version.achievement.organisation,
        "criteria": to_html(version.criteria),
        "evidence": to_html(version.evidence),
        "assessment": to_html(version.assessment),
        "meaning": meaning_of(version.assurance),
        "steps": steps_of(version),
        "level_word": LEVEL_WORDS.get(version.level, ""),
        "effort": effort_in_words(version.effort_minutes),
        "language_name": language_name(version.language),
        "retired": version.state == AchievementVersion.State.RETIRED,
        "newer": newest if newest and newest.number > version.number and not preview else None,
        "history": history,
        "preview": preview,
        "section": "achievement",
        "structured_data": _structured_data(version),
    } | ({} if preview else _around(request, version))


def _around(request: Request, version: AchievementVersion) -> dict[str, Any]:
    """How many hold it, whether some are named, and what whoever is looking can do."""
    entry = DirectoryEntry.objects.filter(achievement=version.achievement).first()
    organisation_id = version.achievement.organisation_id
    own = Entry.objects.visible_to(request.actor).kept().filter(credential__award__version__achievement=version.achievement)
    ours = request.actor.organisation_id == organisation_id
    return {
        "earners": entry.earners if entry and entry.earners >= FEWEST_EARNERS else None,
        "has_register": holders_of(version.achievement).exists(),
        "own": own.select_related("credential__award").order_by("-pk").first() if request.actor.account_id else None,
        "may_award": ours and request.actor.may(Permission.AWARD) and version.state == AchievementVersion.State.PUBLISHED,
        "may_edit": ours and request.actor.may(Permission.EDIT_CATALOGUE),
    }


def _register(request: Request, found: Any, organisation: Organisation, *, version: AchievementVersion | None) -> HttpResponse:
    page = Paginator(found, HOLDERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "issuer": organisation, "version": version, "search": _search(request), "section": "register"}
    response = render(request, "directory/register.html", context)
    # They agreed to be found here by whoever looks here, not to come up wherever their name is typed.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _structured_data(version: AchievementVersion) -> SafeString:
    """The achievement as schema.org's EducationalOccupationalCredential, for a data block in the page."""
    organisation = version.achievement.organisation
    skills = [
        {"@type": "DefinedTerm", "name": one.target_name, "url": one.target_url, "termCode": one.target_code or None}
        for one in version.alignments.all()
    ]
    said = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": version.url,
        "name": version.name,
        "description": version.description,
        "credentialCategory": "badge",
        "educationalLevel": LEVEL_WORDS.get(version.level),
        "competencyRequired": [{name: value for name, value in skill.items() if value} for skill in skills],
        "recognizedBy": {"@type": "Organization", "@id": organisation.did, "name": organisation.name, "url": organisation.url},
        "validFor": f"P{version.validity_months}M" if version.validity_months else None,
        "timeRequired": f"PT{version.effort_minutes}M" if version.effort_minutes else None,
        "inLanguage": version.language,
        "about": list(version.subjects),
        "keywords": list(version.tags),
        "version": str(version.number),
        "image": version.image_url,
        "url": version.url,
    }
    text = json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)
    # A data block ends at the first "</script>", wherever that stands; escaped so, JSON says the same.
    return mark_safe(text.translate({ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}))  # noqa: S308


def _organisation(slug: str) -> Organisation:
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    return organisation


def _search(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]
