"""Setting up an installation by the link that works once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World

from hexmark.organisations.models import Organisation
from hexmark.people.actions import make_set_up_link
from hexmark.people.models import Account, OneTimeLink

GOOD = {
    "organisation": "Acme Industries",
    "slug": "acme",
    "name": "Bea Fenwick",
    "email": "bea@acme.example",
    "password": "four plain words here",
}


@pytest.fixture
def token(db: None) -> str:
    """What `hexmark init` prints."""
    return make_set_up_link()


def test_the_front_page_of_a_new_installation_says_how_to_begin(visitor: Visitor) -> None:
    assert "hexmark init" in text_of(visitor.get("/"))


def test_the_link_opens_the_form(visitor: Visitor, token: str) -> None:
    response = visitor.get(f"/setup?token={token}")
    assert response.status_code == 200
    assert "Set up your organisation" in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]


def test_setting_up_founds_the_organisation_and_signs_its_administrator_in(visitor: Visitor, token: str) -> None:
    response = visitor.post("/setup", GOOD | {"token": token})
    assert response.status_code == 302
    assert response.headers["Location"] == "/catalogue/new"
    assert Organisation.objects.get().name == "Acme Industries"
    page = text_of(visitor.get("/catalogue/new"))
    assert "Your organisation is ready" in page
    assert "Bea Fenwick" in page


def test_the_link_works_once(visitor: Visitor, token: str) -> None:
    visitor.post("/setup", GOOD | {"token": token})
    again = Visitor().get(f"/setup?token={token}")
    assert again.status_code == 404
    assert "no longer works" in text_of(again)
    assert Visitor().post("/setup", GOOD | {"token": token, "slug": "other", "email": "x@acme.example"}).status_code == 404
    assert Organisation.objects.count() == 1


def test_a_used_an_old_and_an_invented_link_are_answered_alike(visitor: Visitor, token: str) -> None:
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    old = visitor.get(f"/setup?token={token}")
    OneTimeLink.objects.update(expires_at=timezone.now() + timedelta(hours=1), used_at=timezone.now())
    used = visitor.get(f"/setup?token={token}")
    invented = visitor.get("/setup?token=invented")
    assert old.status_code == used.status_code == invented.status_code == visitor.get("/setup").status_code == 404
    assert old.content == used.content == invented.content


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("slug", "No Spaces!", "small letters, digits and hyphens"),
        ("password", "short", "at least 12 characters"),
        ("email", "not an address", "valid email address"),
        ("organisation", "", "required"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_the_rest_is_kept(
    visitor: Visitor, token: str, field: str, value: str, says: str
) -> None:
    response = visitor.post("/setup", GOOD | {"token": token, field: value})
    assert response.status_code == 422
    assert says in errors_beside(response, f"id_{field}")
    kept = next(value for name, value in GOOD.items() if name not in (field, "password"))
    assert f'value="{kept}"' in response.content.decode()
    assert not Organisation.objects.exists()
    assert not Account.objects.exists()


def test_a_mistake_does_not_use_the_link_up(visitor: Visitor, token: str) -> None:
    visitor.post("/setup", GOOD | {"token": token, "password": "short"})
    assert visitor.post("/setup", GOOD | {"token": token}).status_code == 302


def test_a_password_is_never_sent_back(visitor: Visitor, token: str) -> None:
    response = visitor.post("/setup", GOOD | {"token": token, "slug": "No!"})
    assert GOOD["password"] not in response.content.decode()


def test_nobody_can_open_an_account_by_themselves(acme: World, visitor: Visitor) -> None:
    assert visitor.get("/sign-up").headers["Location"] == "/sign-in"
    assert visitor.post("/sign-up", {"email": "x@y.example"}).status_code == 405
