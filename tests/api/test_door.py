"""What every call passes: form, key, allowance, scopes, body. Tried on one read and one change; the matrix tries all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.api.programs import Program, problem, read
from tests.web.pages import Visitor
from tests.world import World

from hexmark.access import Scope
from hexmark.api.models import Allowance
from hexmark.organisations.actions import make_api_key, revoke_api_key
from hexmark.organisations.models import ApiKey
from hexmark.people.models import Person

SOMEBODY = {"name": "Amara Osei", "email": "amara@acme.example"}


# Keys -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer hxm_" + "a" * 32, "Basic aHhtOg==", "hxm_x", "Bearer " + "x" * 5000])
def test_a_header_that_opens_nothing_is_never_a_visitors(nobody: Program, header: str) -> None:
    for method, path, given in (("GET", "/people", None), ("POST", "/verify", {"credential": "{}"})):
        answer = nobody.call(method, path, given, Authorization=header)
        problem(answer, 401, "no-key")
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Hexmark", error="invalid_token"')


def test_without_a_key_the_answer_says_how_to_send_one(nobody: Program) -> None:
    answer = nobody.call("GET", "/people")
    assert "Bearer hxm_" in problem(answer, 401, "no-key")["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Hexmark"'


def test_a_session_opens_nothing(acme: World) -> None:
    steward = Visitor(acme.steward_person)
    assert steward.get("/api/v1/people").status_code == 401
    assert steward.post("/api/v1/people", json.dumps(SOMEBODY), content_type="application/json").status_code == 401
    assert not Person.objects.filter(email=SOMEBODY["email"]).exists()


def test_a_revoked_key_is_refused_at_the_next_request(acme: World) -> None:
    made = make_api_key(acme.organisation, label="Soon gone", scopes=[Scope.PEOPLE_READ], actor=acme.steward)
    program = Program(made.token)
    read(program.call("GET", "/people"))
    revoke_api_key(made.key, actor=acme.steward)
    problem(program.call("GET", "/people"), 401, "no-key")


def test_the_key_of_somebody_who_left_is_refused_at_the_next_request(full: Program, acme: World) -> None:
    read(full.call("GET", "/people"))
    Person.objects.filter(pk=acme.steward_person.pk).update(left_at=timezone.now())
    problem(full.call("GET", "/people"), 401, "no-key")


def test_a_key_says_what_it_may_do(program: Callable[..., Program], acme: World) -> None:
    said = read(program(Scope.VERIFY).call("GET", "/key"))
    assert said["scopes"] == ["verify"]
    assert said["made_by"] == "Acme Steward"
    assert read(program(Scope.VERIFY).call("GET", "/organisation"))["did"] == acme.organisation.did


def test_use_is_noted(full: Program) -> None:
    full.call("GET", "/key")
    assert ApiKey.objects.get().last_used_at is not None


# Form of the answer ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/json", "application/*", "*/*", "text/html, */*;q=0.1", "", "application/json; q=0.5"])
def test_json_is_answered_to_whoever_takes_it(full: Program, accept: str) -> None:
    assert full.call("GET", "/key", Accept=accept).headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "nonsense", "application/json;x*=nope''a"])
def test_who_takes_no_json_is_told_so(full: Program, accept: str) -> None:
    problem(full.call("GET", "/key", Accept=accept), 406, "not-acceptable")


def test_answers_are_for_the_key_alone(full: Program) -> None:
    answer = full.call("GET", "/people")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_answers_as_get_without_a_body(full: Program) -> None:
    get, head = full.call("GET", "/people"), full.call("HEAD", "/people")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert int(head.headers["Content-Length"]) == len(get.content)
    assert full.call("HEAD", "/nothing").status_code == 404


def test_options_names_the_methods_and_opens_nothing_to_other_sites(nobody: Program) -> None:
    answer = nobody.call("OPTIONS", "/people", Origin="https://evil.example")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/verify", "/directory"])
def test_what_visitors_may_read_other_sites_may_read_without_a_key(nobody: Program, path: str) -> None:
    answer = nobody.call("OPTIONS", path, Origin="https://other.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_other_methods_are_refused_by_name(full: Program, method: str) -> None:
    answer = full.call(method, "/people", X_HTTP_Method_Override="GET")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/people/", "/people/1", "/people/" + "A" * 26, "/../etc/passwd", "/achievements/a/b", "/people/%0A"]
)
def test_every_other_address_is_404_in_the_same_words(full: Program, nobody: Program, path: str) -> None:
    answers = [one.call(method, path) for one in (full, nobody) for method in ("GET", "POST", "DELETE")]
    for answer in answers:
        problem(answer, 404, "not-found")
    assert len({answer.content for answer in answers}) == 1


# Form of the request --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "", "application/json; charset=utf-16"],
)
def test_a_body_that_is_no_json_is_refused_by_its_type(full: Program, media_type: str) -> None:
    answer = full.generic(
        "POST",
        "/api/v1/people",
        json.dumps(SOMEBODY),
        content_type=media_type,
        headers={"Authorization": f"Bearer {full.token}"},
        secure=True,
    )
    problem(answer, 415, "unsupported-media-type")


def test_a_compressed_body_is_refused(full: Program) -> None:
    problem(full.call("POST", "/people", SOMEBODY, Content_Encoding="gzip"), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"name": "A", "name": "B"}', "stands twice"),
        ("[]", "not an object"),
        ("{", "not JSON"),
        ('{"name": NaN}', "not JSON"),
        (b'{"name": "\xff"}', "not UTF-8"),
        (b'\xef\xbb\xbf{"name": "A"}', "byte order mark"),
        ('{"name": "\\u0000"}', "U+0000"),
        ('{"name": "\\ud800"}', "surrogate"),
        ('{"name": 123456789012345678901234567890}', "beyond"),
        ('{"a":' * 40 + "1" + "}" * 40, "nested deeper"),
        ('{"__proto__": {}}', "not one that"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(full: Program, body: str | bytes, sentence: str) -> None:
    answer = full.call("POST", "/people", body=body, Content_Type="application/json")
    assert sentence in problem(answer, 400, "unreadable")["detail"]


def test_a_body_of_more_than_a_megabyte_is_refused_before_it_is_read(full: Program) -> None:
    problem(full.call("POST", "/people", body=b" " * (1024 * 1024 + 1)), 413, "too-large")


def test_a_missing_body_is_said(full: Program) -> None:
    assert "needs a body" in problem(full.call("POST", "/people", body="", Content_Type="application/json"), 400, "unreadable")["detail"]


def test_a_call_without_a_body_takes_none(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}/leave"
    assert "takes no body" in problem(full.call("POST", path, {"when": "now"}), 400, "unreadable")["detail"]
    read(full.call("POST", path, body="{}"))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?organisation=globex", "organisation"),
        ("?limit=1&limit=2", "limit"),
        ("?email=%00", "email"),
        ("?limit=0", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=1000000000", "limit"),
        ("?limit=ten", "limit"),
        ("?kind=robot", "kind"),
        ("?cursor=tampered", "cursor"),
        ("?" + "x" * 9000, ""),
    ],
)
def test_an_unknown_double_or_unusable_parameter_is_named(full: Program, query: str, parameter: str) -> None:
    errors = problem(full.call("GET", f"/people{query}"), 422, "invalid")["errors"]
    assert parameter in [error["parameter"] for error in errors]


@pytest.mark.parametrize("given", ["7*7", "{{7*7}}", "${jndi:ldap://x}", "'; DROP TABLE people_person; --", "<script>alert(1)</script>"])
def test_code_in_a_name_is_stored_as_it_stands(full: Program, given: str) -> None:
    assert read(full.call("POST", "/people", SOMEBODY | {"name": given}), 201)["name"] == given


@pytest.mark.parametrize("field", ["id", "organisation", "organisation_id", "account", "created_by", "left_at", "access"])
def test_nobody_sets_what_is_not_theirs_to_set(full: Program, field: str) -> None:
    [error] = problem(full.call("POST", "/people", SOMEBODY | {field: "x"}), 422, "invalid")["errors"]
    assert error == {"pointer": f"/{field}", "detail": "Extra inputs are not permitted"}


# Conditions -----------------------------------------------------------------------------------------------------------------------


def test_who_has_the_answer_already_gets_304(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}"
    tag = full.call("GET", path).headers["ETag"]
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = full.call("GET", path, If_None_Match=condition)
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    read(full.call("GET", path, If_None_Match='"other"'))


def test_only_what_was_read_is_changed(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}"
    tag = full.call("GET", path).headers["ETag"]
    changed = full.call("PATCH", path, {"name": "One"}, If_Match=tag)
    assert read(changed)["name"] == "One"
    problem(full.call("PATCH", path, {"name": "Two"}, If_Match=tag), 412, "changed-meanwhile")
    problem(full.call("PATCH", path, {"name": "Two"}, If_Match="nonsense"), 412, "changed-meanwhile")
    problem(full.call("PATCH", path, {"name": "Two"}, If_Match=f"W/{changed.headers['ETag']}"), 412, "changed-meanwhile")
    assert full.call("GET", path).headers["ETag"] == changed.headers["ETag"]
    assert read(full.call("PATCH", path, {"name": "Two"}, If_Match=changed.headers["ETag"]))["name"] == "Two"
    assert read(full.call("PATCH", path, {"name": "Three"}, If_Match="*"))["name"] == "Three"


# Allowances -----------------------------------------------------------------------------------------------------------------------


def test_each_answer_says_what_is_left(full: Program, nobody: Program, settings: Any) -> None:
    settings.API_KEY_RATE, settings.API_VISITOR_RATE = 600, 60
    answer = full.call("GET", "/key")
    assert answer.headers["RateLimit-Policy"] == '"key";q=600;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=599;t=')
    assert nobody.call("GET", "/directory").headers["RateLimit-Policy"] == '"visitor";q=60;w=60'


def test_who_asks_too_often_waits(full: Program, settings: Any) -> None:
    settings.API_KEY_RATE = 3
    assert [full.call("GET", "/key").status_code for _ in range(4)] in ([200, 200, 200, 429], [200] * 4)
    Allowance.objects.update(used=3)
    answer = full.call("GET", "/key")
    if answer.status_code == 200:
        Allowance.objects.update(used=3)
        answer = full.call("GET", "/key")
    problem(answer, 429, "too-many-requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert ";r=0;" in answer.headers["RateLimit"]


def test_two_keys_have_an_allowance_each(program: Callable[..., Program], settings: Any) -> None:
    settings.API_KEY_RATE = 100
    one, other = program(), program()
    for _ in range(3):
        one.call("GET", "/key")
    assert ";r=99;" in other.call("GET", "/key").headers["RateLimit"]


def test_guessing_keys_spends_the_allowance_of_the_address(nobody: Program, settings: Any) -> None:
    settings.API_VISITOR_RATE = 100
    nobody.call("GET", "/key", Authorization="Bearer hxm_guess")
    assert Allowance.objects.get().caller == "address 127.0.0.1"


def test_a_header_that_a_stranger_writes_does_not_change_the_address(nobody: Program) -> None:
    nobody.call("GET", "/directory", X_Forwarded_For="203.0.113.7")
    assert Allowance.objects.get().caller == "address 127.0.0.1"


@pytest.mark.parametrize(
    ("address", "caller"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:203.0.113.7", "203.0.113.7"), ("", "unknown"), ("unix:", "unknown")],
)
def test_addresses_count_by_subscriber(nobody: Program, address: str, caller: str) -> None:
    nobody.get("/api/v1/directory", secure=True, REMOTE_ADDR=address)
    assert Allowance.objects.get().caller == f"address {caller}"


def test_no_limit_counts_nothing(full: Program, settings: Any) -> None:
    settings.API_KEY_RATE = 0
    assert "RateLimit" not in full.call("GET", "/key").headers
    assert not Allowance.objects.exists()


# Surprises ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["hexmark.api.v1.people.listed", "hexmark.api.door.spend"])
def test_a_surprise_is_a_problem_with_a_reference(
    full: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    def broken(*arguments: Any, **named: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(place, broken)
    answer = full.call("GET", "/people")
    said = problem(answer, 500, "internal")
    assert said["reference"] in caplog.text
    assert b"secret" not in answer.content


def test_the_tests_run_with_the_usual_limits() -> None:
    assert (settings.API_KEY_RATE, settings.API_VISITOR_RATE) == (600, 60)
