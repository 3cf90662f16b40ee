"""The other pages for everybody: the front, an achievement, an issuer, and what else answers without an account."""

from __future__ import annotations

import json

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.actions import begin_version, create_achievement, publish_version, retire_version
from hexmark.catalogue.models import AchievementVersion


def test_the_front_page_leads_to_verifying_and_signing_in(acme: World, visitor: Visitor) -> None:
    page = text_of(visitor.get("/"))
    assert "Open Badges that mean something, and that anybody can verify" in page
    assert "hexmark init" not in page


def test_an_achievement_says_what_it_takes(acme: World, visitor: Visitor) -> None:
    acme.achievement("Data Steward", assurance="A3", level=4, validity_months=24)
    page = text_of(visitor.get("/b/data-steward"))
    for words in ("Data Steward", "Lead four toolbox talks", "Evidence judged", "Level 4 of 5", "24 months", "Awarded by Acme"):
        assert words in page


def test_drafts_are_not_public(acme: World, visitor: Visitor, steward: Visitor) -> None:
    create_achievement(acme.organisation, name="Secret Plan", actor=acme.steward)
    for who in (visitor, steward):
        assert who.get("/b/secret-plan").status_code == 404
        assert who.get("/b/secret-plan/1").status_code == 404
        assert who.get("/b/secret-plan/1/image").status_code == 404
        assert "Secret Plan" not in text_of(who.get("/o/acme"))


def test_an_older_version_keeps_its_page_and_leads_to_the_newer(acme: World, version: AchievementVersion, visitor: Visitor) -> None:
    draft = begin_version(version.achievement, actor=acme.steward)
    AchievementVersion.objects.filter(pk=draft.pk).update(criteria="Lead six toolbox talks and close three reports.")
    draft.refresh_from_db()
    publish_version(draft, actor=acme.steward)
    old = text_of(visitor.get("/b/safety-champion/1"))
    assert "No longer awarded" in old
    assert "See version 2" in old
    assert "Lead four toolbox talks" in old
    assert "Lead six toolbox talks" in text_of(visitor.get("/b/safety-champion"))


def test_a_retired_achievement_says_so_and_promises_no_newer_one(acme: World, version: AchievementVersion, visitor: Visitor) -> None:
    retire_version(version, actor=acme.steward)
    page = text_of(visitor.get("/b/safety-champion"))
    assert "No longer awarded" in page
    assert "See version" not in page


def test_an_issuer_shows_its_identity_and_what_it_awards(acme: World, version: AchievementVersion, visitor: Visitor) -> None:
    response = visitor.get("/o/acme")
    assert "did:web:badges.acme.example:o:acme" in text_of(response)
    assert "Safety Champion" in text_of(response)


def test_an_issuer_that_awards_nothing_yet_says_so(acme: World, visitor: Visitor) -> None:
    assert "Nothing published yet" in text_of(visitor.get("/o/acme"))


@pytest.mark.parametrize("address", ["/b/nothing", "/o/nobody", "/o/nobody/did.json", "/b/nothing/1/image", "/o/acme/status/revocation/9"])
def test_what_is_not_there_is_a_404(acme: World, visitor: Visitor, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 404
    assert "Nothing here" in text_of(response)


def test_keys_and_status_lists_are_served_to_any_site(credential: object, visitor: Visitor) -> None:
    did = visitor.get("/o/acme/did.json")
    assert did.headers["Content-Type"] == "application/did+json"
    assert json.loads(did.content)["id"] == "did:web:badges.acme.example:o:acme"
    status = visitor.get("/o/acme/status/revocation/1")
    assert status.headers["Content-Type"] == "application/vc"
    assert status.headers["Cache-Control"] == "public, max-age=60"
    for response in (did, status):
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_health_page_answers_programs(db: None, visitor: Visitor) -> None:
    assert json.loads(visitor.get("/healthz").content) == {"status": "ok"}


def test_the_style_guide_shows_itself(db: None, visitor: Visitor) -> None:
    assert visitor.get("/styleguide").status_code == 200


def test_long_names_break_instead_of_vanishing(acme: World, visitor: Visitor) -> None:
    name = "Ausbildereignungsprüfungsvorbereitungskursleiterschein" * 2
    acme.achievement(name)
    assert name in text_of(visitor.get("/o/acme"))
