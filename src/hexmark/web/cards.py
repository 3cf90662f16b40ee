"""Pictures and documents of one award that are made once and kept by what they are made from: its card and its certificate."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple

from django.utils import timezone
from django.utils.formats import date_format

from hexmark.catalogue import art
from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.pictures import picture
from hexmark.files import pdf
from hexmark.files.derived import made
from hexmark.files.images import rasterise
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired
from hexmark.pressout import Card, card
from hexmark.pressout.card import HEIGHT, WIDTH
from hexmark.pressout.full import metal_of
from hexmark.pressout.materials import METAL_OF_LEVEL, METALS
from hexmark.web.share_links import code_svg

#: Part of what a card is known by: raised with every change that shows.
CARD_LAYOUT = 1


def card_png(credential: Credential, *, named: bool) -> bytes:
    """The picture that stands for a link to the award. Only a public one names its holder: others keep such pictures for ever."""
    version = credential.award.version
    verdict, good = _verdict(credential)
    words = Card(
        title=version.name,
        issuer=credential.organisation.name,
        owner=credential.award.person.name if named else "",
        verdict=verdict,
        good=good,
        metal=metal_name(version),
    )
    return made("card", CARD_LAYOUT, version.drawn_svg, version.image_png, *astuple(words), make=lambda: _drawn(words, version))


def _drawn(words: Card, version: AchievementVersion) -> bytes:
    return rasterise(card(words, picture(version, size=512, form="png")), side=WIDTH, height=HEIGHT)


def _verdict(credential: Credential) -> tuple[str, bool]:
    if credential.revoked_at:
        return "Revoked by issuer", False
    if credential.paused_at:
        return "Paused by issuer", False
    if is_expired(credential.valid_until, timezone.now()):
        return "Expired", False
    return f"Verified {credential.award.version.word}", True


def metal_name(version: AchievementVersion) -> str:
    """The metal of the version's picture; for one that somebody uploaded, the level's."""
    if version.drawn_svg and version.art:
        return metal_of(art.recipe_of(version))
    return METAL_OF_LEVEL.get(version.level, "steel")


def certificate_pdf(credential: Credential) -> bytes:
    """The award's certificate. It says what was awarded, when and until when, and how to check whether it still holds.

    Raises:
        NotConfigured: a name is in letters for which there is no font here.
    """
    data = _certificate(credential)
    source = credential.award.version.drawn_svg or credential.award.version.image_png
    facts = hashlib.sha256(json.dumps([source, *astuple(data)], default=str).encode()).hexdigest()
    return made("certificate", pdf.LAYOUT, facts, make=lambda: _typeset(credential, data))


def _typeset(credential: Credential, data: pdf.Certificate) -> bytes:
    badge = picture(credential.award.version, size=512, density=2, form="png")
    return pdf.certificate(data, badge_png=badge, code_svg=code_svg(credential.url))


def _certificate(credential: Credential) -> pdf.Certificate:
    version, issuer = credential.award.version, credential.organisation
    awarded = credential.award.awarded_at.astimezone(issuer.zone).date()
    until = credential.valid_until.astimezone(issuer.zone).date() if credential.valid_until else None
    facts = [("Awarded", date_format(awarded, "j F Y")), ("Valid until", date_format(until, "j F Y") if until else "No end")]
    facts.append(("Shown by", version.get_assurance_display()))
    if version.level:
        facts.append(("Level", f"{version.level} of 5"))
    level = f", level {version.level} of 5" if version.level else ""
    return pdf.Certificate(
        title=version.name,
        name=credential.award.person.name,
        issuer=issuer.name,
        description=version.description,
        facts=tuple(facts),
        awarded_on=awarded,
        url=credential.url,
        language=version.language,
        picture=f"{version.name}{level}",
        metal=METALS[metal_name(version)],
        check=f"Check this {version.word}",
        note="Scan the code or open the address to see whether it still holds. It is signed as an Open Badges 3.0 file: "
        "anyone can verify it, without an account.",
    )
