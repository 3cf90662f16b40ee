"""New versions, addresses and pictures of achievements, and who sees them."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, transaction
from tests.catalogue.kiln import draft
from tests.files.test_images import picture
from tests.world import World

from hexmark.access import ANONYMOUS, Access
from hexmark.catalogue.actions import (
    begin_version,
    create_achievement,
    discard_draft,
    publish_version,
    set_picture,
)
from hexmark.catalogue.art import drawing_of
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.catalogue.queries import awardable_versions, catalogue, public_version, published_versions
from hexmark.errors import Conflict, Invalid
from hexmark.files import store
from hexmark.files.images import clean_upload
from hexmark.organisations.assurance import Assurance
from hexmark.people.actions import grant_access
from hexmark.people.queries import actor_for

State = AchievementVersion.State


def test_a_new_version_begins_with_the_text_and_the_skills_of_the_latest(acme: World) -> None:
    first = draft(acme, tags=["safety"], level=3, validity_months=12, language="cy", assurance=Assurance.JUDGED)
    Alignment.objects.create(version=first, target_name="Kilns", target_url="https://skills.example/1", target_code="K1")
    Alignment.objects.create(version=first, target_name="Glazes", target_url="https://skills.example/2", target_framework="Crafts")
    publish_version(first, actor=acme.steward)
    second = begin_version(first.achievement, actor=acme.steward)
    same = ("name", "description", "criteria", "tags", "level", "validity_months", "language", "assurance", "image_png")
    assert {field: getattr(second, field) for field in same} == {field: getattr(first, field) for field in same}
    assert (second.number, second.state) == (2, State.DRAFT)
    copied = ("target_name", "target_url", "target_code", "target_framework")
    assert list(second.alignments.order_by("pk").values(*copied)) == list(first.alignments.order_by("pk").values(*copied))
    assert first.alignments.count() == 2


def test_changing_the_skills_of_a_draft_leaves_those_of_the_published_version(acme: World) -> None:
    first = acme.achievement()
    Alignment.objects.create(version=first, target_name="Kilns", target_url="https://skills.example/1")
    second = begin_version(first.achievement, actor=acme.steward)
    second.alignments.update(target_name="Other")
    assert first.alignments.get().target_name == "Kilns"


def test_what_is_checked_at_publication_is_what_was_saved_last(acme: World) -> None:
    as_the_page_knew_it = draft(acme)
    emptied = AchievementVersion.objects.get(pk=as_the_page_knew_it.pk)
    emptied.criteria = ""
    emptied.save()
    with pytest.raises(Invalid) as refused:
        publish_version(as_the_page_knew_it, actor=acme.steward)
    assert refused.value.field == "criteria"
    emptied.refresh_from_db()
    assert emptied.state == State.DRAFT


def test_there_is_one_draft_at_a_time(acme: World) -> None:
    version = acme.achievement()
    begin_version(version.achievement, actor=acme.steward)
    with pytest.raises(Conflict, match="open already"):
        begin_version(version.achievement, actor=acme.steward)
    with pytest.raises(IntegrityError), transaction.atomic():
        AchievementVersion.objects.create(achievement=version.achievement, number=3, name="Third")


def test_a_discarded_first_draft_takes_its_achievement_along(acme: World) -> None:
    version = draft(acme)
    discard_draft(version, actor=acme.steward)
    assert not Achievement.objects.exists()


def test_a_discarded_second_draft_leaves_the_first_version(acme: World) -> None:
    version = acme.achievement()
    discard_draft(begin_version(version.achievement, actor=acme.steward), actor=acme.steward)
    assert list(version.achievement.versions.all()) == [version]
    assert begin_version(version.achievement, actor=acme.steward).number == 2


# Addresses


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kiln Safety", "kiln-safety"),
        ("Séçurité!", "securite"),
        ("李小龍", "badge"),
        ("???", "badge"),
        ("x" * 200, "x" * 70),
        ("a" * 69 + " b", "a" * 69),
        ("New", "new-2"),
        ("../../etc", "etc"),
        ("Kiln%2FSafety", "kiln2fsafety"),
    ],
)
def test_an_address_is_made_from_the_name(name: str, slug: str, acme: World) -> None:
    assert create_achievement(acme.organisation, name=name, actor=acme.steward).achievement.slug.rstrip("-") == slug


def test_an_address_is_taken_once_on_this_host(acme: World, globex: World) -> None:
    worlds = (acme, globex, acme, globex)
    slugs = [create_achievement(world.organisation, name="Kiln Safety", actor=world.steward).achievement.slug for world in worlds]
    assert slugs == ["kiln-safety", "kiln-safety-2", "kiln-safety-3", "kiln-safety-4"]


def test_a_gap_in_the_addresses_is_no_trouble(acme: World) -> None:
    for slug in ("kiln-safety", "kiln-safety-3", "kiln-safety-plus"):
        Achievement.objects.create(organisation=acme.organisation, slug=slug)
    assert create_achievement(acme.organisation, name="Kiln Safety", actor=acme.steward).achievement.slug == "kiln-safety-2"


def test_a_name_without_letters_is_refused(acme: World) -> None:
    with pytest.raises(Invalid, match="name") as refused:
        create_achievement(acme.organisation, name=" \t", actor=acme.steward)
    assert refused.value.field == "name"


# Pictures


def test_without_an_upload_a_picture_is_drawn_at_publication(acme: World) -> None:
    version = draft(acme, image_png="")
    publish_version(version, actor=acme.steward)
    assert store.get(version.drawn_svg).startswith(b"<svg")
    assert store.get(version.image_png).startswith(b"\x89PNG")


def test_a_drawn_picture_follows_the_new_text_and_an_uploaded_one_is_kept(acme: World) -> None:
    drawn, uploaded = draft(acme, image_png=""), draft(acme, name="Glazes")
    for version in (drawn, uploaded):
        publish_version(version, actor=acme.steward)
    assert begin_version(drawn.achievement, actor=acme.steward).image_png == ""
    assert begin_version(uploaded.achievement, actor=acme.steward).image_png == uploaded.image_png


def test_an_uploaded_picture_is_stored_cleaned_under_its_hash(acme: World) -> None:
    version = draft(acme, image_png="", drawn_svg="")
    set_picture(version, picture=clean_upload(picture((800, 800), "JPEG")), actor=acme.steward)
    stored = store.get(version.image_png)
    assert stored.startswith(b"\x89PNG")
    assert hashlib.sha256(stored).hexdigest() == version.image_png


def test_a_picture_that_cannot_be_used_changes_nothing(acme: World) -> None:
    version = draft(acme)
    before = version.image_png
    with pytest.raises(Invalid, match="square"):
        set_picture(version, picture=clean_upload(picture((800, 400))), actor=acme.steward)
    version.refresh_from_db()
    assert version.image_png == before


@pytest.mark.parametrize("name", ["Kiln Safety", "李小龍", "<script>alert(1)</script>", "x" * 120, "🦄", "Sécurité & Co."])
def test_a_badge_can_be_drawn_for_whatever_name_can_be_published(name: str, acme: World) -> None:
    svg = drawing_of(draft(acme, name=name[:120]))
    assert svg.startswith("<svg")
    assert "<script" not in svg


# Who sees what


def test_members_see_what_is_published_and_editors_see_drafts_too(acme: World, globex: World) -> None:
    published, _hidden = acme.achievement(), draft(acme)
    globex.achievement("Theirs")
    assert [one.slug for one in catalogue(acme.steward)] == ["kiln-safety", "safety-champion"]
    assert [one.slug for one in catalogue(acme.member)] == ["safety-champion"]
    begin_version(published.achievement, actor=acme.steward)
    assert [one.slug for one in catalogue(acme.member)] == ["safety-champion"], "a second draft must not hide the first version"
    assert list(Achievement.objects.visible_to(ANONYMOUS)) == []


def test_who_may_award_is_offered_what_is_published(acme: World) -> None:
    version = acme.achievement()
    draft(acme)
    owner = acme.person("Olga Owner")
    grant_access(owner, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    assert awardable_versions(actor_for(owner)) == [version]
    assert awardable_versions(acme.member) == []


def test_the_world_reads_published_and_retired_versions_and_no_draft(acme: World) -> None:
    first = acme.achievement()
    second = begin_version(first.achievement, actor=acme.steward)
    assert public_version("safety-champion") == first
    assert public_version("safety-champion", 2) is None
    publish_version(second, actor=acme.steward)
    assert public_version("safety-champion") == second
    assert public_version("safety-champion", 1) == first
    assert published_versions(acme.organisation) == [second]
    assert public_version("nothing") is None
