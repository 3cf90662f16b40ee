"""Events, the directory and verification: what programs read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.api.programs import Program, problem, read
from tests.world import World, run_jobs

from hexmark.access import Scope
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.models import Event
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.passport.models import Entry

AXES = {"integrity", "issuer", "status", "time", "schema", "recipient", "endorsements"}


# Events ---------------------------------------------------------------------------------------------------------------------------


def test_every_event_comes_once_and_in_order(full: Program, acme: World, globex: World) -> None:
    acme.achievement()
    seen, cursor, more = [], "", True
    while more:
        page = read(full.call("GET", "/events?limit=2" + (f"&cursor={cursor}" if cursor else "")))
        seen += page["items"]
        cursor, more = page["next"], page["more"]
    ours = Event.objects.filter(organisation_id=acme.organisation.pk).order_by("transaction_id", "pk")
    assert [one["type"] for one in seen] == list(ours.values_list("event_type", flat=True))
    assert len({one["id"] for one in seen}) == len(seen)
    assert read(full.call("GET", f"/events?cursor={cursor}"))["items"] == []
    acme.person("Later One")
    [later] = read(full.call("GET", f"/events?cursor={cursor}"))["items"]
    assert later["type"] == "person.added"


def test_events_name_things_by_their_public_ids_only(full: Program, credential: Credential) -> None:
    items = read(full.call("GET", "/events?limit=100"))["items"]
    by_type = {one["type"]: one for one in items}
    assert by_type["achievement.published"]["subject"] == "safety-champion"
    assert by_type["award.made"]["subject"] == credential.award.public_id
    assert (by_type["award.made"]["data"]["achievement"], by_type["award.made"]["data"]["version"]) == ("safety-champion", 1)
    assert by_type["credential.issued"]["subject"] == credential.award.public_id
    assert not [one for one in items if one["subject"] and one["subject"].isdigit()]


def test_events_are_filtered_by_type(full: Program, acme: World) -> None:
    items = read(full.call("GET", "/events?type=person.added"))["items"]
    assert {one["type"] for one in items} == {"person.added"}
    page = read(full.call("GET", "/events?limit=1"))
    problem(full.call("GET", f"/events?type=person.added&cursor={page['next']}"), 422, "invalid")


def test_the_log_needs_its_scope(program: Callable[..., Program]) -> None:
    others = [scope for scope in Scope if scope is not Scope.EVENTS_READ]
    problem(program(*others).call("GET", "/events"), 403, "not-permitted")


# Directory ------------------------------------------------------------------------------------------------------------------------


def test_the_directory_is_open_to_everybody(nobody: Program, acme: World, globex: World) -> None:
    acme.achievement("Safety Champion", subjects=["Safety"])
    globex.achievement("Welding", subjects=["Metal"])
    found = read(nobody.call("GET", "/directory"))
    assert [one["slug"] for one in found["items"]] == ["safety-champion", "welding"]
    assert found["total"] == 2
    one = read(nobody.call("GET", "/directory?subject=metal&q=weld"))
    assert [entry["issuer"]["slug"] for entry in one["items"]] == ["globex"]
    subjects = next(facet for facet in one["facets"] if facet["name"] == "subject")
    assert [value["value"] for value in subjects["values"]] == ["metal"]


def test_pages_of_the_directory(nobody: Program, acme: World) -> None:
    for letter in "ABCDE":
        acme.achievement(f"{letter} Badge")
    first = read(nobody.call("GET", "/directory?limit=2"))
    # The last one that was shown goes meanwhile: nothing is passed over.
    AchievementVersion.objects.get(name="B Badge").achievement.directory_entry.delete()
    second = read(nobody.call("GET", f"/directory?limit=2&cursor={first['next']}"))
    third = read(nobody.call("GET", f"/directory?limit=2&cursor={second['next']}"))
    assert [one["name"][0] for page in (first, second, third) for one in page["items"]] == ["A", "B", "C", "D", "E"]
    problem(nobody.call("GET", f"/directory?q=badge&cursor={first['next']}"), 422, "invalid")


# Verification ---------------------------------------------------------------------------------------------------------------------


def test_a_good_badge_is_verified_on_every_axis(nobody: Program, credential: Credential) -> None:
    for given in (json.loads(credential.document), credential.document):
        report = read(nobody.call("POST", "/verify", {"credential": given}))
        assert report["verdict"] == "verified"
        assert {check["axis"] for check in report["checks"]} == AXES


def test_a_badge_is_verified_by_its_address_where_everybody_may_see_it(nobody: Program, credential: Credential) -> None:
    report = read(nobody.call("POST", "/verify", {"url": credential.url}))
    assert report["verdict"] == "verified"
    Entry.objects.update(audience="only_me")
    hidden = problem(nobody.call("POST", "/verify", {"url": credential.url}), 422, "invalid")
    never = problem(nobody.call("POST", "/verify", {"url": f"https://badges.acme.example/a/{'a' * 26}"}), 422, "invalid")
    assert hidden == never


def test_the_makers_own_badge_is_not_shown_to_their_key(full: Program, acme: World, globex: World, credential: Credential) -> None:
    Entry.objects.update(audience="only_me", account=acme.steward_person.account)
    problem(full.call("POST", "/verify", {"url": credential.url}), 422, "invalid")


def test_a_revoked_badge_is_not_valid_at_once(nobody: Program, acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    report = read(nobody.call("POST", "/verify", {"credential": credential.document}))
    assert report["verdict"] == "not valid"
    assert [check["code"] for check in report["checks"] if check["outcome"] == "failed"] == ["REVOKED"]


def test_an_altered_badge_is_not_valid(nobody: Program, credential: Credential) -> None:
    altered = credential.document.replace("Safety Champion", "Safety Director")
    assert read(nobody.call("POST", "/verify", {"credential": altered}))["verdict"] == "not valid"


def test_the_recipient_is_compared_if_asked(nobody: Program, credential: Credential) -> None:
    for email, outcome in (("member@acme.example", "passed"), ("other@acme.example", "failed")):
        report = read(nobody.call("POST", "/verify", {"credential": credential.document, "recipient": email}))
        assert [check["outcome"] for check in report["checks"] if check["axis"] == "recipient"] == [outcome]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, ""),
        ({"credential": "{}", "url": "https://a.example/b"}, ""),
        ({"credential": "nonsense"}, "/credential"),
        ({"credential": "{"}, "/credential"),
        ({"credential": "<html>"}, "/credential"),
        ({"credential": 5}, "/credential"),
        ({"credential": ""}, "/credential"),
        ({"credential": []}, "/credential"),
        ({"url": "https://127.0.0.1/badge.json"}, "/url"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"url": "https://badges.acme.example/healthz"}, "/url"),
    ],
)
def test_what_is_no_badge_is_said(nobody: Program, given: dict[str, object], pointer: str) -> None:
    errors = problem(nobody.call("POST", "/verify", given), 422, "invalid")["errors"]
    assert [error["pointer"] for error in errors][:1] == [pointer]


def test_verifying_keeps_nothing(nobody: Program, credential: Credential) -> None:
    events = Event.objects.count()
    nobody.call("POST", "/verify", {"credential": credential.document}, Idempotency_Key="x")
    assert Event.objects.count() == events


def test_a_key_needs_the_scope_to_verify_with_it(program: Callable[..., Program], credential: Credential) -> None:
    problem(program(Scope.BADGE_READ).call("POST", "/verify", {"credential": credential.document}), 403, "not-permitted")
    assert read(program(Scope.VERIFY).call("POST", "/verify", {"credential": credential.document}))["verdict"] == "verified"
