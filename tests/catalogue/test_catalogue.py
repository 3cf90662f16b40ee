"""Achievements: drafted, published, retired; and a published version never changes under those who hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from tests.catalogue.kiln import draft
from tests.files.test_images import picture
from tests.world import World

from hexmark.access import ANONYMOUS
from hexmark.catalogue.actions import (
    begin_version,
    create_achievement,
    discard_draft,
    draw_picture,
    publish_version,
    retire_version,
    set_picture,
)
from hexmark.catalogue.making import SLUG_TRIES
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.catalogue.queries import awardable_version, public_version
from hexmark.catalogue.rules import missing_for_publication
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.files.images import clean_upload
from hexmark.organisations.assurance import Assurance
from hexmark.web.forms.catalogue import VersionForm

State = AchievementVersion.State


# From draft to retired


def test_an_achievement_begins_as_a_draft_of_version_1(acme: World) -> None:
    version = create_achievement(acme.organisation, name="  Kiln Safety ", actor=acme.steward)
    assert (version.state, version.number, version.name) == (State.DRAFT, 1, "Kiln Safety")
    assert version.achievement.url == "https://badges.acme.example/b/kiln-safety"
    assert version.url == "https://badges.acme.example/b/kiln-safety/1"
    assert Event.objects.get(event_type="achievement.created").data == {"name": "Kiln Safety"}


@contextmanager
def rivals(globex: World, slugs: Iterable[str]) -> Iterator[None]:
    """Each time that addresses were looked up, somebody of another organisation takes the next of these before one is written."""
    left, looked = iter(slugs), False

    def between(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal looked
        if looked and sql.startswith("SAVEPOINT") and (slug := next(left, None)):
            looked = False
            Achievement.objects.create(organisation=globex.organisation, slug=slug)
        looked = looked or (sql.startswith("SELECT") and "LIKE" in sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        yield


def test_two_who_begin_a_badge_of_one_name_at_once_both_get_an_address(acme: World, globex: World) -> None:
    with rivals(globex, ["kiln-safety", "kiln-safety-2"]):
        version = create_achievement(acme.organisation, name="Kiln Safety", actor=acme.steward)
    assert version.achievement.slug == "kiln-safety-3"
    assert list(Achievement.objects.filter(organisation=acme.organisation)) == [version.achievement]


def test_who_never_finds_an_address_free_is_asked_to_try_again(acme: World, globex: World) -> None:
    taken = ["kiln-safety", *(f"kiln-safety-{n}" for n in range(2, SLUG_TRIES + 1))]
    with rivals(globex, taken), pytest.raises(Conflict, match="Try again"):
        create_achievement(acme.organisation, name="Kiln Safety", actor=acme.steward)
    assert not Achievement.objects.filter(organisation=acme.organisation).exists()


def test_a_draft_that_lacks_nothing_is_published(acme: World) -> None:
    version = draft(acme)
    publish_version(version, actor=acme.steward)
    assert version.state == State.PUBLISHED
    assert version.published_at is not None
    assert Event.objects.get(event_type="achievement.published").data == {"version": 1}


def test_a_new_version_retires_the_one_before(acme: World) -> None:
    first = acme.achievement()
    second = begin_version(first.achievement, actor=acme.steward)
    publish_version(second, actor=acme.steward)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.RETIRED, State.PUBLISHED)
    assert first.retired_at == second.published_at


def test_a_published_version_is_retired_and_stays_readable(acme: World) -> None:
    version = acme.achievement()
    retire_version(version, actor=acme.steward)
    assert awardable_version("safety-champion") is None
    assert public_version("safety-champion") == version
    with pytest.raises(Conflict, match="Only a published"):
        retire_version(version, actor=acme.steward)


def test_only_a_draft_is_published(acme: World) -> None:
    version = acme.achievement()
    with pytest.raises(Conflict, match="Only a draft"):
        publish_version(version, actor=acme.steward)
    retire_version(version, actor=acme.steward)
    with pytest.raises(Conflict, match="Only a draft"):
        publish_version(version, actor=acme.steward)


def test_publishing_twice_does_not_retire_what_was_just_published(acme: World) -> None:
    version = acme.achievement()
    with pytest.raises(Conflict):
        publish_version(version, actor=acme.steward)
    version.refresh_from_db()
    assert version.state == State.PUBLISHED


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ({"name": " "}, "name", "Give it a name"),
        ({"description": ""}, "description", "what it stands for"),
        ({"description": "\n "}, "description", "what it stands for"),
        ({"criteria": ""}, "criteria", "how to earn it"),
        ({"criteria": "Be good."}, "criteria", "how to earn it"),
        ({"criteria": " " * 50}, "criteria", "how to earn it"),
        ({"language": "de_AT"}, "language", "code such as"),
        ({"language": ""}, "language", "code such as"),
        ({"language": "en\n"}, "language", "code such as"),
        ({"name": "Kiln\x01Safety"}, "name", "hidden"),
        ({"name": "Kiln\u202eytefaS"}, "name", "hidden"),
        ({"name": "Kiln\ufffeSafety"}, "name", "hidden"),
        ({"name": "Kiln\nSafety"}, "name", "hidden"),
        ({"description": "Fires a kiln\uffff."}, "description", "hidden"),
        ({"criteria": "Three firings under supervision\u202e."}, "criteria", "hidden"),
        ({"tags": ["kilns", "safe\u200bty"]}, "tags", "hidden"),
    ],
)
def test_what_is_missing_or_could_not_be_signed_is_named_by_field(text: dict[str, Any], field: str, said: str, acme: World) -> None:
    version = draft(acme, **text)
    with pytest.raises(Invalid, match=said) as refused:
        publish_version(version, actor=acme.steward)
    assert refused.value.field == field
    version.refresh_from_db()
    assert version.state == State.DRAFT


@pytest.mark.parametrize(
    ("skill", "said"),
    [
        ({"target_url": "https://skills.example/{kiln}"}, "address of the skill"),
        ({"target_url": "https://skills.example/a|b"}, "address of the skill"),
        ({"target_url": "ftp://skills.example/kiln"}, "address of the skill"),
        ({"target_name": "Kilns\ufffe"}, "hidden"),
        ({"target_code": "K\u200b1"}, "hidden"),
        ({"target_framework": "Crafts\x07"}, "hidden"),
    ],
)
def test_a_skill_that_could_not_be_signed_is_refused_at_publication(skill: dict[str, str], said: str, acme: World) -> None:
    version = draft(acme)
    Alignment.objects.create(version=version, **({"target_name": "Kilns", "target_url": "https://skills.example/kiln"} | skill))
    with pytest.raises(Invalid, match=said):
        publish_version(version, actor=acme.steward)


@pytest.mark.parametrize("language", ["en", "cy", "de-AT", "zh-Hans-CN", "ast", "es-419", "EN-gb"])
def test_a_language_is_a_code(language: str, acme: World) -> None:
    assert missing_for_publication(draft(acme, language=language)) == {}


def test_lists_and_lines_in_the_criteria_hide_nothing(acme: World) -> None:
    version = draft(acme, criteria="1. Fire a kiln.\r\n2. Cool it.\n\n\t- *slowly*", description="قال\u200f: 李, é, 🦄")
    assert missing_for_publication(version) == {}


def test_members_and_strangers_change_nothing(acme: World, globex: World) -> None:
    version = draft(acme)
    for actor in (acme.member, globex.steward, ANONYMOUS):
        for act in (
            lambda by: create_achievement(acme.organisation, name="X", actor=by),
            lambda by: publish_version(version, actor=by),
            lambda by: retire_version(version, actor=by),
            lambda by: begin_version(version.achievement, actor=by),
            lambda by: set_picture(version, picture=clean_upload(picture()), actor=by),
            lambda by: draw_picture(version, actor=by),
            lambda by: discard_draft(version, actor=by),
        ):
            with pytest.raises(NotPermitted):
                act(actor)
    version.refresh_from_db()
    assert version.state == State.DRAFT


# What was published never changes


def test_a_form_that_was_opened_before_the_publication_does_not_write_over_it(acme: World) -> None:
    stale = draft(acme)
    publish_version(AchievementVersion.objects.get(pk=stale.pk), actor=acme.steward)
    form = VersionForm(
        {
            "name": "Kiln Safety",
            "description": "Something else entirely.",
            "criteria": "Nothing needs to be shown at all.",
            "assurance": "A1",
            "level": "0",
            "achievement_type": "Badge",
            "language": "en",
        },
        instance=stale,
    )
    assert form.is_valid(), form.errors
    with pytest.raises(Conflict, match="published meanwhile"):
        form.save()
    kept = AchievementVersion.objects.get(pk=stale.pk)
    assert (kept.state, kept.description) == (State.PUBLISHED, "Fires a kiln safely.")


@pytest.mark.parametrize("state", [State.PUBLISHED, State.RETIRED])
def test_neither_a_published_nor_a_retired_version_can_be_saved(state: str, acme: World) -> None:
    version = acme.achievement()
    AchievementVersion.objects.filter(pk=version.pk).update(state=state)
    version.criteria = "Nothing needs to be shown at all."
    with pytest.raises(Conflict):
        version.save()


def test_the_picture_of_a_published_version_cannot_be_changed(acme: World) -> None:
    version = acme.achievement()
    before = version.image_png
    with pytest.raises(Conflict, match="Only a draft"):
        set_picture(version, picture=clean_upload(picture((512, 512))), actor=acme.steward)
    with pytest.raises(Conflict, match="Only a draft"):
        draw_picture(version, actor=acme.steward)
    version.refresh_from_db()
    assert version.image_png == before


def test_a_published_version_cannot_be_discarded(acme: World) -> None:
    version = acme.achievement()
    with pytest.raises(Conflict, match="can be retired"):
        discard_draft(version, actor=acme.steward)


def test_a_change_of_the_organisations_rule_leaves_published_kinds_as_they_are(acme: World) -> None:
    version = draft(acme, assurance=Assurance.COMPLETED)
    publish_version(version, actor=acme.steward)
    acme.organisation.assessed_from = Assurance.COMPLETED
    acme.organisation.save()
    version.refresh_from_db()
    assert version.kind == AchievementVersion.Kind.UNASSESSED
