"""What this installation serves to verifiers at its own addresses, from its own tables.

The site serves these, and verification of our own credentials reads them here instead of asking our own server over the network
(which would let anybody use it as a reflector).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

from hexmark.catalogue.models import AchievementVersion
from hexmark.files import store
from hexmark.files.images import svg_around
from hexmark.issuing.models import Credential, StatusList
from hexmark.net import origin_of
from hexmark.openbadges import strict_json
from hexmark.openbadges.baking import bake
from hexmark.openbadges.errors import Unreachable
from hexmark.organisations.identity import did_document
from hexmark.organisations.models import Organisation

_AWARD = re.compile(r"/a/([a-z2-7]{26})(?:\.[a-z]+)?")
_DID = re.compile(r"/o/([a-z0-9-]+)/did\.json")
_STATUS_LIST = re.compile(r"/o/([a-z0-9-]+)/status/([a-z]+)/([0-9]{1,9})")


def published_did_document(slug: str) -> bytes | None:
    """The organisation's DID document as bytes, or None where there is no such organisation."""
    organisation = Organisation.objects.filter(slug=slug).first()
    return strict_json.dump(did_document(organisation)) if organisation else None


def published_status_list(slug: str, purpose: str, number: int) -> bytes | None:
    """The signed list as bytes, or None where there is none."""
    lists = StatusList.objects.filter(organisation__slug=slug, purpose=purpose, register__number=number).exclude(document="")
    document = lists.values_list("document", flat=True).first()
    return document.encode() if document is not None else None


def own_document(url: str) -> bytes | None:
    """The document that we serve at this address, or None where the address is not ours or holds nothing for verifiers."""
    if not is_own_address(url):
        return None
    parts = urlsplit(url)
    if match := _DID.fullmatch(parts.path):
        return published_did_document(match[1])
    if match := _STATUS_LIST.fullmatch(parts.path):
        return published_status_list(match[1], match[2], int(match[3]))
    return None


def is_own_address(url: str) -> bool:
    """Whether the address is on this installation's host, however it is written."""
    # did:web always says https; the demo's own address is http. The host decides whose document it is.
    try:
        return _host(url) == _host(settings.PUBLIC_URL)
    except ValueError:
        # It is no address at all, such as one with half a bracket.
        return False


def _host(url: str) -> str:
    """Host and port in one spelling; what no request could be made to stays as it was written."""
    try:
        return origin_of(url.partition("#")[0]).partition("://")[2]
    except Unreachable:
        return urlsplit(url).netloc


def baked_png(credential: Credential) -> bytes:
    """The badge as a PNG that carries the credential."""
    return bake(store.get(credential.award.version.image_png), credential.document)


def baked_svg(credential: Credential) -> bytes:
    """The badge as an SVG that carries the credential."""
    return bake(_drawing(credential.award.version), credential.document)


def _drawing(version: AchievementVersion) -> bytes:
    if version.drawn_svg:
        return store.get(version.drawn_svg)
    return svg_around(store.get(version.image_png), title=version.name).encode()


def own_award_id(url: str) -> str | None:
    """The public id of the award whose page or file this address of ours is, or None."""
    match = _AWARD.fullmatch(urlsplit(url).path) if is_own_address(url) else None
    return match[1] if match else None
