"""Signing in and out."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World

from hexmark.people.models import Person
from hexmark.web.actors import ACTIVE_ORGANISATION

SIGN_IN = {"login": "steward@acme.example", "password": PASSWORD}


def test_signing_in_leads_to_ones_own_badges(acme: World, visitor: Visitor) -> None:
    response = visitor.post("/sign-in", SIGN_IN)
    assert response.headers["Location"] == "/me"
    assert "My badges" in text_of(visitor.get("/me"))


def test_signing_in_leads_back_to_where_one_wanted_to_go(acme: World, visitor: Visitor) -> None:
    refused = visitor.get("/awards?q=ben")
    assert refused.headers["Location"] == "/sign-in?next=/awards%3Fq%3Dben"
    page = visitor.get(refused.headers["Location"]).content.decode()
    assert 'name="next" value="/awards?q=ben"' in page
    assert visitor.post("/sign-in", SIGN_IN | {"next": "/awards?q=ben"}).headers["Location"] == "/awards?q=ben"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example", "\thttps://evil.example"],
)
def test_signing_in_never_leads_to_another_site(acme: World, visitor: Visitor, elsewhere: str) -> None:
    response = visitor.post("/sign-in", SIGN_IN | {"next": elsewhere})
    assert response.status_code == 302
    assert response.headers["Location"] == "/me"


def test_after_a_form_was_sent_signed_out_one_comes_back_to_a_page(acme: World, visitor: Visitor) -> None:
    assert visitor.post("/catalogue/new", {"name": "X"}).headers["Location"] == "/sign-in?next=/me"


@pytest.mark.parametrize("given", [{"password": "wrong wrong wrong"}, {"login": "nobody@acme.example"}])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(acme: World, visitor: Visitor, given: dict[str, str]) -> None:
    response = visitor.post("/sign-in", SIGN_IN | given)
    page = text_of(response)
    assert "That did not work" in page
    assert "email address and/or password you specified are not correct" in page
    assert PASSWORD not in response.content.decode()


def test_an_address_is_found_in_any_case(acme: World, visitor: Visitor) -> None:
    assert visitor.post("/sign-in", SIGN_IN | {"login": "STEWARD@acme.example"}).status_code == 302


def test_many_wrong_passwords_are_slowed_down(acme: World, visitor: Visitor) -> None:
    answers = [visitor.post("/sign-in", SIGN_IN | {"password": f"wrong {n}"}) for n in range(8)]
    assert any(answer.status_code == 429 or "Too many" in text_of(answer) for answer in answers)


def test_a_thousand_other_addresses_do_not_wash_away_what_slows_down_one(acme: World) -> None:
    cache.set("a-wrong-password", 1)
    cache.set_many({f"another-{n}": 1 for n in range(1000)})
    assert cache.get("a-wrong-password") == 1


def test_signing_out_asks_first_and_needs_a_form(steward: Visitor) -> None:
    assert "Sign out?" in text_of(steward.get("/sign-out"))
    assert steward.get("/me").status_code == 200
    assert steward.post("/sign-out").headers["Location"] == "/"
    assert steward.get("/me").status_code == 302


def test_who_left_the_organisation_sees_nothing_of_it_any_more(acme: World, steward: Visitor) -> None:
    Person.objects.filter(pk=acme.steward_person.pk).update(left_at="2026-01-01T00:00:00Z")
    assert steward.get("/awards").status_code == 404
    page = steward.get("/me")
    assert page.status_code == 200
    assert "belongs to no organisation" in text_of(page)


def test_one_account_acts_for_the_organisation_that_it_chose(acme: World, globex: World, steward: Visitor) -> None:
    Person.objects.filter(pk=globex.member_person.pk).update(account=acme.steward_person.account)
    assert "You act for" in text_of(steward.get("/me"))
    assert steward.post("/me/organisation", {"organisation": "globex"}).headers["Location"] == "/me"
    assert steward.session[ACTIVE_ORGANISATION] == globex.organisation.pk
    assert steward.get("/awards").status_code == 404
    steward.post("/me/organisation", {"organisation": "acme"})
    assert steward.get("/awards").status_code == 200


def test_nobody_chooses_an_organisation_that_they_are_not_in(acme: World, globex: World, steward: Visitor) -> None:
    assert steward.post("/me/organisation", {"organisation": "globex"}).status_code == 404
    assert ACTIVE_ORGANISATION not in steward.session
    assert steward.get("/me/organisation").status_code == 405


def test_the_front_page_leads_whoever_is_signed_in_to_their_badges(steward: Visitor) -> None:
    assert steward.get("/").headers["Location"] == "/me"
