"""HX-1: the word is free. An organisation's three words stand wherever people read, and nothing that is signed knows of them."""

from __future__ import annotations

import re

import pytest
from tests.test_tenancy import (
    OF_A_THING,
    OF_THE_ORGANISATION,
    OWN,
    Things,
    things,  # noqa: F401
)
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.keys import signer
from hexmark.mail.models import Message
from hexmark.organisations.editing import edit_organisation

MONGOOSE = {
    "word_badge": "Mongolian Mongoose",
    "word_badge_plural": "Mongolian Mongooses",
    "word_unassessed": "Weasel",
    "word_unassessed_plural": "Weasels",
    "word_assessed": "Mongoose",
    "word_assessed_plural": "Mongooses",
}
#: Names of a role, a host, the standard, values of its list of types, and what programs may do by its code.
PROPER = re.compile(
    r"Badge administrators?|badges\.acme\.example|Open Badges?|“Badge”|(?<=Award )Badge(?= Bachelor)|"
    r"Quality assurance credential|Micro credential|OpenBadgeCredential|\bbadge:\w+|(?<=,)\"?Badge\"?(?=,)",
)
#: Their texts are no words: addresses of pictures and of people, and one's own.
NO_WORDS = re.compile(r"[^\s\"]*://[^\s\"]*|[^\s\"]+@[^\s\"]+|Acme Steward")
#: The log as a table holds the codes of events, for programs, and these never change.
CODES = {"administration_audit_csv"}
#: Every address that shows something to somebody of the organisation.
PAGES = sorted((OWN | OF_THE_ORGANISATION | OF_A_THING | {"directory", "verify"}) - CODES)
#: What a stranger reads of this organisation.
PUBLIC = ("directory", "achievement", "earners", "issuer", "register", "award")


@pytest.fixture
def renamed(acme: World, things: Things) -> Things:  # noqa: F811 (the fixture)
    """Acme's things, with words of its own."""
    edit_organisation(acme.organisation, text=MONGOOSE, actor=acme.steward)
    run_jobs()
    return things


def said(visitor: Visitor, address: str) -> str:
    """What a page or a table says, without proper names; nothing of what only takes forms, or is no text."""
    answer = visitor.get(address)
    media_type = answer.headers.get("Content-Type", "")
    if answer.status_code >= 400 or not media_type.startswith(("text/html", "text/csv")):
        return ""
    text = text_of(answer) if media_type.startswith("text/html") else answer.getvalue().decode("utf-8-sig")
    return NO_WORDS.sub("", PROPER.sub("", text))


def literal(text: str) -> list[str]:
    """Where the word stands that an organisation may not want, with what is around it."""
    return re.findall(r".{0,60}\b(?:badge|credential)s?\b.{0,40}", text, re.IGNORECASE)


@pytest.mark.parametrize("name", PAGES)
def test_HX_1_the_words_stand_on_every_page_and_export(renamed: Things, steward: Visitor, name: str) -> None:  # noqa: N802
    assert literal(said(steward, renamed.address(name, real=True))) == []


def test_HX_1_the_word_is_free(acme: World, credential: Credential, renamed: Things, steward: Visitor, visitor: Visitor) -> None:  # noqa: N802
    # Whoever reads of the organisation reads its words.
    for name in PUBLIC:
        assert literal(said(visitor, renamed.address(name, real=True))) == [], name
    page = said(visitor, renamed.address("achievement", real=True))
    assert "Weasel" in page
    assert "says “Mongoose” from “Evidence judged” on" in page
    assert "My Mongolian Mongooses" in said(steward, "/me")
    assert '"Weasel"' in said(steward, "/catalogue/export.csv")
    [entry] = visitor.get("/directory.json").json()["entries"]
    assert entry["word"] == "Weasel"

    # And what is signed is byte for byte what it was.
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    [(_, signed)] = signer.sign("credential", [credential.pk])
    assert signed.text == credential.document


def test_HX_1_the_words_stand_in_every_mail(acme: World, renamed: Things, version: AchievementVersion) -> None:  # noqa: N802
    Message.objects.all().delete()
    # Granted by the system, it is signed at once: to one with an account, to one without.
    award(version, to=[acme.person("Lin"), acme.steward_person], actor=acme.system)
    run_jobs()
    letters = list(Message.objects.all())
    assert letters
    for letter in letters:
        assert literal(NO_WORDS.sub("", PROPER.sub("", f"{letter.subject} {letter.text}"))) == []
    assert any("Weasel" in f"{letter.subject} {letter.text}" for letter in letters)


def test_HX_1_the_words_stand_where_a_picture_is_designed(acme: World, renamed: Things, steward: Visitor) -> None:  # noqa: N802
    draft = create_achievement(acme.organisation, name="Data Steward", actor=acme.steward)
    page = f"/catalogue/{draft.achievement.slug}"
    chosen = {"title": "Data Steward", "domain": "data", "metal": "", "body": "rays", "icon": "leaf"}
    answers = [steward.post(f"{page}/design", chosen, HTTP_HX_REQUEST="true"), steward.post(f"{page}/design", chosen | {"save": "1"})]
    assert [answer.status_code for answer in answers] == [200, 302]
    answers.append(steward.get(page))
    assert "It looks like this now." in text_of(answers[-1])
    AchievementVersion.objects.filter(pk=draft.pk).update(image_png="a" * 64, drawn_svg="")
    answers.append(steward.get(page))
    assert "in place of your picture" in text_of(answers[-1])
    for answer in answers:
        shown = answer.content.decode()
        assert literal(PROPER.sub("", text_of(answer) + " ".join(re.findall(r' alt="([^"]*)"', shown)))) == []
