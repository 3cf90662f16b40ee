"""Editing a draft: who may, what is kept, what is recorded, and that nothing published is touched."""

from __future__ import annotations

from typing import Any

import pytest
from tests.files.test_images import picture
from tests.world import World

from hexmark.access import ANONYMOUS, Access, Actor
from hexmark.catalogue.actions import create_achievement, draw_picture, edit_draft, publish_version, retire_version, set_picture
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.files.images import clean_upload
from hexmark.people.actions import grant_access
from hexmark.people.queries import actor_for

TEXT = {"name": "Kiln Safety", "description": "Fires a kiln safely.", "criteria": "Three firings under supervision.", "tags": ["kilns"]}


@pytest.fixture
def draft(acme: World) -> AchievementVersion:
    """A draft of acme's with a name and nothing more."""
    return create_achievement(acme.organisation, name="Kiln Safety", actor=acme.steward)


def edit(version: AchievementVersion, by: Actor, *alignments: Alignment, **text: Any) -> None:
    """The draft says this, and links to these skills."""
    edit_draft(version, text=text, alignments=alignments, actor=by)


def skill(name: str = "Kilns", **parts: str) -> Alignment:
    """One that was never saved."""
    return Alignment(target_name=name, target_url=f"https://skills.example/{name.lower()}", **parts)


def changes() -> list[Any]:
    """What the log says was changed, oldest first."""
    return list(Event.objects.filter(event_type="achievement.draft_changed").order_by("pk").values_list("data", flat=True))


def test_a_draft_says_what_was_given_and_the_change_is_recorded(acme: World, draft: AchievementVersion) -> None:
    edit(draft, acme.steward, skill(), **TEXT)
    kept = AchievementVersion.objects.get(pk=draft.pk)
    assert {name: getattr(kept, name) for name in TEXT} == TEXT == {name: getattr(draft, name) for name in TEXT}
    assert kept.alignments.get().target_name == "Kilns"
    assert changes() == [{"version": 1, "changed": ["criteria", "description", "tags", "alignments"]}]
    event = Event.objects.get(event_type="achievement.draft_changed")
    assert (event.actor_person_id, event.organisation_id) == (acme.steward.person_id, acme.organisation.pk)


def test_a_programme_owner_edits_a_draft(acme: World, draft: AchievementVersion) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    edit(draft, actor_for(acme.manager_person), description="Fires a kiln safely.")
    assert draft.description == "Fires a kiln safely."


def test_members_and_strangers_edit_nothing(acme: World, globex: World, draft: AchievementVersion) -> None:
    for actor in (acme.member, acme.manager, globex.steward, ANONYMOUS):
        with pytest.raises(NotPermitted):
            edit(draft, actor, skill(), **TEXT)
    kept = AchievementVersion.objects.get(pk=draft.pk)
    assert (kept.description, kept.alignments.count(), changes()) == ("", 0, [])


@pytest.mark.parametrize("retired", [False, True])
def test_what_was_published_cannot_be_edited(acme: World, retired: bool) -> None:
    as_the_form_knew_it = acme.achievement()
    if retired:
        retire_version(as_the_form_knew_it, actor=acme.steward)
    with pytest.raises(Conflict, match="never changes"):
        edit(as_the_form_knew_it, acme.steward, skill(), **TEXT)
    kept = AchievementVersion.objects.get(pk=as_the_form_knew_it.pk)
    assert (kept.name, kept.alignments.count(), changes()) == ("Safety Champion", 0, [])


def test_a_form_that_was_opened_before_the_publication_changes_nothing(acme: World, draft: AchievementVersion) -> None:
    edit(draft, acme.steward, **TEXT)
    stale = AchievementVersion.objects.get(pk=draft.pk)
    publish_version(draft, actor=acme.steward)
    with pytest.raises(Conflict, match="published meanwhile"):
        edit(stale, acme.steward, name="Renamed")
    assert AchievementVersion.objects.get(pk=draft.pk).name == "Kiln Safety"


def test_a_draft_keeps_a_name(acme: World, draft: AchievementVersion) -> None:
    with pytest.raises(Invalid) as refused:
        edit(draft, acme.steward, name=" ")
    assert refused.value.field == "name"


@pytest.mark.parametrize("name", ["state", "number", "kind", "image_png", "achievement_id"])
def test_only_the_text_is_edited(acme: World, draft: AchievementVersion, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        edit(draft, acme.steward, **{name: "published"})


def test_a_picture_that_somebody_else_set_meanwhile_is_kept(acme: World, draft: AchievementVersion) -> None:
    stale = AchievementVersion.objects.get(pk=draft.pk)
    set_picture(draft, picture=clean_upload(picture()), actor=acme.steward)
    edit(stale, acme.steward, **TEXT)
    assert stale.image_png == draft.image_png != ""


# Skills


def test_skills_are_added_changed_and_removed_as_given(acme: World, draft: AchievementVersion) -> None:
    edit(draft, acme.steward, skill("Kilns"), skill("Glazes"))
    kilns, glazes = draft.alignments.order_by("pk")
    glazes.target_code = "G1"
    edit(draft, acme.steward, glazes, skill("Clay"))
    assert list(draft.alignments.order_by("pk").values_list("target_name", "target_code")) == [("Glazes", "G1"), ("Clay", "")]
    assert glazes in draft.alignments.all()
    assert kilns not in draft.alignments.all()


def test_saving_the_same_again_records_nothing(acme: World, draft: AchievementVersion) -> None:
    edit(draft, acme.steward, skill(), **TEXT)
    edit(draft, acme.steward, *draft.alignments.all(), **TEXT)
    assert len(changes()) == 1


def test_a_skill_of_another_draft_is_refused_and_stays_there(acme: World, globex: World, draft: AchievementVersion) -> None:
    other = create_achievement(globex.organisation, name="Theirs", actor=globex.steward)
    edit(other, globex.steward, skill("Theirs"))
    taken = other.alignments.get()
    taken.target_name = "Stolen"
    with pytest.raises(Conflict):
        edit(draft, acme.steward, taken)
    assert other.alignments.get().target_name == "Theirs"


# Pictures


def test_an_uploaded_picture_and_its_removal_are_recorded(acme: World, draft: AchievementVersion) -> None:
    set_picture(draft, picture=clean_upload(picture()), actor=acme.steward)
    assert draft.image_png
    draw_picture(draft, actor=acme.steward)
    assert not draft.image_png
    assert changes() == [{"version": 1, "changed": ["picture"]}] * 2
