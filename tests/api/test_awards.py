"""Awarding by the API, what was awarded, and what its issuer says of it later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.api.programs import Program, problem, read
from tests.world import World, run_jobs

from hexmark.access import Scope
from hexmark.awarding.actions import award
from hexmark.awarding.models import Award, AwardRun
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.people.models import Person

pytestmark = pytest.mark.usefixtures("version")


def to(*earners: dict[str, str]) -> dict[str, object]:
    """An award of the usual achievement."""
    return {"achievement": "safety-champion", "to": list(earners)}


def test_an_award_by_a_program_is_signed_at_once(full: Program, acme: World) -> None:
    answer = full.call("POST", "/awards", to({"email": "MEMBER@acme.example"}) | {"narrative": "Led four talks."})
    made = read(answer, 201)
    [awarded] = made["awards"]
    assert answer.headers["Location"] == f"/api/v1/runs/{made['run']['id']}"
    assert (awarded["state"], awarded["person"]["name"], made["run"]["narrative"]) == ("signing", "Acme Member", "Led four talks.")
    assert made["run"]["awarded_by"].startswith("Test (hxm_")
    run_jobs()
    later = read(full.call("GET", f"/awards/{awarded['id']}"))
    assert (later["state"], later["credential"]["id"]) == ("valid", f"https://badges.acme.example/a/{awarded['id']}")
    assert read(full.call("GET", f"/runs/{made['run']['id']}"))["signed"] == 1


def test_people_are_named_by_id_address_or_employee_id(full: Program, acme: World) -> None:
    Person.objects.filter(pk=acme.manager_person.pk).update(employee_id="0042")
    someone = acme.person("Some One")
    earners = [{"person": acme.member_person.public_id}, {"employee_id": "0042"}, {"email": someone.email}]
    made = read(full.call("POST", "/awards", to(*earners)), 201)
    assert [one["person"]["name"] for one in made["awards"]] == ["Acme Member", "Acme Manager", "Some One"]


def test_somebody_unknown_is_added_under_the_name_that_is_given(full: Program, program: Callable[..., Program]) -> None:
    new = {"email": "new@else.example", "name": "New Person"}
    answer = program(Scope.BADGE_AWARD).call("POST", "/awards", to(new))
    assert "edit people" in problem(answer, 403, "not-permitted")["detail"]
    assert not Person.objects.filter(email="new@else.example").exists()
    made = read(full.call("POST", "/awards", to(new, new)), 201)
    assert [one["person"]["name"] for one in made["awards"]] == ["New Person"]


def test_everybody_who_is_not_known_is_pointed_at_and_nobody_is_awarded(full: Program, acme: World, globex: World) -> None:
    earners = [
        {"email": "member@acme.example"},
        {"email": "nobody@acme.example"},
        {"person": globex.member_person.public_id},
        {"person": "a" * 26},
        {"employee_id": "nope"},
    ]
    said = problem(full.call("POST", "/awards", to(*earners)), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == ["/to/1", "/to/2", "/to/3", "/to/4"]
    assert said["errors"][1]["detail"] == said["errors"][2]["detail"]
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    "earner", [{}, {"email": "a@b.example", "person": "a" * 26}, {"person": "a" * 26, "name": "X"}, {"email": None}, {"id": "1"}]
)
def test_a_person_who_is_not_named_in_exactly_one_way_is_pointed_at(full: Program, earner: dict[str, str]) -> None:
    [error] = problem(full.call("POST", "/awards", to({"email": "member@acme.example"}, earner)), 422, "invalid")["errors"]
    assert error["pointer"].startswith("/to/1")


def test_what_cannot_be_awarded_is_said_in_the_same_words_whatever_it_is(full: Program, globex: World) -> None:
    globex.achievement("Theirs")
    answers = []
    for slug in ("theirs", "never-was"):
        answers.append(full.call("POST", "/awards", to({"email": "member@acme.example"}) | {"achievement": slug}))
        problem(answers[-1], 422, "invalid")
    assert answers[0].content == answers[1].content


def test_nobody_awards_themselves_through_a_key_of_theirs(full: Program, acme: World) -> None:
    answer = full.call("POST", "/awards", to({"email": "steward@acme.example"}))
    assert "award themselves" in problem(answer, 403, "not-permitted")["detail"]
    assert not Award.objects.exists()


def test_who_holds_it_already_is_passed_over_and_named(full: Program) -> None:
    read(full.call("POST", "/awards", to({"email": "member@acme.example"})), 201)
    again = read(full.call("POST", "/awards", to({"email": "member@acme.example"}, {"email": "manager@acme.example"})), 201)
    assert [one["name"] for one in again["already_held_by"]] == ["Acme Member"]
    problem(full.call("POST", "/awards", to({"email": "member@acme.example"})), 422, "invalid")


def test_a_thousand_are_awarded_in_one_call_and_no_more(
    full: Program, acme: World, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    new = [Person(organisation=acme.organisation, name=f"P {n}", email=f"p{n}@acme.example") for n in range(1000)]
    people = Person.objects.bulk_create(new)
    earners = [{"person": person.public_id} for person in people]
    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
        assert len(read(full.call("POST", "/awards", to(*earners)), 201)["awards"]) == 1000
    [error] = problem(full.call("POST", "/awards", to(*earners, {"email": "member@acme.example"})), 422, "invalid")["errors"]
    assert error["pointer"] == "/to"


def test_an_earlier_decision_keeps_its_date_and_a_later_one_is_refused(full: Program) -> None:
    earlier = {"decided_at": "2026-01-31T12:00:00+02:00"}
    made = read(full.call("POST", "/awards", to({"email": "member@acme.example"}) | earlier), 201)
    assert made["run"]["awarded_at"] == "2026-01-31T10:00:00.000Z"
    future = {"decided_at": (timezone.now() + timedelta(days=1)).isoformat(timespec="seconds")}
    [error] = problem(full.call("POST", "/awards", to({"email": "manager@acme.example"}) | future), 422, "invalid")["errors"]
    assert error["pointer"] == "/decided_at"


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-01-31", "2026-01-31T12:00:00", 1700000000, "2026-02-30T12:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_moment_without_day_time_or_zone_is_refused(full: Program, moment: object) -> None:
    answer = full.call("POST", "/awards", to({"email": "member@acme.example"}) | {"decided_at": moment})
    [error] = problem(answer, 422, "invalid")["errors"]
    assert error["pointer"] == "/decided_at"


def test_awards_are_listed_newest_first_and_filtered(full: Program, acme: World) -> None:
    for email in ("member@acme.example", "manager@acme.example"):
        read(full.call("POST", "/awards", to({"email": email})), 201)
    run_jobs()
    everyone = read(full.call("GET", "/awards"))["items"]
    assert [one["person"]["name"] for one in everyone] == ["Acme Manager", "Acme Member"]
    mine = read(full.call("GET", f"/awards?person={acme.member_person.public_id}"))["items"]
    assert mine == everyone[1:]
    assert read(full.call("GET", f"/awards?run={mine[0]['run']}"))["items"] == mine
    assert read(full.call("GET", "/awards?achievement=other"))["items"] == []
    assert read(full.call("GET", "/awards?since=2099-01-01T00:00:00Z"))["items"] == []


def test_pages_stay_in_order_while_awards_are_added(full: Program, acme: World) -> None:
    for number in range(5):
        award(acme.achievement(f"Subject {number}"), to=[acme.member_person], actor=acme.system)
    first = read(full.call("GET", "/awards?limit=2"))
    award(acme.achievement("Later"), to=[acme.member_person], actor=acme.system)
    second = read(full.call("GET", f"/awards?limit=2&cursor={first['next']}"))
    third = read(full.call("GET", f"/awards?limit=2&cursor={second['next']}"))
    seen = [one["achievement"] for page in (first, second, third) for one in page["items"]]
    assert seen == [f"subject-{number}" for number in (4, 3, 2, 1, 0)]
    assert third["next"] is None


def test_a_cursor_of_another_list_filter_or_organisation_is_refused(full: Program, foreign: Program, acme: World, globex: World) -> None:
    for world in (acme, globex):
        for number in range(3):
            award(world.achievement(f"{world.organisation.slug} {number}"), to=[world.member_person], actor=world.system)
    cursor = read(full.call("GET", "/awards?limit=1"))["next"]
    assert b"limit" not in cursor.encode()
    for program, path in ((full, "/runs?limit=1"), (full, f"/awards?limit=1&person={'a' * 26}"), (foreign, "/awards?limit=1")):
        [error] = problem(program.call("GET", f"{path}&cursor={cursor}"), 422, "invalid")["errors"]
        assert error["parameter"] == "cursor"
    read(full.call("GET", f"/awards?limit=2&cursor={cursor}"))
    problem(full.call("GET", f"/awards?limit=1&cursor={cursor[:-2]}AA"), 422, "invalid")


def test_a_run_by_a_person_can_be_undone_and_released_while_it_is_held(full: Program, acme: World, version: AchievementVersion) -> None:
    held = award(version, to=[acme.member_person], actor=acme.steward)
    path = f"/runs/{held.run.public_id}"
    assert read(full.call("GET", f"/awards/{held.run.awards.get().public_id}"))["state"] == "held"
    assert read(full.call("POST", f"{path}/undo"))["undone_at"] is not None
    problem(full.call("POST", f"{path}/undo"), 409, "conflict")
    assert read(full.call("GET", "/awards"))["items"] == []
    again = award(version, to=[acme.manager_person], actor=acme.steward)
    tag = full.call("GET", f"/runs/{again.run.public_id}").headers["ETag"]
    read(full.call("POST", f"/runs/{again.run.public_id}/release", If_Match=tag))
    run_jobs()
    assert Credential.objects.issued().count() == 1


def test_a_programs_own_run_has_no_hold(full: Program) -> None:
    run = read(full.call("POST", "/awards", to({"email": "member@acme.example"})), 201)["run"]
    problem(full.call("POST", f"/runs/{run['id']}/undo"), 409, "conflict")
    found = AwardRun.objects.get()
    assert found.release_at <= timezone.now()


def test_the_signed_document_is_given_verbatim(full: Program, credential: Credential) -> None:
    answer = full.call("GET", f"/credentials/{credential.award.public_id}")
    assert answer.content == credential.document.encode()
    assert answer.headers["Content-Type"] == "application/vc"
    as_json = full.call("GET", f"/credentials/{credential.award.public_id}", Accept="application/json")
    assert as_json.headers["Content-Type"] == "application/json"
    problem(full.call("GET", f"/credentials/{credential.award.public_id}", Accept="image/png"), 406, "not-acceptable")


def test_a_credential_is_paused_lifted_and_revoked_with_a_reason(full: Program, credential: Credential) -> None:
    path = f"/credentials/{credential.award.public_id}"
    paused = read(full.call("POST", f"{path}/pause", {"reason": "Under review"}))
    assert (paused["state"], paused["credential"]["pause_reason"]) == ("paused", "Under review")
    assert read(full.call("POST", f"{path}/lift"))["state"] == "valid"
    problem(full.call("POST", f"{path}/lift"), 409, "conflict")
    revoked = read(full.call("POST", f"{path}/revoke", {"reason": "Awarded in error"}))
    assert (revoked["state"], revoked["credential"]["revocation_reason"]) == ("revoked", "Awarded in error")
    problem(full.call("POST", f"{path}/revoke", {"reason": "Again"}), 409, "conflict")
    problem(full.call("POST", f"{path}/pause", {"reason": "Again"}), 409, "conflict")


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "  "}])
def test_a_reason_is_owed(full: Program, credential: Credential, given: dict[str, str]) -> None:
    [error] = problem(full.call("POST", f"/credentials/{credential.award.public_id}/revoke", given), 422, "invalid")["errors"]
    assert error["pointer"] == "/reason"


def test_revoking_only_what_was_read(full: Program, credential: Credential) -> None:
    path = f"/credentials/{credential.award.public_id}"
    tag = full.call("GET", f"/awards/{credential.award.public_id}").headers["ETag"]
    read(full.call("POST", f"{path}/pause", {"reason": "Under review"}))
    problem(full.call("POST", f"{path}/revoke", {"reason": "Old news"}, If_Match=tag), 412, "changed-meanwhile")
    assert Credential.objects.get().revoked_at is None


def test_before_it_is_signed_there_is_no_credential(full: Program, acme: World, version: AchievementVersion) -> None:
    held = award(version, to=[acme.member_person], actor=acme.steward)
    award_id = held.run.awards.get().public_id
    problem(full.call("GET", f"/credentials/{award_id}"), 404, "not-found")
    problem(full.call("POST", f"/credentials/{award_id}/revoke", {"reason": "Too soon"}), 404, "not-found")


def test_lists_ask_the_database_a_bounded_number_of_times(
    full: Program, acme: World, version: AchievementVersion, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    award(version, to=[acme.person(f"Colleague {number:02}") for number in range(60)], actor=acme.system)
    run_jobs()
    full.call("GET", "/key")
    for path in ("/awards?limit=60", "/runs", "/people?limit=60"):
        with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
            answer = full.call("GET", path)
        assert json.loads(answer.content)["items"]
