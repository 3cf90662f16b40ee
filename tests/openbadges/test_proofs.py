"""Data Integrity proofs: the published vectors, and what a signed document is made of."""

import copy
import hashlib
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from hexmark.openbadges import base58, multibase, strict_json
from hexmark.openbadges.errors import ProofError, UnsafeDocument
from hexmark.openbadges.jsonld import canonical
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import (
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
