"""What managers and leads see of their people: what is held, what ends, who holds nothing yet, and nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.files.tables import read_table
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.coverage import State, coverage_of
from hexmark.issuing.models import Credential
from hexmark.people.models import Person
from hexmark.people.records import leave, set_manager
from hexmark.web.charts import bars

MOST_QUERIES = 20


def given(world: World, version: AchievementVersion, *people: Person) -> None:
    """These people hold it, signed."""
    release_now(award(version, to=people, actor=world.steward).run, actor=world.steward)
    run_jobs()


def ends(person: Person, days: int) -> None:
    """What the person holds ends in so many days."""
    Credential.objects.filter(award__person=person).update(valid_until=timezone.now() + timedelta(days=days))


@pytest.fixture
def line(acme: World, version: AchievementVersion) -> dict[str, Person]:
    """The manager with the member and four more: one whose badge expired, one whose ends soon, one paused, one with nothing."""
    people = {"member": acme.member_person}
    for name in ("Expired", "Ending", "Paused", "Nothing"):
        people[name.lower()] = acme.person(f"{name} Person")
        set_manager(people[name.lower()], manager=acme.manager_person, actor=acme.steward)
    given(acme, version, *(person for name, person in people.items() if name != "nothing"))
    ends(people["expired"], -3)
    ends(people["ending"], 20)
    pause(Credential.objects.get(award__person=people["paused"]), actor=acme.steward, reason="A question")
    given(acme, acme.achievement("Secret Of Others"), acme.person("Beside Them"))
    return people


def test_attention_comes_first_and_the_figures_are_true(acme: World, line: dict[str, Person]) -> None:
    page = text_of(Visitor(acme.manager_person).get("/team"))
    for words in ("2 of 5 hold at least one badge", "1 end within 30 days", "1 end within 90 days", "3 hold nothing now"):
        assert words in page
    order = [
        page.index(words) for words in ("Expired Person : Safety Champion", "Paused Person : Safety", "Ending Person : Safety Champion")
    ]
    assert order == sorted(order)
    assert page.index("Needs attention") < page.index("What is held") < page.rindex("Nothing Person")
    assert "2 of 5" in page
    assert "Beside Them" not in page
    assert "Secret Of Others" not in page


def test_the_chart_has_a_table_with_the_same_figures_beside_it(acme: World, line: dict[str, Person]) -> None:
    content = Visitor(acme.manager_person).get("/team").content.decode()
    assert '<svg class="bars"' in content
    assert "style=" not in content.partition('<svg class="bars"')[2].partition("</svg>")[0]
    assert '<th scope="row">Safety Champion</th><td class="number">2</td>' in content


def test_the_matrix_says_in_words_what_its_signs_mean(acme: World, line: dict[str, Person]) -> None:
    page = text_of(Visitor(acme.manager_person).get("/team/matrix"))
    row = page[page.index("Ending Person") :]
    assert row.startswith("Ending Person Expires ")
    assert "Expired Person Expired " in page
    assert "Paused Person Paused by issuer" in page
    assert "Nothing Person Not held" in page
    assert "Acme Member Held" in page


def test_both_lists_come_as_csv_in_the_organisations_words(acme: World, line: dict[str, Person]) -> None:
    acme.organisation.word_badge = "micro-credential"
    acme.organisation.save()
    manager = Visitor(acme.manager_person)
    rows = read_table(b"".join(manager.get("/team/export.csv").streaming_content), file_name="x")  # type: ignore[attr-defined]
    states = {row.values["name"]: (row.values["micro-credential"], row.values["state"]) for row in rows.rows}
    assert states == {
        "Acme Member": ("Safety Champion", "valid"),
        "Ending Person": ("Safety Champion", "expiring"),
        "Expired Person": ("Safety Champion", "expired"),
        "Nothing Person": ("", ""),
        "Paused Person": ("Safety Champion", "paused"),
    }
    matrix = read_table(b"".join(manager.get("/team/matrix.csv").streaming_content), file_name="x")  # type: ignore[attr-defined]
    assert matrix.columns == ("employee_id", "name", "safety_champion")
    assert [row.values["safety_champion"].split(" ")[0] for row in matrix.rows] == ["Held", "Expires", "Expired", "", "Paused"]


@pytest.mark.parametrize("address", ["/team", "/team/export.csv", "/team/matrix", "/team/matrix.csv"])
def test_nobody_who_manages_nobody_finds_a_team(acme: World, member: Visitor, stranger: Visitor, address: str) -> None:
    assert member.get(address).status_code == 404
    assert stranger.get(address).status_code == 404
    set_manager(acme.member_person, manager=None, actor=acme.steward)
    assert Visitor(acme.manager_person).get(address).status_code == 404


def test_who_left_and_what_was_revoked_do_not_count(acme: World, line: dict[str, Person]) -> None:
    leave(line["ending"], actor=acme.steward)
    revoke(Credential.objects.get(award__person=line["member"]), actor=acme.steward, reason="A mistake")
    page = text_of(Visitor(acme.manager_person).get("/team"))
    assert "0 of 4 hold at least one badge" in page
    assert "Ending Person" not in page


def test_of_two_credentials_of_one_achievement_the_better_counts(acme: World, version: AchievementVersion) -> None:
    given(acme, version, acme.member_person)
    old = Credential.objects.get()
    Credential.objects.update(valid_until=timezone.now() - timedelta(days=1))
    old.award.closed_at = timezone.now()
    old.award.save()
    given(acme, version, acme.member_person)
    covered = coverage_of(acme.manager, [acme.member_person])
    assert [one.state for one in covered.of(acme.member_person)] == [State.VALID]
    assert covered.attention() == []


def test_an_empty_line_says_so(acme: World) -> None:
    covered = coverage_of(acme.manager, [])
    assert (covered.holders(), covered.without(), covered.expiring(90)) == ([], [], [])
    assert bars([], most=0).bars == []


def test_a_team_of_fifty_costs_at_most_twenty_queries(acme: World, version: AchievementVersion) -> None:
    people = [acme.person(f"Colleague {number:02}") for number in range(49)]
    Person.objects.filter(pk__in=[person.pk for person in people]).update(manager=acme.manager_person)
    for number in range(4):
        given(acme, version if number == 0 else acme.achievement(f"Subject {number}"), *people[number * 5 :])
    manager = Visitor(acme.manager_person)
    counts = {}
    for address in ("/team", "/team/matrix", f"/people/{people[-1].public_id}"):
        manager.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address).status_code == 200
        counts[address] = len(queries)
    assert max(counts.values()) <= MOST_QUERIES, counts
