"""Organisations: founded once under a short name of their own, known to the world by a DID document and a profile."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from tests.world import FOUNDER, World

from hexmark.access import ANONYMOUS, Permission, system
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.publication import own_document, published_did_document
from hexmark.keys.models import StoredKey
from hexmark.keys.store import published_keys
from hexmark.openbadges import dids, jsonld, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.model import Profile
from hexmark.organisations.actions import found_organisation, rotate_key
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.identity import did_document, profile, profile_document
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import new_public_id
from hexmark.organisations.rules import is_web_address

NOW = datetime(2026, 6, 15, tzinfo=UTC)


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


# Public identity


def test_the_did_document_lists_the_key_for_assertions(acme: World) -> None:
    document, [key] = did_document(acme.organisation), published_keys(acme.organisation.pk)
    method = f"did:web:badges.acme.example:o:acme#{key.public_multibase}"
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": "did:web:badges.acme.example:o:acme",
        "alsoKnownAs": ["https://badges.acme.example/o/acme"],
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": "did:web:badges.acme.example:o:acme",
                "publicKeyMultibase": key.public_multibase,
            }
        ],
        "assertionMethod": [method],
    }


def test_every_key_that_was_ever_used_resolves_from_the_did_document(acme: World) -> None:
    for _ in range(3):
        rotate_key(acme.organisation, actor=acme.steward)
    document = did_document(acme.organisation)
    keys = published_keys(acme.organisation.pk)
    assert len(keys) == len(document["verificationMethod"]) == 4
    for key in keys:
        resolved = dids.verification_key(document, f"{acme.organisation.did}#{key.public_multibase}", at=NOW)
        assert resolved.multibase == key.public_multibase


def test_the_profile_document_resolves_the_same_keys(acme: World) -> None:
    document = profile_document(acme.organisation)
    for key in published_keys(acme.organisation.pk):
        method = f"{acme.organisation.did}#{key.public_multibase}"
        assert dids.verification_key(document, method, at=NOW).multibase == key.public_multibase


def test_a_key_of_another_organisation_does_not_resolve(acme: World, globex: World) -> None:
    [theirs] = published_keys(globex.organisation.pk)
    for method in (f"{acme.organisation.did}#{theirs.public_multibase}", f"{globex.organisation.did}#{theirs.public_multibase}"):
        with pytest.raises(FormatError):
            dids.verification_key(did_document(acme.organisation), method, at=NOW)


@pytest.mark.parametrize("build", [did_document, profile_document])
def test_no_private_part_stands_in_a_public_document(build: Any, acme: World) -> None:
    [key] = published_keys(acme.organisation.pk)
    text = strict_json.dump(build(acme.organisation)).decode()
    assert not re.search(r"private|secret|seed|sealed|\"d\"", text, re.IGNORECASE)
    assert bytes(key.sealed_seed).hex() not in text


def test_the_profile_document_holds_nothing_that_a_signature_would_pass_over(acme: World) -> None:
    acme.organisation.description, acme.organisation.email = "Kilns & glazes.", "badges@acme.example"
    assert jsonld.quads(profile_document(acme.organisation))


def test_the_profile_names_the_organisation_as_credentials_do(acme: World) -> None:
    acme.organisation.website, acme.organisation.description = "https://acme.example", "Kilns."
    assert profile(acme.organisation).to_json() == {
        "id": "did:web:badges.acme.example:o:acme",
        "type": ["Profile"],
        "name": "Acme",
        "url": "https://acme.example",
        "description": "Kilns.",
    }


def test_the_profile_says_nothing_where_nothing_is_known(acme: World) -> None:
    written = profile(acme.organisation).to_json()
    assert set(written) == {"id", "type", "name", "url"}
    assert Profile.from_json(written).to_json() == written


def test_the_did_document_is_served_where_the_did_says(acme: World) -> None:
    url = dids.did_web_url(acme.organisation.did)
    served = own_document(url)
    assert served == published_did_document("acme") == strict_json.dump(did_document(acme.organisation))


@pytest.mark.parametrize(
    "url",
    [
        "https://badges.acme.example/o/nobody/did.json",
        "https://badges.acme.example/o/acme",
        "https://badges.acme.example/o/acme/status/revocation/1",
        "https://badges.acme.example/o/acme/status/anything/1",
        "https://badges.acme.example/o/acme/did.json/",
        "https://badges.acme.example/../o/acme/did.json",
        "https://badges.acme.example.evil.example/o/acme/did.json",
        "https://evil.example/o/acme/did.json",
        "https://badges.acme.example@evil.example/o/acme/did.json",
        "https://badges.acme.example:8443/o/acme/did.json",
        "not an address",
        "",
    ],
)
def test_no_other_address_answers_for_it(url: str, acme: World) -> None:
    assert own_document(url) is None


# Words, days and ids


def test_an_organisation_calls_the_two_kinds_by_its_own_words(acme: World) -> None:
    organisation = acme.organisation
    organisation.word_unassessed, organisation.word_assessed = "token", "licence"
    organisation.assessed_from = Assurance.COMPLETED
    assert [organisation.word_for(step) for step in Assurance.values] == ["token", "token", "licence", "licence", "licence"]


def test_at_first_what_is_judged_is_a_credential_and_the_rest_are_badges(acme: World) -> None:
    assert [acme.organisation.word_for(step) for step in Assurance.values] == ["badge"] * 3 + ["credential"] * 2


def test_the_steps_of_assurance_compare_as_text() -> None:
    assert sorted(Assurance.values) == list(Assurance.values) == ["A0", "A1", "A2", "A3", "A4"]


def test_days_begin_where_the_organisation_is(acme: World) -> None:
    acme.organisation.time_zone = "Pacific/Auckland"
    assert timezone.localtime(NOW, acme.organisation.zone).hour == 12


def test_an_organisation_belongs_to_itself(acme: World) -> None:
    assert acme.organisation.organisation_id == acme.organisation.pk == system(acme.organisation.pk).organisation_id
    assert str(acme.organisation) == "Acme"


def test_public_ids_are_26_characters_that_never_come_twice() -> None:
    ids = {new_public_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(re.fullmatch("[a-z2-7]{26}", one) for one in ids)
    # Random in every place: each of the first 25 characters takes most of its 32 values.
    assert all(len({one[place] for one in ids}) > 28 for place in range(25))
