"""Data Integrity proofs: the published vectors, and every way in which a proof does not hold."""

import contextlib
import copy
import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hexmark.openbadges import base58, contexts, multibase, strict_json
from hexmark.openbadges.errors import FormatError, ProofError, UnsafeDocument
from hexmark.openbadges.jsonld import Contexts, canonical, canonical_later
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import (
    Expected,
    add_proof,
    canonical_hash,
    check_proof,
    hash_data,
    proof_options,
    proofs_of,
    supported,
)

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


# --- published vectors ---------------------------------------------------------------------------------------------


@pytest.fixture(params=["eddsa-rdfc-2022", "eddsa-rdfc-2022/employ"])
def vector(request, reference_data) -> Path:
    return reference_data / "vectors" / "vc-di-eddsa" / "TestVectors" / request.param


def text_of(vector: Path, name: str) -> str:
    return (vector / f"{name}DataInt.txt").read_bytes().decode()


@pytest.fixture
def specified_key(reference_data) -> SigningKey:
    pair = json.loads((reference_data / "vectors/vc-di-eddsa/TestVectors/keyPair.json").read_text())
    return secret_key(pair)


def secret_key(pair: dict[str, str]) -> SigningKey:
    seed = base58.decode(pair["privateKeyMultibase"][1:]).removeprefix(multibase.ED25519_SECRET)
    key = SigningKey.from_seed(seed)
    assert key.public.multibase == pair["publicKeyMultibase"]
    return key


def test_the_w3c_vectors_are_reproduced_step_by_step(vector, w3c_contexts, specified_key):
    """W3C Data Integrity EdDSA Cryptosuites v1.0, appendix B.1 and B.2."""
    read = partial(canonical, using=w3c_contexts)
    document = strict_json.parse((vector / "signedDataInt.json").read_bytes())
    proof = document["proof"]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}

    assert read(unsecured).decode() == text_of(vector, "canonDoc")
    assert canonical_hash(document, canonicalize=read).hex() == text_of(vector, "docHash").strip()
    configuration = {**options, "@context": document["@context"]}
    assert configuration == json.loads((vector / "proofConfigDataInt.json").read_text())
    assert read(configuration).decode() == text_of(vector, "proofCanon")
    assert hashlib.sha256(read(configuration)).hexdigest() == text_of(vector, "proofHash").strip()

    data = hash_data(unsecured, options, canonicalize=read)
    assert data.hex() == text_of(vector, "combinedHash").strip()
    assert specified_key.sign(data).hex() == text_of(vector, "sigHex").strip()
    assert multibase.encode(specified_key.sign(data)) == proof["proofValue"] == text_of(vector, "sigBTC58").strip()
    check_proof(document, proof, specified_key.public, canonicalize=read)


@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_every_proof_of_the_w3c_sets_and_chains_holds(name, reference_data, w3c_contexts):
    folder = reference_data / "vectors/vc-di-eddsa/TestVectors/proof-set-chain"
    document = strict_json.parse((folder / f"{name}.json").read_bytes())
    proofs = proofs_of(document)
    assert proofs
    for proof in proofs:
        key = multibase.decode_multikey(proof["verificationMethod"].partition("#")[2])
        check_proof(document, proof, key, canonicalize=partial(canonical, using=w3c_contexts))


def test_a_chain_breaks_with_the_proof_it_builds_upon(reference_data, w3c_contexts):
    folder = reference_data / "vectors/vc-di-eddsa/TestVectors/proof-set-chain"
    document = strict_json.parse((folder / "signedProofChain2.json").read_bytes())
    read = partial(canonical, using=w3c_contexts)
    *_, third, fourth = proofs_of(document)
    key = multibase.decode_multikey(fourth["verificationMethod"].partition("#")[2])
    for broken in (
        [fourth],
        [{**third, "created": "2023-02-26T22:06:39Z"}, fourth],
        [{**third, "previousProof": "urn:uuid:nowhere"}, fourth],
    ):
        with pytest.raises(ProofError):
            check_proof({**document, "proof": broken}, fourth, key, canonicalize=read)


SIGNED_SAMPLES = [
    "complete.json",
    "endorsement-valid.json",
    "simple-context-alias.json",
    "simple-context-version.json",
    "simple-multiple-proofs.json",
    "simple.json",
]


@pytest.mark.parametrize("name", SIGNED_SAMPLES)
def test_the_published_samples_are_signed_with_the_key_that_they_name(name, reference_data):
    """Integrity only: a key in a fragment says nothing about the issuer."""
    document = strict_json.parse((reference_data / "vectors/ob-samples/valid" / name).read_bytes())
    checked = 0
    for proof in filter(supported, proofs_of(document)):
        check_proof(document, proof, multibase.decode_multikey(proof["verificationMethod"].partition("#")[2]))
        checked += 1
    assert checked == 1


def test_a_sample_with_a_wrong_signature_is_refused(reference_data):
    document = strict_json.parse((reference_data / "vectors/ob-samples/invalid/simple-err-proof-value.json").read_bytes())
    (proof,) = proofs_of(document)
    with pytest.raises(ProofError):
        check_proof(document, proof, multibase.decode_multikey(proof["verificationMethod"].partition("#")[2]))


# --- signing -------------------------------------------------------------------------------------------------------


def test_what_is_signed_verifies_and_nothing_given_is_changed(badge, signing_key, created):
    before = copy.deepcopy(badge)
    document = add_proof(badge, key=signing_key, verification_method=METHOD, created=created)
    assert badge == before
    after = copy.deepcopy(document)
    check_proof(document, document["proof"][0], signing_key.public)
    assert document == after


def test_a_proof_is_written_as_an_array_of_one_with_what_the_suite_asks(signed):
    (proof,) = signed["proof"]
    assert list(proof) == ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"]
    assert proof["type"] == "DataIntegrityProof"
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["created"] == "2026-01-31T09:00:00Z"
    assert proof["proofPurpose"] == "assertionMethod"
    assert len(multibase.decode(proof["proofValue"], length=64)) == 64


def test_signing_the_same_document_again_gives_the_same_bytes(badge, signing_key, created):
    def sign():
        return add_proof(badge, key=signing_key, verification_method=METHOD, created=created)

    assert strict_json.dump(sign()) == strict_json.dump(sign())


def test_a_signed_document_survives_being_written_and_read(signed, signing_key):
    again = strict_json.parse(strict_json.dump(signed))
    check_proof(again, again["proof"][0], signing_key.public)


def test_a_second_proof_stands_beside_the_first(signed, created):
    other = SigningKey.from_seed(b"2" * 32)
    both = add_proof(signed, key=other, verification_method="did:web:other.example#k", created=created)
    assert both["proof"][0] == signed["proof"][0]
    check_proof(both, both["proof"][1], other.public)


def test_the_moment_of_signing_is_written_in_utc_and_needs_a_time_zone(badge, signing_key):
    east = datetime(2026, 1, 31, 10, 0, tzinfo=UTC).astimezone(tz=None)
    assert proof_options(verification_method=METHOD, created=east)["created"] == "2026-01-31T10:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        add_proof(badge, key=signing_key, verification_method=METHOD, created=datetime(2026, 1, 31))


def test_a_document_that_a_signature_would_not_cover_is_not_signed(badge, signing_key, created):
    badge["salary"] = 9
    with pytest.raises(UnsafeDocument):
        add_proof(badge, key=signing_key, verification_method=METHOD, created=created)


def test_the_hash_of_a_document_leaves_its_proofs_out(badge, signed):
    assert canonical_hash(signed) == canonical_hash(badge) == hashlib.sha256(canonical(badge)).digest()


# --- documents without a proof -------------------------------------------------------------------------------------


def test_a_document_without_a_proof_says_so(badge):
    with pytest.raises(ProofError) as refused:
        proofs_of(badge)
    assert refused.value.full_code == "INVALID/NO_PROOF"


@pytest.mark.parametrize("value", [[], {}, None, "proof", 5, [[]], [{}], ["x"], [None], [{"type": "x"}, None]])
def test_what_stands_as_proof_and_is_none_is_refused(badge, value):
    with pytest.raises(ProofError) as refused:
        proofs_of({**badge, "proof": value})
    assert refused.value.full_code == "PARSING_ERROR/NO_PROOF"


def test_one_proof_may_stand_without_an_array(signed, signing_key):
    document = {**signed, "proof": signed["proof"][0]}
    (proof,) = proofs_of(document)
    check_proof(document, proof, signing_key.public)


def test_proofs_are_handed_out_as_copies(signed):
    proofs_of(signed)[0].clear()
    assert signed["proof"][0]


# --- proofs that do not hold ---------------------------------------------------------------------------------------

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


# --- properties ----------------------------------------------------------------------------------------------------


def strings(value: object, path: tuple = ()) -> list[tuple]:
    """The paths of all strings below, but those of contexts: which of two revisions a badge names is not signed."""
    if isinstance(value, str):
        return [path]
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in members if name != "@context" for found in strings(item, (*path, name))]


def objects(value: object, path: tuple = ()) -> list[tuple]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [found for name, item in members if name != "@context" for found in objects(item, (*path, name))]
    return [path, *inner] if isinstance(value, dict) else inner


def at(document: dict, path: tuple):
    for name in path:
        document = document[name]
    return document


@pytest.fixture(scope="module")
def sealed() -> tuple[dict, SigningKey]:
    from importlib import util

    spec = util.spec_from_file_location("badge_of_these_tests", Path(__file__).with_name("conftest.py"))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    key = SigningKey.from_seed(b"3" * 32)
    moment = datetime(2026, 1, 31, tzinfo=UTC)
    return add_proof(module.BADGE, key=key, verification_method=METHOD, created=moment), key


def verifies(document: dict, key: SigningKey) -> bool:
    with contextlib.suppress(FormatError):
        for proof in proofs_of(document):
            check_proof(document, proof, key.public)
        return True
    return False


@settings(deadline=None, max_examples=3000)
@given(st.data())
def test_no_string_can_be_changed_by_one_character(sealed, data):
    document, key = sealed
    path = data.draw(st.sampled_from(strings(document)))
    text = at(document, path)
    where = data.draw(st.integers(0, len(text)))
    character = data.draw(st.characters(exclude_categories=["Cs"]))
    other = data.draw(
        st.sampled_from([text[:where] + character + text[where:], text[:where] + character + text[where + 1 :], text[:where]])
    )
    assume(other != text)
    mutated = copy.deepcopy(document)
    at(mutated, path[:-1])[path[-1]] = other
    assert not verifies(mutated, key)


@settings(deadline=None, max_examples=3000)
@given(st.data())
def test_no_member_can_be_added_removed_or_renamed(sealed, data):
    document, key = sealed
    mutated = copy.deepcopy(document)
    place = at(mutated, data.draw(st.sampled_from(objects(document))))
    act = data.draw(st.sampled_from(["add", "remove", "rename"]))
    name = data.draw(
        st.sampled_from(["name", "id", "description", "evidence", "image", "x", "@id", "validUntil", "proof"]) | st.text(max_size=8)
    )
    victim = data.draw(st.sampled_from(sorted(place)))
    if act == "add":
        assume(name not in place)
        place[name] = data.draw(st.sampled_from(["x", "urn:x", 5, None, True, [], {}, ["x"], {"id": "urn:x"}]))
    else:
        assume(act == "remove" or name != victim)
        value = place.pop(victim)
        if act == "rename":
            assume(name not in place)
            place[name] = value
    assert not verifies(mutated, key)


def test_the_unchanged_document_of_these_properties_verifies(sealed):
    assert verifies(*sealed)
