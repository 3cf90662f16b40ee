"""The demo's story is the same every time, and follows the rules of the product."""

from __future__ import annotations

from hexmark.demo import story
from hexmark.demo.names import full_names


def test_every_demo_has_the_same_people_and_no_name_twice() -> None:
    names = full_names(1200)
    assert names == full_names(1200)
    assert len(set(names)) == 1200
    assert names[0] == "Amina Hall"


def test_the_story_is_large_enough_to_be_worth_looking_at() -> None:
    assert story.PEOPLE >= 120
    assert len(story.CHAPTERS) >= 8
    assert sum(chapter.earners for chapter in story.CHAPTERS) >= 300


def test_nobody_earns_a_chapter_twice() -> None:
    for chapter in story.CHAPTERS:
        earners = [place for sitting in story.sittings(chapter, people=story.PEOPLE) for place in sitting.earners]
        assert len(earners) == len(set(earners)) == chapter.earners
        assert all(0 <= place < story.PEOPLE for place in earners)


def test_as_many_credentials_are_issued_as_the_documentation_says() -> None:
    earners = [place for chapter in story.CHAPTERS for sitting in story.sittings(chapter, people=story.PEOPLE) for place in sitting.earners]
    # The steward signs the awards, so what was drawn for that place is passed over.
    assert len([place for place in earners if place != story.STEWARD]) == 344


def test_the_member_who_signs_in_has_badges_to_look_at() -> None:
    told = {chapter.name: story.sittings(chapter, people=story.PEOPLE) for chapter in story.CHAPTERS}
    hers = [name for name, sittings in told.items() if any(story.MEMBER in sitting.earners for sitting in sittings)]
    assert hers == ["PLC Basics", "Test Systems Associate", "Safety Champion", "Coaching", "Open Day Helper"]
    assert len({chapter.level for chapter in story.CHAPTERS if chapter.name in hers}) == 3


def test_every_sitting_lies_in_the_past_and_the_oldest_comes_first() -> None:
    for chapter in story.CHAPTERS:
        days = [sitting.days_ago for sitting in story.sittings(chapter, people=story.PEOPLE)]
        assert days == sorted(days, reverse=True)
        assert days[-1] > 0


def test_the_story_is_told_the_same_way_each_time() -> None:
    chapter = story.CHAPTERS[0]
    assert story.sittings(chapter, people=story.PEOPLE) == story.sittings(chapter, people=story.PEOPLE)


def test_no_credential_of_the_story_is_expired_today() -> None:
    for chapter in story.CHAPTERS:
        if chapter.validity_months is not None:
            assert chapter.days_back < chapter.validity_months * 30, chapter.name
