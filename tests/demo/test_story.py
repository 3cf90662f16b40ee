"""The demo's story is the same every time, and follows the rules of the product."""

from __future__ import annotations

from datetime import date

from hexmark.demo.casting import Figure, cast, names_in_order
from hexmark.demo.houses import HOUSES
from hexmark.demo.names import full_names
from hexmark.demo.settling import last_spring
from hexmark.demo.tale import Chapter, House
from hexmark.demo.telling import Sitting, sittings
from hexmark.people.models import Person

NAMED = "Amina Priya Tom Callum Ewa Moira Femi Jo Rana Sam Lin Bea".split()


def everybody(*, small: bool = False) -> dict[str, list[Figure]]:
    """Everybody by house."""
    names = names_in_order(HOUSES)
    return {house.slug: cast(house, names=names, small=small) for house in HOUSES}


def told(house: House, figures: list[Figure]) -> dict[tuple[str, bool], list[Sitting]]:
    """The decisions of each chapter of the house."""
    history: dict[str, dict[str, int]] = {}
    found = {}
    for chapter in house.chapters:
        theirs = sittings(chapter, figures, history, steward=steward_of(house, figures))
        found[chapter.name, chapter.is_next_version] = theirs
        for sitting in theirs:
            history.setdefault(chapter.name, {}).update(dict.fromkeys(sitting.earners, sitting.days_ago))
    return found


def steward_of(house: House, figures: list[Figure]) -> str:
    """The address of who awards."""
    return next(figure.email for figure in figures if figure.name == house.steward)


def all_told() -> list[tuple[House, Chapter, list[Sitting], dict[str, Figure]]]:
    """Every chapter with its decisions and the people of its house."""
    found = []
    for house, figures in zip(HOUSES, everybody().values(), strict=True):
        of_house = told(house, figures)
        by_email = {figure.email: figure for figure in figures}
        found += [(house, chapter, of_house[chapter.name, chapter.is_next_version], by_email) for chapter in house.chapters]
    return found


ALL_TOLD = all_told()


def test_every_demo_has_the_same_people_and_no_name_twice() -> None:
    names = full_names(1500)
    assert names == full_names(1500)
    assert len(set(names)) == 1500
    assert everybody() == everybody()


def test_four_organisations_have_some_1200_people() -> None:
    sizes = {slug: len(figures) for slug, figures in everybody().items()}
    assert sizes == {"hexham": 820, "care-register-north": 234, "three-rivers": 120, "reivers": 40}
    kinds = [figure.kind for figures in everybody().values() for figure in figures]
    assert set(kinds) <= set(Person.Kind.values)
    assert kinds.count("customer") == 180


def test_nobody_shares_an_address_or_an_employee_id_in_one_house() -> None:
    for figures in everybody().values():
        assert len({figure.email for figure in figures}) == len(figures)
        assert len({figure.employee_id for figure in figures}) == len(figures)


def test_everybody_whom_a_scenario_names_is_there_in_both_sizes() -> None:
    for small in (False, True):
        named = {figure.name.split()[0] for figures in everybody(small=small).values() for figure in figures if figure.persona}
        assert set(NAMED) <= named


def test_reporting_lines_end_at_a_head_and_never_run_in_a_circle() -> None:
    for figures in everybody().values():
        managers = {figure.email: figure.manager for figure in figures}
        for figure in figures:
            seen, above = {figure.email}, figure.manager
            while above:
                assert above not in seen
                seen.add(above)
                above = managers[above]


def test_each_team_has_one_lead() -> None:
    for figures in everybody().values():
        leads = [figure.team for figure in figures if figure.leads]
        assert len(leads) == len(set(leads)) == len({figure.team for figure in figures})


def test_nobody_earns_one_version_twice_nor_before_they_came() -> None:
    for _, chapter, decisions, people in ALL_TOLD:
        earners = [email for sitting in decisions for email in sitting.earners]
        assert len(earners) == len(set(earners)), chapter.name
        drawn = [(sitting.days_ago, people[email]) for sitting in decisions for email in sitting.earners]
        assert all(days_ago <= figure.started_days_ago for days_ago, figure in drawn), chapter.name


def test_nobody_awards_themselves() -> None:
    for house, _, decisions, people in ALL_TOLD:
        steward = next(email for email, figure in people.items() if figure.name == house.steward)
        assert not [sitting for sitting in decisions if steward in sitting.earners]


def test_whoever_needs_another_one_first_held_it_before() -> None:
    held: dict[tuple[str, str], dict[str, int]] = {}
    for house, chapter, decisions, people in ALL_TOLD:
        for sitting in decisions:
            for email in sitting.earners:
                if chapter.needs and people[email].persona is None:
                    assert held[house.slug, chapter.needs][email] > sitting.days_ago
                held.setdefault((house.slug, chapter.name), {})[email] = sitting.days_ago


def test_every_sitting_lies_in_the_past_and_the_oldest_comes_first() -> None:
    for _, _, decisions, _ in ALL_TOLD:
        days = [sitting.days_ago for sitting in decisions]
        assert days == sorted(days, reverse=True)
        assert all(day > 0 for day in days)


def test_the_story_goes_back_two_and_a_half_years() -> None:
    oldest = max(sitting.days_ago for _, chapter, decisions, _ in ALL_TOLD for sitting in decisions if not chapter.own)
    assert 800 <= oldest <= 1000


def test_a_whole_word_list_of_the_directory_is_filled() -> None:
    chapters = [chapter for _, chapter, _, _ in ALL_TOLD if chapter.ends == "published"]
    assert {chapter.assurance for chapter in chapters} >= {"A1", "A2", "A3", "A4"}
    assert {chapter.level for chapter in chapters} >= {0, 1, 2, 3, 4}
    assert {chapter.language for chapter in chapters} == {"en", "de", "cy"}
    assert all(chapter.subjects and chapter.roles for chapter in chapters)


def test_spring_is_the_last_one_that_is_over() -> None:
    assert last_spring(date(2026, 11, 23)) == date(2026, 3, 31)
    assert last_spring(date(2026, 3, 31)) == date(2025, 3, 31)
    assert last_spring(date(2026, 1, 1)) == date(2025, 3, 31)


def test_amina_has_four_of_the_seven_parts_and_callum_lapsed_three_weeks_ago() -> None:
    quantum = [chapter for _, chapter, _, _ in ALL_TOLD if "quantum" in chapter.tags]
    assert len(quantum) == 7
    assert sum(any(own.name == "Amina Hall" for own in chapter.own) for chapter in quantum) == 4
    [developer] = [
        own
        for _, chapter, _, _ in ALL_TOLD
        if chapter.name == "Test Systems Developer"
        for own in chapter.own
        if own.name == "Callum Marsh"
    ]
    assert 0 < developer.days_ago - 3 * 365 < 30
