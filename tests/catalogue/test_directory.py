"""What the directory lists, finds and counts."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World, run_jobs

from hexmark.access import ANONYMOUS
from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.actions import begin_version, publish_version, retire_version, set_listed
from hexmark.catalogue.directory import entries_of, find, how_many, shown_earners
from hexmark.catalogue.facets import Group, Order, Selection, fold, search_text, selection_of, token, words_of
from hexmark.catalogue.labels import language_name
from hexmark.catalogue.listing import list_missing, rebuild
from hexmark.catalogue.models import Achievement, AchievementVersion, DirectoryEntry, DirectoryWord
from hexmark.errors import Conflict, NotPermitted
from hexmark.issuing.actions import revoke
from hexmark.issuing.earners import count_marked, uses_of
from hexmark.issuing.models import Credential
from hexmark.organisations.editing import edit_organisation


def names(selection: Selection) -> list[str]:
    """What is found, in order."""
    return [entry.version.name for entry in entries_of(find(selection).ids)]


def counted(selection: Selection, group: Group) -> dict[str, int]:
    """The counts of one group, by label."""
    return next({one.label: one.count for one in facet.values} for facet in find(selection).facets if facet.group is group)


def search(text: str, **chosen: str) -> Selection:
    """As an address would ask."""
    return selection_of({"q": [text]} | {name: [value] for name, value in chosen.items()})


def test_what_is_published_is_listed_at_once_and_what_is_retired_goes(acme: World) -> None:
    version = acme.achievement("Kiln Safety")
    assert names(Selection()) == ["Kiln Safety"]
    retire_version(version, actor=acme.steward)
    assert names(Selection()) == []
    entry = DirectoryEntry.objects.get()
    assert not entry.is_listed, "programs that read along learn that it went"
    assert entry.changed_at > version.published_at  # type: ignore[operator]


def test_a_draft_stands_in_no_directory_and_a_new_version_takes_the_place_of_the_old(acme: World) -> None:
    version = acme.achievement("Kiln Safety")
    draft = begin_version(version.achievement, actor=acme.steward)
    draft.name = "Kiln Mastery"
    draft.save()
    assert names(Selection()) == ["Kiln Safety"]
    publish_version(draft, actor=acme.steward)
    assert names(Selection()) == ["Kiln Mastery"]
    assert DirectoryEntry.objects.count() == 1


def test_what_an_organisation_does_not_list_is_not_there(acme: World) -> None:
    version = acme.achievement("Kiln Safety")
    set_listed(version.achievement, listed=False, actor=acme.steward)
    assert names(Selection()) == []
    with pytest.raises(Conflict):
        set_listed(version.achievement, listed=False, actor=acme.steward)
    set_listed(version.achievement, listed=True, actor=acme.steward)
    assert names(Selection()) == ["Kiln Safety"]


def test_members_and_strangers_list_nothing(acme: World, globex: World) -> None:
    achievement = acme.achievement("Kiln Safety").achievement
    for actor in (acme.member, globex.steward, ANONYMOUS):
        with pytest.raises(NotPermitted):
            set_listed(achievement, listed=False, actor=actor)
    assert names(Selection()) == ["Kiln Safety"]


@pytest.mark.parametrize("text", ["sécurité", "SECURITE", "securite", "se\u0301curite\u0301", "curit", "du acme", "ACME  DU"])
def test_case_accents_and_parts_of_words_do_not_matter(acme: World, text: str) -> None:
    acme.achievement("Sécurité du Four")
    acme.achievement("Kiln Safety")
    assert names(search(text)) == ["Sécurité du Four"]


def test_every_word_has_to_be_there_and_nothing_in_it_is_a_pattern(acme: World) -> None:
    acme.achievement("Kiln Safety", description="Fires at 100 %.", tags=["clay_work"])
    assert names(search("kiln clay_work 100")) == ["Kiln Safety"]
    for text in ("kiln glass", "k%n", "clay-work", "k_ln", "kiln'--", '"kiln'):
        assert names(search(text)) == [], text


@pytest.mark.parametrize("field", ["roles", "subjects", "tags"])
def test_roles_subjects_and_tags_are_found_too(acme: World, field: str) -> None:
    acme.achievement("Kiln Safety", **{field: ["Glaze Master"]})
    assert names(search("glaze")) == ["Kiln Safety"]


def test_one_spelling_stands_for_all_and_the_first_stays(acme: World) -> None:
    acme.achievement("One", roles=["Field engineer"])
    acme.achievement("Two", roles=["FIELD  Engineer", "field engineer"])
    assert counted(Selection(), Group.ROLE) == {"Field engineer": 2}
    assert DirectoryWord.objects.get().label == "Field engineer"


def test_each_count_is_what_choosing_the_value_gives(acme: World, globex: World) -> None:
    for number, (level, role, assurance) in enumerate(product((1, 3, 5), ("A", "B"), ("A1", "A3"))):
        owner = acme if number % 3 else globex
        owner.achievement(f"Thing {number}", level=level, roles=[role], assurance=assurance, effort_minutes=40 * (number + 1))
    for chosen in ({}, {"level": "3"}, {"level": "1,3", "role": "a"}, {"kind": "assessed", "issuer": "acme"}, {"effort": "1-4h"}):
        selection = search("thing", **chosen)
        for facet in find(selection).facets:
            for value in facet.values:
                alone = Selection("thing", {**selection.chosen, facet.group: (value.value,)})
                assert how_many(alone) == value.count, (chosen, facet.group, value)


def test_where_nothing_is_found_it_is_known_what_stands_in_the_way(acme: World) -> None:
    acme.achievement("Kiln Safety", level=2, subjects=["Crafts"])
    found = find(search("", level="4", subject="crafts"))
    assert (found.total, found.without[Group.LEVEL], found.without[Group.SUBJECT]) == (0, 1, 0)


def test_the_order_is_by_name_or_the_newest_first(acme: World) -> None:
    for name in ("Äpfel", "Birnen", "apricots"):
        acme.achievement(name)
    assert names(Selection()) == ["Äpfel", "apricots", "Birnen"]
    assert names(Selection(order=Order.NEWEST)) == ["apricots", "Birnen", "Äpfel"]


def test_a_renamed_issuer_is_found_by_its_new_name(acme: World) -> None:
    acme.achievement("Kiln Safety")
    edit_organisation(acme.organisation, text={"name": "Potters United"}, actor=acme.steward)
    run_jobs()
    assert names(search("potters")) == ["Kiln Safety"]
    assert names(search("acme")) == []


def test_the_sweep_finds_what_was_written_past_the_actions(acme: World) -> None:
    kept, gone = acme.achievement("Kiln Safety"), acme.achievement("Glazing")
    DirectoryEntry.objects.filter(version=kept).delete()
    Achievement.objects.filter(pk=gone.achievement_id).update(listed=False)
    assert list_missing() == 2
    assert names(Selection()) == ["Kiln Safety"]
    assert list_missing() == 0, "and then there is nothing more to do"


def test_rebuilding_changes_nothing_that_is_true_already(acme: World) -> None:
    acme.achievement("Kiln Safety", roles=["Potter"])
    before = list(DirectoryEntry.objects.values())
    assert rebuild() == 0
    assert list(DirectoryEntry.objects.values()) == before
    AchievementVersion.objects.update(roles=["Glazer"])
    assert rebuild() == 1


def test_earners_are_counted_and_said_from_five_on(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.person(f"Colleague {n}") for n in range(5)], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    count_marked()
    entry = DirectoryEntry.objects.get()
    assert (entry.earners, shown_earners(entry)) == (5, 5)
    credential = Credential.objects.filter(award__version=version).first()
    assert credential is not None
    revoke(credential, actor=acme.steward, reason="A mistake.")
    run_jobs()
    count_marked()
    entry.refresh_from_db()
    assert (entry.earners, shown_earners(entry)) == (4, None), "a small number tells who they are"
    assert uses_of(acme.organisation.pk)[version.achievement_id].holders == 4


def test_counting_earners_is_no_change_of_what_it_says(acme: World, version: AchievementVersion) -> None:
    before = DirectoryEntry.objects.get().changed_at
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    count_marked()
    assert DirectoryEntry.objects.get().changed_at == before


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "\n" not in token(Group.ROLE, text)
    assert "," not in token(Group.ROLE, text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_was_written_is_found_by_each_of_its_words(first: str, second: str) -> None:
    text = search_text([first, second])
    for word in (*words_of(first), *words_of(second)):
        assert word in text


@given(
    st.dictionaries(st.sampled_from([*(group.value for group in Group), "q", "sort", "page"]), st.lists(st.text(max_size=20), max_size=3))
)
def test_an_address_made_from_a_selection_asks_for_the_same(query: dict[str, list[str]]) -> None:
    selection = selection_of(query)
    again = selection_of({name: [value] for name, value in selection.parameters().items()})
    assert again == selection


def test_a_level_is_asked_for_by_number_or_by_word() -> None:
    for value in ("3", "intermediate", "Intermediate", "Level 3", " INTERMEDIATE "):
        assert selection_of({"level": [value]}).chosen == {Group.LEVEL: ("3",)}


@pytest.mark.parametrize(("code", "name"), [("en", "English"), ("de-AT", "German (AT)"), ("tlh", "tlh"), ("", "")])
def test_languages_have_names(code: str, name: str) -> None:
    assert language_name(code) == name


def test_long_ago_and_far_ahead_do_not_matter(acme: World) -> None:
    version = acme.achievement("Kiln Safety")
    AchievementVersion.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=40_000))
    rebuild()
    assert names(Selection(order=Order.NEWEST)) == ["Kiln Safety"]
