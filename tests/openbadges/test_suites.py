"""Every cryptosuite against the published vectors: canonical form, hashes, verification, and the same signature again."""

import copy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.openbadges.samples import BADGE
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges import canonical_json, multibase, strict_json
from hexmark.openbadges.errors import FormatError, Malformed, ProofError
from hexmark.openbadges.jsonld import canonical
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, canonical_hash, check_proof, hash_data, proof_options, proofs_of, supported
from hexmark.openbadges.suites import SUITES, Suite, suite_for_signing, suites_of

METHOD = "did:web:badges.example:o:acme#key-1"
ED25519, P256, P384 = ("vc-di-eddsa", "keyPair"), ("vc-di-ecdsa", "p256KeyPair"), ("vc-di-ecdsa", "p384KeyPair")


@dataclass(frozen=True)
class Vector:
    """A folder of one published vector. `mark` ends the names of its files."""

    folder: Path
    mark: str
    key: SigningKey

    def text(self, name: str) -> str:
        return (self.folder / f"{name}{self.mark}.txt").read_bytes().decode()

    def json(self, name: str) -> dict:
        return strict_json.parse((self.folder / f"{name}{self.mark}.json").read_bytes())


VECTORS = {
    "eddsa-rdfc-2022": (ED25519, "DataInt"),
    "eddsa-rdfc-2022/employ": (ED25519, "DataInt"),
    "eddsa-jcs-2022": (ED25519, "JCS"),
    "Ed25519Signature2020": (ED25519, "EdSig"),
    "ecdsa-rdfc-2019-p256": (P256, "ECDSAP256"),
    "ecdsa-rdfc-2019-p256/employ": (P256, "ECDSAP256"),
    "ecdsa-rdfc-2019-p384": (P384, "ECDSAP384"),
    "ecdsa-rdfc-2019-p384/employ": (P384, "ECDSAP384"),
    "ecdsa-jcs-2019-p256": (P256, "JCSECDSAP256"),
    "ecdsa-jcs-2019-p384": (P384, "JCSECDSAP384"),
}


@pytest.fixture(params=VECTORS)
def vector(request, reference_data) -> Vector:
    (source, pair), mark = VECTORS[request.param]
    folder = reference_data / "vectors" / source / "TestVectors"
    secrets = json.loads((folder / f"{pair}.json").read_text())
    key = multibase.decode_secret_multikey(secrets.get("secretKeyMultibase") or secrets["privateKeyMultibase"])
    assert key.public.multibase == secrets["publicKeyMultibase"]
    return Vector(folder / request.param, mark, key)


def parts(document: dict) -> tuple[dict, dict, dict]:
    """The document without its proof, the proof, and the proof without its value."""
    proof = document["proof"]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return unsecured, proof, {name: value for name, value in proof.items() if name != "proofValue"}


def suite_of(proof: dict, key: SigningKey) -> Suite:
    (suite,) = [suite for suite in suites_of(proof) if suite.key_kind == key.public.kind]
    return suite


def test_the_w3c_vectors_are_reproduced_step_by_step(vector, w3c_contexts):
    """W3C Data Integrity EdDSA Cryptosuites v1.0, B.1 to B.3; ECDSA Cryptosuites v1.0, A.1 to A.6."""
    read = partial(canonical, using=w3c_contexts)
    document = vector.json("signed")
    unsecured, proof, options = parts(document)
    suite = suite_of(proof, vector.key)
    if suite.form == "JCS":
        configuration, form = options, canonical_json.canonical
    else:
        configuration, form = {**options, "@context": document["@context"]}, partial(read, hash_name=suite.hash_name)

    assert form(unsecured).decode() == vector.text("canonDoc")
    assert canonical_hash(document, suite=suite, canonicalize=read).hex() == vector.text("docHash").strip()
    assert configuration == vector.json("proofConfig")
    assert form(configuration).decode() == vector.text("proofCanon")
    assert suite.digest(form(configuration)).hex() == vector.text("proofHash").strip()
    data = hash_data(unsecured, options, suite=suite, canonicalize=read)
    assert data.hex() == vector.text("combinedHash").strip()

    check_proof(document, proof, vector.key.public, canonicalize=read)
    signature = vector.key.sign(data)
    assert signature.hex() == vector.text("sigHex").strip()
    assert multibase.encode(signature) == proof["proofValue"] == vector.text("sigBTC58").strip()


def test_a_w3c_vector_does_not_hold_for_a_changed_document(vector, w3c_contexts):
    document = vector.json("signed")
    for changed in (
        {**document, "id": "urn:uuid:another"},
        {**document, "proof": {**document["proof"], "created": "2023-02-24T23:36:39Z"}},
    ):
        with pytest.raises(ProofError) as refused:
            check_proof(changed, changed["proof"], vector.key.public, canonicalize=partial(canonical, using=w3c_contexts))
        assert refused.value.detail == "SIGNATURE"


# --- signing with each suite ---------------------------------------------------------------------------------------

ISSUED = [suite for suite in SUITES if suite.issued]
ids = {"ids": lambda suite: f"{suite.name} {suite.key_kind}"}


def sign(document: dict, suite: Suite, created) -> dict:
    return add_proof(document, key=KEYS[suite.key_kind], verification_method=METHOD, created=created, cryptosuite=suite.name)


@pytest.mark.parametrize("suite", ISSUED, **ids)
def test_what_is_signed_verifies_and_is_the_same_again(suite, badge, created):
    before = copy.deepcopy(badge)
    document = sign(badge, suite, created)
    (proof,) = document["proof"]
    assert badge == before
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", suite.name)
    assert len(multibase.decode(proof["proofValue"], length=suite.signature_bytes)) == suite.signature_bytes
    check_proof(document, proof, KEYS[suite.key_kind].public)
    assert sign(badge, suite, created) == document


@pytest.mark.parametrize("suite", ISSUED, **ids)
def test_a_badge_may_carry_a_proof_of_each_suite(suite, badge, created):
    document = sign(sign(badge, SUITES[0], created), suite, created)
    first, second = proofs_of(document)
    check_proof(document, first, KEYS["Ed25519"].public)
    check_proof(document, second, KEYS[suite.key_kind].public)


def test_a_key_signs_with_the_suite_that_is_preferred_for_its_kind(badge, created):
    for kind, name in {"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019", "P-384": "ecdsa-rdfc-2019"}.items():
        document = add_proof(badge, key=KEYS[kind], verification_method=METHOD, created=created)
        assert document["proof"][0]["cryptosuite"] == name


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("RSA", None),
        ("RSA", "eddsa-rdfc-2022"),
        ("P-256", "eddsa-rdfc-2022"),
        ("Ed25519", "ecdsa-rdfc-2019"),
        ("Ed25519", "eddsa-2022"),
        ("Ed25519", "Ed25519Signature2020"),
        ("Ed25519", "EDDSA-RDFC-2022"),
    ],
)
def test_a_key_does_not_sign_with_a_suite_that_is_not_for_it_or_is_deprecated(badge, created, kind, name):
    with pytest.raises(ProofError) as refused:
        add_proof(badge, key=KEYS[kind], verification_method=METHOD, created=created, cryptosuite=name)
    assert refused.value.detail == "KEY_KIND"


def test_each_suite_stands_once_for_each_kind_of_key():
    assert len({(suite.name, suite.key_kind) for suite in SUITES}) == len(SUITES)
    assert suite_for_signing("P-384").hash_name == "SHA-384"


# --- what does not hold --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", ISSUED, **ids)
def test_a_proof_is_held_to_the_kind_of_key_of_its_suite(suite, badge, created):
    document = sign(badge, suite, created)
    for kind, key in KEYS.items():
        if kind not in {other.key_kind for other in SUITES if other.name == suite.name}:
            with pytest.raises(ProofError) as refused:
                check_proof(document, document["proof"][0], key.public)
            assert refused.value.detail == "KEY_KIND"


PAIRS = [(one, other) for one in ISSUED for other in SUITES if one.name != other.name]


@pytest.mark.parametrize(("suite", "other"), PAIRS)
def test_the_signature_of_one_suite_is_not_that_of_another(suite, other, badge, created):
    document = sign(badge, suite, created)
    renamed = {**document["proof"][0], "type": other.proof_type, "cryptosuite": other.name}
    if other.proof_type == other.name:
        del renamed["cryptosuite"]
    with pytest.raises(FormatError):
        check_proof(document, renamed, KEYS[suite.key_kind].public)


def test_a_signature_over_the_shorter_hash_with_a_key_of_p384_is_refused(badge, created):
    """D15."""
    shorter = Suite("ecdsa-rdfc-2019", "P-384", "SHA-256", 96)
    options = proof_options(verification_method=METHOD, created=created, suite=shorter)
    value = multibase.encode(KEYS["P-384"].sign(hash_data(badge, options, suite=shorter)))
    document = {**badge, "proof": [{**options, "proofValue": value}]}
    with pytest.raises(ProofError) as refused:
        check_proof(document, document["proof"][0], KEYS["P-384"].public)
    assert refused.value.detail == "SIGNATURE"


@pytest.mark.parametrize(
    "proof",
    [
        {"type": "Ed25519Signature2020", "cryptosuite": "eddsa-rdfc-2022"},
        {"type": "Ed25519Signature2020", "cryptosuite": "Ed25519Signature2020"},
        {"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2018"},
        {"type": ["Ed25519Signature2020"]},
        {"type": "DataIntegrityProof", "cryptosuite": ["ecdsa-rdfc-2019"]},
        {"type": "DataIntegrityProof", "cryptosuite": "ECDSA-RDFC-2019"},
    ],
)
def test_half_of_two_proofs_is_not_supported(proof):
    assert not supported(proof)


@pytest.mark.parametrize("contexts", [[], ["https://www.w3.org/ns/credentials/v2"], ["https://evil.example/"], None])
def test_a_canonical_json_proof_under_other_contexts_does_not_hold(badge, created, contexts):
    document = sign(badge, suite_for_signing("Ed25519", "eddsa-jcs-2022"), created)
    proof = {**document["proof"][0], "@context": contexts}
    with pytest.raises(ProofError) as refused:
        check_proof({**document, "proof": [proof]}, proof, KEYS["Ed25519"].public)
    assert refused.value.detail == "PROOF_CONTEXT"


# --- canonical JSON ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", "1"), ("1E2", "100"), ("-0", "0"), ("-0.0", "0"), ("1e-7", "0.0000001"), ('"\\u20ac"', '"€"')]
)
def test_two_ways_of_writing_one_value_are_one(one, other, created):
    """D36."""
    document = strict_json.parse(f'{{"@context": ["https://www.w3.org/ns/credentials/v2"], "value": {one}}}')
    signed = sign(document, suite_for_signing("P-256", "ecdsa-jcs-2019"), created)
    rewritten = {**signed, "value": strict_json.parse(f'{{"value": {other}}}')["value"]}
    check_proof(rewritten, signed["proof"][0], KEYS["P-256"].public)


def test_the_example_of_rfc_8785_has_its_text():
    """RFC 8785, 3.2.2 to 3.2.4."""
    text = (
        '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], '
        '"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}'
    )
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical_json.canonical(json.loads(text)) == expected.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800", {1: 2}, {"a": object()}, b""])
def test_what_has_no_canonical_text_is_refused(value):
    with pytest.raises(Malformed):
        canonical_json.canonical({"value": value})


SIGNED = add_proof(
    BADGE,
    key=KEYS["P-256"],
    verification_method=METHOD,
    created=datetime(2026, 1, 31, tzinfo=UTC),
    cryptosuite="ecdsa-jcs-2019",
)
TEXT = strict_json.dump(SIGNED).decode()


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_changed_character_of_a_signed_document_never_verifies(where, letter):
    """D38."""
    changed = TEXT[:where] + letter + TEXT[where + 1 :]
    try:
        document = strict_json.parse(changed)
    except FormatError:
        return
    if canonical_json.canonical(document) == canonical_json.canonical(SIGNED):
        return
    with pytest.raises(FormatError):
        check_proof(document, proofs_of(document)[0], KEYS["P-256"].public)
