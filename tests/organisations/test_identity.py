"""An organisation as the world knows it: DID document, profile, words, days and ids."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from tests.world import World

from hexmark.access import system
from hexmark.issuing.publication import own_document, published_did_document
from hexmark.keys.store import published_keys
from hexmark.openbadges import dids, jsonld, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.model import Profile
from hexmark.organisations.actions import rotate_key
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.identity import did_document, profile, profile_document
from hexmark.organisations.public_id import new_public_id

NOW = datetime(2026, 6, 15, tzinfo=UTC)


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
