"""Showing an award elsewhere: the page with every way to do so, the card, the code to scan, the frame, and oEmbed for programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hexmark.access import ANONYMOUS
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import own_award_id
from hexmark.passport.audience import Audience
from hexmark.passport.queries import entry_of, is_for_everybody, is_holder, visible_credential
from hexmark.web import share_links
from hexmark.web.cards import card_png
from hexmark.web.headers import PRIVATE, asked_each_time, framed_anywhere, public_file, public_page
from hexmark.web.requests import Request
from hexmark.web.verifying import checked_at, report_on_own, strip_of

#: So long a card may still say what it said, in a picture that stands beside a link.
CARD_SECONDS = 300
SMALLEST_FRAME = 160
View = Callable[..., HttpResponse]


def of_visible_award(view: View) -> View:
    """The view is given the credential of the award; for whoever may not see it, it does not exist. Search engines keep nothing of it."""

    @wraps(view)
    def shown(request: Request, award_id: str, **named: object) -> HttpResponse:
        credential = visible_credential(award_id, actor=request.actor)
        if credential is None:
            raise Http404
        response = view(request, credential, **named)
        response.headers["X-Robots-Tag"] = "noindex"
        if not is_for_everybody(credential):
            response.headers["Cache-Control"] = PRIVATE
        return response

    return shown


@require_safe
@public_page(0)
@of_visible_award
def share(request: Request, credential: Credential) -> HttpResponse:
    """Every way to show this award elsewhere."""
    context = {
        "credential": credential,
        "award": credential.award,
        "version": credential.award.version,
        "issuer": credential.organisation,
        "is_holder": is_holder(credential, entry_of(credential), request.actor),
        "links": links_of(credential),
        "for_everybody": is_for_everybody(credential),
        "section": "award",
    }
    return render(request, "sharing/share.html", context)


def links_of(credential: Credential) -> dict[str, str]:
    """Addresses and snippets of one award, by name, for templates."""
    return {
        "profile": share_links.add_to_profile(credential),
        "post": share_links.post_about(credential),
        "mail": share_links.mail_about(credential),
        "picture": share_links.picture_link(credential),
        "markdown": share_links.markdown(credential),
        "signature": share_links.signature(credential),
        "frame": share_links.frame(credential),
        "oembed": share_links.oembed_url(credential),
    }


@require_safe
@of_visible_award
def card(request: Request, credential: Credential) -> HttpResponse:
    """The picture that stands for a link to the award: with its holder's name where the award is public, else without."""
    # It shows the verdict, which can change at any moment.
    return asked_each_time(request, public_file(card_png(credential, named=is_public(credential)), media_type="image/png"))


def is_public(credential: Credential) -> bool:
    """Whether its holder shows it to the whole world, and not only to whoever has the link."""
    entry = entry_of(credential)
    return entry is not None and entry.is_kept and entry.audience == Audience.PUBLIC


@require_safe
@of_visible_award
def code(request: Request, credential: Credential) -> HttpResponse:
    """The code to scan, which holds the award's address and nothing else."""
    return asked_each_time(request, public_file(share_links.code_svg(credential.url), media_type="image/svg+xml"))


@require_safe
@framed_anywhere
@public_page(0)
def embed(request: Request, award_id: str) -> HttpResponse:
    """A small page with the badge and its verdict, for a frame on any site. It shows what everybody may see, whoever looks."""
    credential = visible_credential(award_id, actor=ANONYMOUS)
    if credential is None:
        raise Http404
    context = {
        "credential": credential,
        "award": credential.award,
        "version": credential.award.version,
        "issuer": credential.organisation,
        "strip": strip_of(report_on_own(credential), issuer_name=credential.organisation.name),
        "checked_at": checked_at(),
    }
    response = render(request, "sharing/embed.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """How to embed an award of ours, as JSON (oEmbed 1.0, https://oembed.com); nothing is known of any other address."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": "Only JSON is offered."}, status=501)
    credential = _embeddable(request.GET.get("url", "")[:500])
    if credential is None:
        raise Http404
    width = _side(request.GET.get("maxwidth"), share_links.EMBED_WIDTH)
    height = _side(request.GET.get("maxheight"), share_links.EMBED_HEIGHT)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": credential.award.version.name,
        "provider_name": credential.organisation.name,
        "provider_url": settings.PUBLIC_URL,
        "html": share_links.frame(credential, width=width, height=height),
        "width": width,
        "height": height,
        "cache_age": CARD_SECONDS,
        "thumbnail_url": share_links.picture_url(credential, size=64),
        "thumbnail_width": 128,
        "thumbnail_height": 128,
    }
    response = JsonResponse(answer)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return asked_each_time(request, response)


def _embeddable(url: str) -> Credential | None:
    """The award whose page this address of ours is, where everybody may see it. Its files are no pages."""
    try:
        award_id = own_award_id(url) if re.fullmatch("/a/[a-z2-7]{26}", urlsplit(url).path) else None
    except ValueError:
        return None
    return visible_credential(award_id, actor=ANONYMOUS) if award_id else None


def _side(asked: str | None, usual: int) -> int:
    """The frame's side: the usual one, or the smaller one that was asked for."""
    if asked is None or not asked.isascii() or not asked.isdecimal():
        return usual
    return max(SMALLEST_FRAME, min(usual, int(asked[:6])))
