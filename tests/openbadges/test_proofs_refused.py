"""Every way in which a proof does not hold, and what a verifier may expect of one."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from hexmark.openbadges import base58, contexts, multibase
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jsonld import Contexts, canonical, canonical_later
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import Expected, add_proof, check_proof, hash_data, proof_options, proofs_of, supported

METHOD = "did:web:badges.example:o:acme#key-1"


@pytest.fixture
def signed(badge, signing_key, created) -> dict:
    return add_proof(badge, key=signing_key, verification_method=METHOD, created=created)


def refusal(document, key: SigningKey, **arguments) -> FormatError:
    with pytest.raises(FormatError) as refused:
        check_proof(document, proofs_of(document)[0], key.public, **arguments)
    return refused.value


def changed(document: dict, **members: object) -> dict:
    """The document with these members of its one proof changed; None removes one."""
    proof = {name: value for name, value in {**document["proof"][0], **members}.items() if value is not None}
    return {**document, "proof": [proof]}


BIT = "z" + base58.encode(b"\1" * 64)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        pytest.param({"proofValue": BIT}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="D03 another signature"),
        pytest.param({"proofValue": "z"}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D04 empty"),
        pytest.param({"proofValue": ""}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D04 nothing"),
        pytest.param({"proofValue": "z" + base58.encode(b"\1" * 63)}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D04 truncated"),
        pytest.param({"proofValue": "z" + base58.encode(b"\1" * 65)}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D04 extended"),
        pytest.param({"proofValue": "z" * 100_000}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D04 endless"),
        pytest.param({"proofValue": "u" + "A" * 86}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D05 base64url"),
        pytest.param({"proofValue": "m" + "A" * 86}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D05 base64"),
        pytest.param({"proofValue": "z0OIl"}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="D06 not base58"),
        pytest.param({"proofValue": 5}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="number"),
        pytest.param({"proofValue": None}, "PROOF_VERIFICATION_ERROR/PROOF_VALUE", id="missing"),
        pytest.param({"type": "SomeProofType"}, "PROOF_VERIFICATION_ERROR/UNKNOWN_PROOF_TYPE", id="unknown type"),
        pytest.param({"type": ["DataIntegrityProof"]}, "PROOF_VERIFICATION_ERROR/UNKNOWN_PROOF_TYPE", id="array as type"),
        pytest.param({"type": None}, "PROOF_VERIFICATION_ERROR/UNKNOWN_PROOF_TYPE", id="no type"),
        pytest.param({"cryptosuite": "eddsa-rdf-2022"}, "PROOF_VERIFICATION_ERROR/UNKNOWN_CRYPTOSUITE", id="D12 unknown suite"),
        pytest.param({"cryptosuite": "EDDSA-RDFC-2022"}, "PROOF_VERIFICATION_ERROR/UNKNOWN_CRYPTOSUITE", id="D12 upper case"),
        pytest.param({"cryptosuite": ["eddsa-rdfc-2022"]}, "PROOF_VERIFICATION_ERROR/UNKNOWN_CRYPTOSUITE", id="D12 array"),
        pytest.param({"cryptosuite": None}, "PROOF_VERIFICATION_ERROR/UNKNOWN_CRYPTOSUITE", id="D12 missing"),
        pytest.param({"proofPurpose": None}, "INVALID_PROOF_PURPOSE", id="D17 missing"),
        pytest.param({"proofPurpose": "authentication"}, "INVALID_PROOF_PURPOSE", id="D17 authentication"),
        pytest.param({"proofPurpose": "invalidPurpose"}, "INVALID_PROOF_PURPOSE", id="D17 invented"),
        pytest.param({"proofPurpose": ["assertionMethod"]}, "INVALID_PROOF_PURPOSE", id="D17 array"),
        pytest.param({"verificationMethod": None}, "PROOF_VERIFICATION_ERROR/VERIFICATION_METHOD", id="no key named"),
        pytest.param({"verificationMethod": {"id": METHOD}}, "PROOF_VERIFICATION_ERROR/VERIFICATION_METHOD", id="embedded key"),
        pytest.param({"verificationMethod": "did:web:evil.example#k"}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="another key named"),
        pytest.param({"created": "2026-01-31"}, "PROOF_VERIFICATION_ERROR/TIMESTAMP", id="created without a time"),
        pytest.param({"created": "2026-01-31T09:00:00"}, "PROOF_VERIFICATION_ERROR/TIMESTAMP", id="created without a zone"),
        pytest.param({"created": "2026-02-31T09:00:00Z"}, "PROOF_VERIFICATION_ERROR/TIMESTAMP", id="created on no day"),
        pytest.param({"created": 5}, "PROOF_VERIFICATION_ERROR/TIMESTAMP", id="created is a number"),
        pytest.param({"created": "2026-01-31T09:00:01Z"}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="created changed"),
        pytest.param({"created": None}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="created removed"),
        pytest.param({"expires": "soon"}, "PROOF_VERIFICATION_ERROR/TIMESTAMP", id="malformed expiry"),
        pytest.param({"expires": "2099-01-01T00:00:00Z"}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="expiry added"),
        pytest.param({"domain": "verifier.example"}, "INVALID_DOMAIN_ERROR", id="D28 unexpected domain"),
        pytest.param({"challenge": "abc"}, "INVALID_CHALLENGE_ERROR", id="D28 unexpected challenge"),
        pytest.param({"nonce": "abc"}, "PROOF_VERIFICATION_ERROR/SIGNATURE", id="nonce added"),
        pytest.param({"remark": "abc"}, "PROOF_TRANSFORMATION_ERROR/UNDEFINED_TERM", id="undefined member"),
        pytest.param({"@id": "urn:x"}, "KEYWORD_IN_BODY", id="keyword"),
        pytest.param({"previousProof": "urn:uuid:nowhere"}, "PROOF_VERIFICATION_ERROR/PREVIOUS_PROOF", id="D32 missing"),
        pytest.param({"previousProof": []}, "PROOF_VERIFICATION_ERROR/PREVIOUS_PROOF", id="D32 none named"),
        pytest.param({"previousProof": 5}, "PROOF_VERIFICATION_ERROR/PREVIOUS_PROOF", id="D32 number"),
        pytest.param({"id": "urn:p", "previousProof": "urn:p"}, "PROOF_VERIFICATION_ERROR/PREVIOUS_PROOF", id="D32 itself"),
        pytest.param({"@context": [contexts.CREDENTIALS_V2]}, "PROOF_VERIFICATION_ERROR/PROOF_CONTEXT", id="D34 fewer contexts"),
        pytest.param({"@context": "https://evil.example/"}, "PROOF_VERIFICATION_ERROR/PROOF_CONTEXT", id="D34 other context"),
    ],
)
def test_a_proof_that_was_changed_does_not_hold(signed, signing_key, members, code):
    assert refusal(changed(signed, **members), signing_key).full_code == code


def test_a_proof_that_repeats_the_contexts_of_its_document_holds(signed, signing_key):
    document = changed(signed, **{"@context": signed["@context"]})
    check_proof(document, document["proof"][0], signing_key.public)


def test_the_proof_of_another_key_does_not_hold(signed):
    assert refusal(signed, SigningKey.from_seed(b"2" * 32)).full_code == "PROOF_VERIFICATION_ERROR/SIGNATURE"


def test_proofs_that_build_upon_each_other_do_not_hold(signed, signing_key):
    (proof,) = signed["proof"]
    one = {**proof, "id": "urn:one", "previousProof": "urn:two"}
    two = {**proof, "id": "urn:two", "previousProof": "urn:one"}
    found = refusal({**signed, "proof": [one, two]}, signing_key)
    assert found.full_code == "PROOF_VERIFICATION_ERROR/PREVIOUS_PROOF"


def test_an_unknown_proof_beside_a_good_one_harms_nothing(signed, signing_key):
    unknown = {"type": "SomeProofType", "created": "2022-11-16T18:54:22Z", "proofPurpose": "assertionMethod"}
    document = {**signed, "proof": [unknown, *signed["proof"]]}
    assert [supported(proof) for proof in proofs_of(document)] == [False, True]
    check_proof(document, proofs_of(document)[1], signing_key.public)


@pytest.mark.parametrize("proof", [{}, {"type": "DataIntegrityProof"}, {"type": "DataIntegrityProof", "cryptosuite": ["eddsa-rdfc-2022"]}])
def test_half_a_proof_is_not_supported(proof):
    assert not supported(proof)


# --- what a verifier expects ---------------------------------------------------------------------------------------


def signed_with(badge: dict, key: SigningKey, created: datetime, **members: object) -> dict:
    options = {**proof_options(verification_method=METHOD, created=created), **members}
    return {**badge, "proof": [{**options, "proofValue": multibase.encode(key.sign(hash_data(badge, options)))}]}


def test_a_proof_for_one_verifier_holds_for_that_one_only(badge, signing_key, created):
    document = signed_with(badge, signing_key, created, domain="verifier.example", challenge="c-1")
    (proof,) = document["proof"]
    check_proof(document, proof, signing_key.public, expected=Expected(domain="verifier.example", challenge="c-1"))
    for expected, code in (
        (Expected(), "INVALID_DOMAIN_ERROR"),
        (Expected(domain="other.example", challenge="c-1"), "INVALID_DOMAIN_ERROR"),
        (Expected(domain="verifier.example"), "INVALID_CHALLENGE_ERROR"),
        (Expected(domain="verifier.example", challenge="c-2"), "INVALID_CHALLENGE_ERROR"),
    ):
        assert refusal(document, signing_key, expected=expected).full_code == code


def test_a_proof_without_a_challenge_does_not_answer_one(signed, signing_key):
    assert refusal(signed, signing_key, expected=Expected(challenge="c")).full_code == "INVALID_CHALLENGE_ERROR"


def test_an_expired_proof_does_not_hold(badge, signing_key, created):
    document = signed_with(badge, signing_key, created, expires="2026-02-28T00:00:00Z")
    (proof,) = document["proof"]
    check_proof(document, proof, signing_key.public)
    check_proof(document, proof, signing_key.public, expected=Expected(at=created))
    late = Expected(at=created + timedelta(days=60))
    assert refusal(document, signing_key, expected=late).full_code == "PROOF_VERIFICATION_ERROR/PROOF_EXPIRED"


def test_another_purpose_can_be_expected(badge, signing_key, created):
    document = signed_with(badge, signing_key, created, proofPurpose="authentication")
    (proof,) = document["proof"]
    check_proof(document, proof, signing_key.public, expected=Expected(purpose="authentication"))
    assert refusal(document, signing_key).full_code == "INVALID_PROOF_PURPOSE"


# --- two revisions of one context ----------------------------------------------------------------------------------


def later_only(url: str) -> dict:
    return contexts.context(url, revision=1)


def test_a_badge_signed_under_the_later_revision_verifies(badge, signing_key, created):
    badge["endorsementJwt"] = ["eyJhbGciOiJFZERTQSJ9.e30.c2ln"]
    options = proof_options(verification_method=METHOD, created=created)
    data = hash_data(badge, options, canonicalize=partial(canonical, using=Contexts(later_only)))
    document = {**badge, "proof": [{**options, "proofValue": multibase.encode(signing_key.sign(data))}]}
    check_proof(document, document["proof"][0], signing_key.public)


def test_the_second_reading_is_asked_for_only_when_the_first_fails(signed, signing_key):
    asked: list[str] = []

    def reading(name, function):
        def read(document):
            asked.append(name)
            return function(document)

        return read

    arguments = {"canonicalize": reading("first", canonical), "canonicalize_later": reading("later", canonical_later)}
    check_proof(signed, signed["proof"][0], signing_key.public, **arguments)
    assert asked == ["first", "first"]
    assert refusal(changed(signed, created="2026-01-31T09:00:01Z"), signing_key, **arguments).full_code.endswith("SIGNATURE")
    assert asked == ["first"] * 4 + ["later"] * 2


def test_a_document_with_one_reading_is_read_once(badge, signing_key, created):
    badge["@context"][1] = badge["@context"][1].replace("3.0.3", "3.0.2")
    document = add_proof(badge, key=signing_key, verification_method=METHOD, created=created)

    def never(_document):
        raise AssertionError

    assert refusal(changed(document, nonce="x"), signing_key, canonicalize_later=never).full_code.endswith("SIGNATURE")
