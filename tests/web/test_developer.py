"""The page of keys: made once, shown once, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World

from hexmark.access import Access, Scope
from hexmark.organisations.actions import make_api_key
from hexmark.organisations.models import ApiKey
from hexmark.people.actions import end_access, grant_access
from hexmark.people.api_keys import holder_of
from hexmark.people.queries import actor_for

GOOD = {"label": "Course platform", "scopes": ["badge:read", "badge:award"], "days": "90"}


@pytest.fixture
def certain(steward: Visitor, acme: World) -> Visitor:
    """The steward, who has just proved who they are."""
    session = steward.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp(), "email": "steward@acme.example"}]
    session.save()
    return steward


def test_without_keys_the_page_says_what_one_is_for(steward: Visitor) -> None:
    text = text_of(steward.get("/developer"))
    assert "No keys yet" in text
    assert "https://badges.acme.example/api/v1" in text


def test_making_a_key_asks_who_it_is_again(steward: Visitor) -> None:
    for answer in (steward.get("/developer/keys/new"), steward.post("/developer/keys/new", GOOD)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/me/settings/confirm?next=%2Fdeveloper%2Fkeys%2Fnew")
    assert not ApiKey.objects.exists()


def test_a_key_is_shown_once_and_never_again(certain: Visitor) -> None:
    answer = certain.post("/developer/keys/new", GOOD)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    [token] = set(re.findall(r"hxm_[a-z2-7]{32}", answer.content.decode()))
    holder = holder_of(token)
    assert holder is not None
    assert holder.key.scope_set == {Scope.BADGE_READ, Scope.BADGE_AWARD}
    assert holder.key.expires_at is not None
    assert timedelta(days=89) < holder.key.expires_at - timezone.now() <= timedelta(days=90)
    listed = certain.get("/developer").content.decode()
    assert token not in listed
    assert token[:8] in listed


def test_a_key_without_end_is_possible(certain: Visitor) -> None:
    assert certain.post("/developer/keys/new", GOOD | {"days": ""}).status_code == 201
    assert ApiKey.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"label": ""}, "id_label", "This field is required."),
        ({"label": "hid\u202eden"}, "id_label", "visible characters"),
        ({"days": "4000"}, "id_days", "valid choice"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(certain: Visitor, given: dict[str, str], field: str, sentence: str) -> None:
    answer = certain.post("/developer/keys/new", GOOD | given)
    assert answer.status_code == 422
    assert sentence in errors_beside(answer, field)
    assert 'value="badge:award" checked' in answer.content.decode()


def test_a_key_for_nothing_is_refused(certain: Visitor) -> None:
    answer = certain.post("/developer/keys/new", GOOD | {"scopes": []})
    assert answer.status_code == 422
    assert "Choose at least one thing" in text_of(answer)


def test_a_key_is_revoked_after_a_question(steward: Visitor, acme: World) -> None:
    made = make_api_key(acme.organisation, label="Old portal", scopes=[Scope.BADGE_READ], actor=acme.steward)
    address = f"/developer/keys/{made.key.public_id}/revoke"
    assert "Revoke “Old portal”?" in text_of(steward.get(address))
    assert holder_of(made.token) is not None
    assert steward.post(address).headers["Location"] == "/developer"
    assert holder_of(made.token) is None
    text = text_of(steward.get("/developer"))
    assert "Revoked" in text
    assert address not in text
    assert steward.post(address).status_code == 409


def test_a_key_whose_maker_lost_the_right_is_shown_as_stopped(steward: Visitor, acme: World) -> None:
    second = acme.person("Second Steward")
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    make_api_key(acme.organisation, label="Theirs", scopes=[Scope.VERIFY], actor=actor_for(second))
    assert "Works" in text_of(steward.get("/developer"))
    end_access(second, access=Access.STEWARD, actor=acme.steward)
    assert "Stopped" in text_of(steward.get("/developer"))


def test_the_page_asks_as_often_for_many_keys_as_for_one(steward: Visitor, acme: World) -> None:
    counts = []
    for many in (1, 40):
        for number in range(many):
            make_api_key(acme.organisation, label=f"Key {number}", scopes=list(Scope), actor=acme.steward)
        with CaptureQueriesContext(connection) as queries:
            assert steward.get("/developer").status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 10


def test_the_menu_leads_there_for_whoever_manages_keys(steward: Visitor, member: Visitor) -> None:
    assert 'href="/developer"' in steward.get("/me").content.decode()
    assert 'href="/developer"' not in member.get("/me").content.decode()
