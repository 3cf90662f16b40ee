"""The model: what others issued survives reading and writing unchanged."""

import copy
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.badges import CREDENTIAL

from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.model import (
    Address,
    Criteria,
    EndorsementCredential,
    Evidence,
    Image,
    OpenBadgeCredential,
    Profile,
    Result,
)


def test_every_published_sample_survives_unchanged(reference_data):
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    for name in ("simple", "complete", "simple-context-alias", "simple-context-version", "simple-multiple-proofs"):
        document = json.loads((samples / f"{name}.json").read_text())
        credential = OpenBadgeCredential.from_json(document)
        assert credential.to_json() == document
        assert credential.extra == {}
    endorsement = json.loads((samples / "endorsement-valid.json").read_text())
    assert EndorsementCredential.from_json(endorsement).to_json() == endorsement


def test_the_complete_sample_is_understood(reference_data):
    text = (reference_data / "vectors" / "ob-samples" / "valid" / "complete.json").read_text()
    credential = OpenBadgeCredential.from_json(json.loads(text))
    subject = credential.credential_subject
    assert isinstance(credential.issuer, Profile)
    assert credential.issuer.address.geo.latitude == 1
    assert subject.achievement.creator.parent_org.name == "Universal Universities"
    assert [each.target_type for each in subject.achievement.alignment] == ["CFItem", "CTDL"]
    assert subject.achievement.result_description[1].rubric_criterion_level[0].level == "Mastered"
    assert [each.identity_hash for each in subject.identifier] == ["student@1edtech.edu", "somebody@gmail.com"]
    assert credential.evidence[1] == Evidence(
        id="https://github.com/somebody/project",
        name="Final Project Code",
        description="This is the source code for the final project app.",
        genre="Research",
        audience="Department",
    )
    assert subject.result


def with_member(pointer: tuple[str | int, ...], value):
    document = copy.deepcopy(CREDENTIAL.to_json())
    inner = document
    for step in pointer[:-1]:
        inner = inner[step]
    inner[pointer[-1]] = value
    return document


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("type",), "OpenBadgeCredential"),
        (("proof",), {"type": "DataIntegrityProof"}),
        (("proof",), [{"type": "DataIntegrityProof"}]),
        (("issuer",), "did:web:acme.example"),
        (("issuer", "type"), "Profile"),
        (("issuer", "parentOrg"), "https://x.example"),
        (("credentialStatus",), [{"type": "X"}]),
        (("credentialStatus",), {"type": "X", "statusSize": 2}),
        (("credentialStatus",), [{"type": "X"}, {"type": "Y"}]),
        (("credentialSubject", "achievement", "tag"), "metal"),
        (("credentialSubject", "achievement", "tag"), []),
        (("credentialSubject", "achievement", "tag"), ["metal", None]),
        (("credentialSubject", "achievement", "image"), {"id": "https://x.example/1.png", "type": ["Image"]}),
        (("credentialSubject", "achievement", "image"), {"id": "https://x.example/1.png"}),
        (("credentialSubject", "achievement", "image"), "https://x.example/1.png"),
        (("credentialSubject", "achievement", "criteria"), [{"narrative": "Weld."}]),
        (("credentialSubject", "achievement", "criteria"), {"narrative": ""}),
        (("credentialSubject", "achievement", "name"), ""),
        (("credentialSubject", "creditsEarned"), 1.5),
        (("credentialSubject", "creditsEarned"), "1.5"),
        (("credentialSubject", "result"), [{"type": ["Result"], "value": "7"}, 7]),
        (("credentialSubject", "identifier"), {"type": "IdentityObject", "hashed": True}),
        (("description",), None),
        (("description",), {"@value": "Schweißen", "@language": "de"}),
        (("name",), ["Welding"]),
        (("refreshService",), [{"id": "https://x.example", "type": "A"}, {"id": "https://y.example", "type": "B"}]),
        (("evidence",), [[{"type": ["Evidence"]}]]),
        (("unknown",), {"deep": [1, {"x": None}]}),
        (("issuer", "ext:colour"), "red"),
        (("extra",), "a member that is called like ours"),
        (("valid_from",), "a member that is spelled like ours"),
    ],
)
def test_what_others_write_differently_survives_unchanged(pointer, value):
    document = with_member(pointer, value)
    before = copy.deepcopy(document)
    assert OpenBadgeCredential.from_json(document).to_json() == before
    assert document == before


def test_what_does_not_fit_can_be_seen_in_extra():
    credential = OpenBadgeCredential.from_json(with_member(("evidence",), "none") | {"ext:colour": "red"})
    assert credential.evidence == ()
    assert credential.extra == {"evidence": "none", "ext:colour": "red"}


def test_a_member_set_later_wins_over_what_could_not_be_read():
    credential = OpenBadgeCredential.from_json(with_member(("name",), 7))
    assert dataclasses.replace(credential, name="Welding").to_json()["name"] == "Welding"


def test_a_type_that_is_missing_is_not_invented():
    document = with_member(("issuer",), {"id": "did:web:acme.example"})
    credential = OpenBadgeCredential.from_json(document)
    assert credential.issuer.type == ()
    assert credential.to_json() == document


@pytest.mark.parametrize(
    ("pointer", "value", "where"),
    [
        (("id",), 7, "/id"),
        (("issuer",), None, "/issuer"),
        (("issuer",), [], "/issuer"),
        (("issuer",), {"name": "Acme"}, "/issuer/id"),
        (("credentialSubject",), {}, "/credentialSubject/achievement"),
        (("credentialSubject",), [{}, {}], "/credentialSubject"),
        (("credentialSubject", "achievement"), "https://x.example", "/credentialSubject/achievement"),
        (("credentialSubject", "achievement", "criteria"), "Weld.", "/credentialSubject/achievement/criteria"),
        (("credentialSubject", "achievement", "name"), ["a", "b"], "/credentialSubject/achievement/name"),
        (("validFrom",), True, "/validFrom"),
    ],
)
def test_a_required_member_that_cannot_be_read_is_named(pointer, value, where):
    with pytest.raises(Malformed) as caught:
        OpenBadgeCredential.from_json(with_member(pointer, value))
    assert caught.value.pointer == where


NAMES = st.sampled_from(
    [
        "@context",
        "id",
        "type",
        "name",
        "image",
        "issuer",
        "credentialStatus",
        "evidence",
        "proof",
        "alignment",
        "criteria",
        "address",
        "geo",
        "x",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)


def identical(first, second) -> bool:
    """Equal, and 1 is neither 1.0 nor true."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_any_document_survives_reading_and_writing(members):
    document = CREDENTIAL.to_json() | members
    before = copy.deepcopy(document)
    try:
        written = OpenBadgeCredential.from_json(document).to_json()
    except Malformed:
        return
    assert identical(written, before)


@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from([Evidence, Address, Criteria, Result, EndorsementCredential, Image]))
def test_any_part_survives_reading_and_writing(members, part):
    try:
        written = part.from_json(members)
    except Malformed:
        return
    assert identical(written.to_json(), members)
    assert part.from_json(written.to_json()) == written
