"""Organisations: founded once under a short name of their own, known to the world by a DID document and a profile."""

from __future__ import annotations

from typing import Any

import pytest
from tests.world import FOUNDER, World

from hexmark.access import ANONYMOUS, Permission
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.keys.models import StoredKey
from hexmark.keys.store import published_keys
from hexmark.openbadges import dids
from hexmark.organisations.actions import found_organisation
from hexmark.organisations.models import Organisation
from hexmark.organisations.rules import is_web_address


def found(**given: Any) -> Organisation:
    """An organisation founded with these, and else with what anybody might write."""
    return found_organisation(**({"name": "Hexham Works", "slug": "hexham", "actor": FOUNDER} | given))


def test_an_organisation_is_founded_with_a_did_and_a_key(db: None) -> None:
    organisation = found(name="  Hexham Works ")
    assert organisation.name == "Hexham Works"
    assert organisation.did == "did:web:badges.acme.example:o:hexham"
    assert organisation.url == "https://badges.acme.example/o/hexham"
    [key] = published_keys(organisation.pk)
    assert key.retired_at is None


def test_founding_is_recorded_by_the_organisation_itself(db: None) -> None:
    organisation = found()
    event = Event.objects.get(event_type="organisation.founded")
    assert (event.organisation_id, event.actor_kind, event.data) == (organisation.pk, "system", {"name": "Hexham Works"})


def test_nobody_but_the_set_up_founds_organisations(acme: World) -> None:
    for actor in (acme.steward, acme.member, ANONYMOUS):
        assert not actor.may(Permission.FOUND_ORGANISATION)
        with pytest.raises(NotPermitted, match="set-up"):
            found(actor=actor)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("slug", ["a", "9", "acme", "a-b", "a--b", "x" * 60, "3-d-print"])
def test_a_short_name_holds_small_letters_digits_and_hyphens(slug: str, db: None) -> None:
    organisation = found(slug=slug)
    assert dids.did_web_url(organisation.did) == f"https://badges.acme.example/o/{slug}/did.json"


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "Acme",
        "a b",
        "a_b",
        "a.b",
        "-acme",
        "acme-",
        "x" * 61,
        "acme/",
        "../acme",
        "acme\n",
        "\nacme",
        "äcme",
        "acme%20",
        "acme:b",
        "a\x00",
        "\uff41cme",
        "\u0663",
    ],
    ids=ascii,
)
def test_any_other_short_name_is_refused_by_field(slug: str, db: None) -> None:
    with pytest.raises(Invalid, match="short name") as refused:
        found(slug=slug)
    assert refused.value.field == "slug"
    assert not Organisation.objects.exists()


def test_a_short_name_is_taken_once(acme: World) -> None:
    with pytest.raises(Conflict, match="taken"):
        found(slug="acme")
    # The refusal has not spoilt the transaction around it.
    assert found(slug="acme-2").slug == "acme-2"


def test_a_founding_that_is_refused_leaves_no_key(acme: World) -> None:
    with pytest.raises(Conflict):
        found(slug="acme")
    assert StoredKey.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \n"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Hexham\u202eWorks"}, "name"),
        ({"name": "Hexham\nWorks"}, "name"),
        ({"name": "Hexham\uffffWorks"}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"description": "Kilns\x07"}, "description"),
        ({"website": "hexham.example"}, "website"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://hexham.example"}, "website"),
        ({"website": "https://hexham.example/<b>"}, "website"),
        ({"website": "https://hexham.example/" + "x" * 200}, "website"),
    ],
)
def test_what_cannot_be_signed_is_refused_at_founding(given: dict[str, str], field: str, db: None) -> None:
    with pytest.raises(Invalid) as refused:
        found(**given)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "url",
    ["https://a.example", "http://a.example/b?c=d#e", "https://münchen.example/ü", "https://[2001:db8::1]/x", "https://a.example:8443/%20"],
)
def test_an_absolute_address_is_a_web_address(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "//a.example",
        "mailto:a@b.example",
        "https://a.example/{x}",
        "https://a.example/a b",
        "https://a.example/x|y",
        "https://a.example/\\x",
        "https://a.example/`",
        'https://a.example/"',
        "https://a.example/^",
        "https://",
        "https://a.example\n",
    ],
)
def test_what_a_signed_file_could_not_carry_is_none(url: str) -> None:
    assert not is_web_address(url)
