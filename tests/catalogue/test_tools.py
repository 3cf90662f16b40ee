"""Effort in words, what changed between versions, what is wanting, duplicates, and the catalogue as a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World

from hexmark.access import ANONYMOUS
from hexmark.catalogue.actions import begin_version, duplicate_achievement, publish_version, retire_version
from hexmark.catalogue.differences import compared, differences
from hexmark.catalogue.effort import BANDS, band_of, effort_in_words, minutes_of
from hexmark.catalogue.health import Use, findings
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.catalogue.queries import newest_public_versions
from hexmark.catalogue.sheets import Outcome, PlannedRow, begin_drafts
from hexmark.errors import Invalid, NotPermitted

WHOLE = {
    "criteria": "Fire the kiln three times under supervision, and write down temperature and hold for each of the firings.",
    "evidence": "The three records.",
    "assessment": "The master potter reads them.",
    "assurance": "A3",
    "effort_minutes": 300,
    "roles": ["Potter"],
}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45 min", 45), ("2 h", 120), ("2h 30m", 150), ("1.5 hours", 90), ("1,5 h", 90), ("3 days", 1440), ("90 Minutes", 90), ("  ", None)],
)
def test_effort_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["90", "soon", "2 weeks", "h", "-5 min", "2 h and more", "0 min"])
def test_what_is_no_effort_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        minutes_of(text)


@given(st.integers(min_value=1, max_value=600_000))
def test_effort_written_is_read_as_the_same_and_lies_in_one_band(minutes: int) -> None:
    assert minutes_of(effort_in_words(minutes)) == minutes
    [band] = [one for one in BANDS if one.starts_at_minutes <= minutes < (one.ends_before_minutes or minutes + 1)]
    assert band_of(minutes) == band


def next_version(acme: World, version: AchievementVersion, **text: Any) -> AchievementVersion:
    """A draft that says this otherwise."""
    draft = begin_version(version.achievement, actor=acme.steward)
    for name, value in text.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def test_what_changed_is_said_word_by_word(acme: World) -> None:
    version = acme.achievement("Kiln Safety", criteria="Fire three times under supervision.")
    draft = next_version(acme, version, criteria="Fire five times under supervision.", level=2)
    Alignment.objects.create(version=draft, target_name="Kilns", target_url="https://skills.example/kilns")
    found = differences(version, draft)
    assert [one.label for one in found] == ["How to earn it", "Level", "Skills"]
    assert [(piece.text, piece.state) for piece in found[0].pieces] == [
        ("Fire ", "same"),
        ("three", "gone"),
        ("five", "new"),
        (" times under supervision.", "same"),
    ]
    assert differences(version, version) == []


@given(st.text(max_size=120), st.text(max_size=120))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    pieces = compared(old, new)
    assert "".join(one.text for one in pieces if one.state != "new") == old
    assert "".join(one.text for one in pieces if one.state != "gone") == new


def wanting(acme: World, uses: dict[int, Use] | None = None) -> dict[str, list[str]]:
    """What each check finds at acme."""
    found = findings(newest_public_versions(acme.steward), uses=uses or {}, now=timezone.now())
    return {one.check.code: [version.name for version in one.versions] for one in found if one.versions}


def test_what_is_whole_wants_nothing(acme: World) -> None:
    version = acme.achievement("Kiln Safety", **WHOLE)
    Alignment.objects.create(version=version, target_name="Kilns", target_url="https://skills.example/kilns")
    assert wanting(acme) == {}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("criteria", {"criteria": "Fire the kiln three times."}),
        ("evidence", {"evidence": " "}),
        ("assessment", {"assessment": ""}),
        ("effort", {"effort_minutes": None}),
        ("finding", {"roles": [], "subjects": []}),
    ],
)
def test_each_thing_that_is_wanting_is_found(acme: World, code: str, text: dict[str, Any]) -> None:
    version = acme.achievement("Kiln Safety", **WHOLE | text)
    Alignment.objects.create(version=version, target_name="Kilns", target_url="https://skills.example/kilns")
    assert wanting(acme) == {code: ["Kiln Safety"]}


def test_what_nobody_judges_needs_no_evidence(acme: World) -> None:
    acme.achievement("Kiln Safety", **WHOLE | {"assurance": "A2", "evidence": "", "assessment": ""})
    assert set(wanting(acme)) == {"skill"}


def test_what_lies_unused_or_unread_for_long_is_found(acme: World) -> None:
    version = acme.achievement("Kiln Safety", **WHOLE | {"validity_months": 12})
    long_ago = timezone.now() - timedelta(days=500)
    Achievement.objects.update(created_at=long_ago)
    AchievementVersion.objects.update(published_at=long_ago)
    assert set(wanting(acme)) == {"skill", "stale", "unused"}
    recently = Use(last_earned_at=timezone.now() - timedelta(days=3), holders=1)
    assert set(wanting(acme, {version.achievement_id: recently})) == {"skill", "stale"}


def test_what_is_retired_is_named_while_somebody_holds_it(acme: World) -> None:
    version = acme.achievement("Kiln Safety", **WHOLE)
    retire_version(version, actor=acme.steward)
    assert wanting(acme) == {}
    assert wanting(acme, {version.achievement_id: Use(holders=3)}) == {"retired": ["Kiln Safety"]}


def test_a_duplicate_is_a_draft_of_something_new(acme: World) -> None:
    version = acme.achievement("Kiln Safety", **WHOLE)
    Alignment.objects.create(version=version, target_name="Kilns", target_url="https://skills.example/kilns")
    copy = duplicate_achievement(version, actor=acme.steward)
    assert (copy.name, copy.number, copy.state) == ("Kiln Safety (copy)", 1, AchievementVersion.State.DRAFT)
    assert copy.achievement.slug == "kiln-safety-copy"
    assert (copy.criteria, copy.effort_minutes, copy.alignments.get().target_name) == (version.criteria, 300, "Kilns")
    publish_version(copy, actor=acme.steward)
    assert AchievementVersion.objects.filter(state=AchievementVersion.State.PUBLISHED).count() == 2


def test_members_and_strangers_copy_nothing(acme: World, globex: World) -> None:
    version = acme.achievement("Kiln Safety")
    for actor in (acme.member, globex.steward, ANONYMOUS):
        with pytest.raises(NotPermitted):
            duplicate_achievement(version, actor=actor)
        with pytest.raises(NotPermitted):
            begin_drafts(acme.organisation, [PlannedRow(2, "Glazing", Outcome.NEW)], actor=actor)
    assert Achievement.objects.count() == 1


def test_a_list_begun_twice_begins_nothing_twice(acme: World) -> None:
    rows = [PlannedRow(2, "Glazing", Outcome.NEW, text={"name": "Glazing", "level": 2}), PlannedRow(3, "", Outcome.WRONG, "No name.")]
    assert [row.outcome for row in begin_drafts(acme.organisation, rows, actor=acme.steward)] == [Outcome.NEW, Outcome.WRONG]
    assert [row.outcome for row in begin_drafts(acme.organisation, rows, actor=acme.steward)] == [Outcome.EXISTS, Outcome.WRONG]
    assert AchievementVersion.objects.get().level == 2
