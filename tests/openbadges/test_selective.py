"""ecdsa-sd-2023: the published vectors step by step, what a holder may keep back, and what nobody may add, drop or mix."""

import copy
import json
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.openbadges.samples import BADGE
from tests.openbadges.signing_keys import KEYS
from tests.simulator import NOW, Simulator

from hexmark.openbadges import canonical_json, multibase, timestamps
from hexmark.openbadges.disclosure import grouping, values
from hexmark.openbadges.errors import FormatError, Malformed, ProofError, UnsafeDocument, WorkLimit
from hexmark.openbadges.jsonld import canonical
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, check_proof, options_hash, proofs_of
from hexmark.openbadges.report import Verdict
from hexmark.openbadges.selective import MANDATORY, BaseKeys, add_base_proof, derive
from hexmark.verification import verify

METHOD = "did:web:badges.example:o:acme#key-2"
OTHER = SigningKey.from_scalar("P-256", bytes(range(2, 34)))
BASE_KEYS = BaseKeys(KEYS["P-256"], OTHER, bytes(range(32)))
REVEAL = ("/credentialSubject/achievement/name",)


@dataclass(frozen=True)
class Vector:
    """One of the two published journeys of a credential."""

    folder: object
    pointers: dict
    keys: BaseKeys

    def json(self, name):
        return json.loads((self.folder / f"{name}.json").read_text())

    @property
    def base(self):
        return self.json("addSignedSDBase")

    @property
    def unsecured(self):
        return {name: value for name, value in self.base.items() if name != "proof"}


@pytest.fixture(params=["employ", "prc"])
def vector(request, reference_data):
    folder = reference_data / "vectors" / "vc-di-ecdsa" / "TestVectors"
    material = json.loads((folder / "ecdsa-sd-2023" / "SDKeyMaterial.json").read_text())
    issuer, proof = (multibase.decode_secret_multikey(material[pair]["secretKeyMultibase"]) for pair in ("baseKeyPair", "proofKeyPair"))
    mark = {"employ": "employ", "prc": "prCred"}[request.param]
    pointers = {kind: json.loads((folder / f"{mark}{kind}.json").read_text()) for kind in ("Mandatory", "Selective")}
    return Vector(folder / "ecdsa-sd-2023" / request.param, pointers, BaseKeys(issuer, proof, bytes.fromhex(material["hmacKeyString"])))


@pytest.fixture
def read(w3c_contexts):
    return partial(canonical, using=w3c_contexts)


@pytest.fixture
def issued(badge, created):
    return add_base_proof(badge, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=["/issuer", "/validFrom"])


def holds(document, key=KEYS["P-256"].public, **settings):
    (proof,) = proofs_of(document)
    check_proof(document, proof, key, **settings)


def refused(document, **settings):
    with pytest.raises(FormatError) as caught:
        holds(document, **settings)
    return caught.value.detail


# --- the published vectors: W3C Data Integrity ECDSA Cryptosuites v1.0, A.7 and A.8 -----------------------------------------------


def test_the_statements_and_their_groups_are_those_of_the_vectors(vector, read):
    named = grouping.with_ids(vector.unsecured)
    whole = grouping.statements(named, vector.keys.hmac_key, canonicalize=read)
    transformed = vector.json("addBaseTransform")
    mandatory = grouping.group(named, vector.pointers["Mandatory"], whole, canonicalize=read)
    assert read(vector.unsecured).decode() == "".join(vector.json("addBaseDocCanon"))
    assert list(whole.lines) == vector.json("addBaseDocHMACCanon")
    assert [[index, whole.lines[index]] for index in mandatory] == transformed["mandatory"]["value"]
    rest = [[index, line] for index, line in enumerate(whole.lines) if index not in mandatory]
    assert rest == transformed["nonMandatory"]["value"]


def test_the_base_proof_of_the_vectors_is_made_again_byte_for_byte(vector, read):
    base = vector.base
    options = {name: value for name, value in base["proof"].items() if name != "proofValue"}
    assert options_hash(vector.unsecured, options, canonicalize=read).hex() == vector.json("addHashData")["proofHash"]
    again = add_base_proof(
        vector.unsecured,
        keys=vector.keys,
        verification_method=options["verificationMethod"],
        created=timestamps.parse(options["created"]),
        mandatory=vector.pointers["Mandatory"],
        canonicalize=read,
    )
    raw, parts = vector.json("addRawBaseSignatureInfo"), values.read(base["proof"]["proofValue"])
    assert isinstance(parts, values.BaseValue)
    assert (parts.base_signature.hex(), parts.proof_key.multibase) == (raw["baseSignature"], raw["publicKey"])
    assert [signature.hex() for signature in parts.signatures] == raw["signatures"]
    assert again["proof"] == [base["proof"]]
    holds(again, vector.keys.issuer.public, canonicalize=read)


def test_what_is_derived_is_the_vectors_document_and_proof(vector, read):
    shown = derive(vector.base, vector.pointers["Selective"], canonicalize=read)
    expected = vector.json("derivedRevealDocument")
    assert {**shown, "proof": shown["proof"][0]} == expected
    disclosed = vector.json("derivedDisclosureData")
    parts = values.read(expected["proof"]["proofValue"])
    assert isinstance(parts, values.DerivedValue)
    assert [[label, parts.labels[label]] for label in sorted(parts.labels)] == disclosed["labelMap"]["value"]
    assert parts.mandatory == disclosed["mandatoryIndexes"]
    assert [signature.hex() for signature in parts.signatures] == disclosed["signatures"]
    holds(expected, vector.keys.issuer.public, canonicalize=read)


def test_a_vector_does_not_hold_with_another_key_or_a_changed_word(vector, read):
    shown = vector.json("derivedRevealDocument")
    assert refused(shown, key=OTHER.public, canonicalize=read) == "SIGNATURE"
    shown["credentialSubject"]["birthCountry"] = "Utopia"
    assert refused(shown, key=vector.keys.issuer.public, canonicalize=read) == "SIGNATURE"


# --- a badge of which a part is shown ----------------------------------------------------------------------------------------------


def test_a_base_proof_covers_the_whole_badge(issued, badge):
    holds(issued)
    assert badge == BADGE
    for name, value in (("name", "Another"), ("validFrom", "2020-01-01T00:00:00Z")):
        assert refused({**issued, name: value}) == "SIGNATURE"


def test_a_holder_shows_what_they_choose_and_what_is_mandatory(issued, badge):
    shown = derive(issued, REVEAL)
    holds(shown)
    assert set(shown) == {"@context", "id", "type", "issuer", "validFrom", "credentialSubject", "proof"}
    assert shown["credentialSubject"] == {
        "type": badge["credentialSubject"]["type"],
        **({"id": badge["credentialSubject"]["id"]} if "id" in badge["credentialSubject"] else {}),
        "achievement": {name: badge["credentialSubject"]["achievement"][name] for name in ("id", "type", "name")},
    }


def test_what_was_derived_does_not_tell_what_was_kept_back(issued):
    shown = derive(issued, REVEAL)
    text = json.dumps(shown)
    assert "identityHash" not in text
    assert BASE_KEYS.hmac_key.hex() not in json.dumps(values.read(shown["proof"][0]["proofValue"]).text())
    base, derived = (values.read(document["proof"][0]["proofValue"]) for document in (issued, shown))
    assert len(derived.signatures) < len(base.signatures)


def test_two_arrays_parts_may_be_shown_apart(issued, badge):
    shown = derive(issued, ["/credentialSubject/achievement/alignment/1"])
    holds(shown)
    assert shown["credentialSubject"]["achievement"]["alignment"] == [badge["credentialSubject"]["achievement"]["alignment"][1]]


def test_everything_may_be_shown(issued, badge):
    shown = derive(issued, [""])
    holds(shown)
    assert {name: value for name, value in shown.items() if name != "proof"} == badge


def test_what_no_verifier_can_do_without_is_there_in_a_whole_badge(badge, created):
    document = {**badge, "validUntil": "2030-01-01T00:00:00Z"}
    present = [pointer for pointer in MANDATORY if pointer.count("/") > 1 or pointer[1:] in document]
    issued = add_base_proof(document, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=present)
    shown = derive(issued, [])
    holds(shown)
    assert shown["credentialSubject"]["achievement"] == badge["credentialSubject"]["achievement"]
    assert "identifier" not in shown["credentialSubject"]


def test_nothing_shown_is_no_document(badge, created):
    issued = add_base_proof(badge, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=[])
    with pytest.raises(ProofError):
        derive(issued, [])


def test_what_is_derived_cannot_be_derived_from(issued):
    with pytest.raises(ProofError) as caught:
        derive(derive(issued, REVEAL), REVEAL)
    assert caught.value.detail == "PROOF_VALUE"


def test_a_badge_without_such_a_proof_has_no_part_to_show(badge, created):
    signed = add_proof(badge, key=KEYS["Ed25519"], verification_method=METHOD, created=created)
    with pytest.raises(ProofError) as caught:
        derive(signed, REVEAL)
    assert caught.value.detail == "NO_PROOF"


def test_only_keys_of_the_suites_kind_sign(badge, created):
    for keys in (BaseKeys(KEYS["Ed25519"], OTHER, bytes(32)), BaseKeys(KEYS["P-256"], KEYS["P-384"], bytes(32))):
        with pytest.raises(ProofError) as caught:
            add_base_proof(badge, keys=keys, verification_method=METHOD, created=created, mandatory=["/issuer"])
        assert caught.value.detail == "KEY_KIND"


def test_it_stands_beside_another_proof(badge, created):
    signed = add_proof(badge, key=KEYS["Ed25519"], verification_method=METHOD, created=created)
    both = add_base_proof(signed, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=["/issuer"])
    first, second = proofs_of(both)
    check_proof(both, first, KEYS["Ed25519"].public)
    check_proof(both, second, KEYS["P-256"].public)


# --- what nobody may do -----------------------------------------------------------------------------------------------------------


def test_a_statement_cannot_be_dropped_from_what_is_shown(issued):
    shown = derive(issued, [*REVEAL, "/credentialSubject/achievement/description"])
    del shown["credentialSubject"]["achievement"]["description"]
    assert refused(shown) == "SIGNATURE"


def test_a_statement_cannot_be_added_to_what_is_shown(issued):
    shown = derive(issued, REVEAL)
    shown["credentialSubject"]["achievement"]["description"] = "Can fly."
    assert refused(shown) == "SIGNATURE"


def test_the_mandatory_part_cannot_be_dropped(issued):
    shown = derive(issued, REVEAL)
    del shown["validFrom"]
    assert refused(shown) == "SIGNATURE"


def test_statements_of_two_badges_cannot_be_mixed(issued, badge, created):
    another = copy.deepcopy(badge)
    another["credentialSubject"]["achievement"]["name"] = "Brain surgery"
    theirs = add_base_proof(
        another,
        keys=BaseKeys(KEYS["P-256"], SigningKey.from_scalar("P-256", bytes(range(3, 35))), BASE_KEYS.hmac_key),
        verification_method=METHOD,
        created=created,
        mandatory=["/issuer", "/validFrom"],
    )
    mine, other = derive(issued, REVEAL), derive(theirs, REVEAL)
    own, foreign = (values.read(document["proof"][0]["proofValue"]) for document in (mine, other))
    mixed = values.DerivedValue(own.base_signature, own.proof_key, foreign.signatures, own.labels, own.mandatory).text()
    assert refused({**other, "proof": [{**mine["proof"][0], "proofValue": mixed}]}) == "SIGNATURE"


def test_a_mandatory_statement_cannot_be_called_optional(issued):
    shown = derive(issued, REVEAL)
    own = values.read(shown["proof"][0]["proofValue"])
    fewer = values.DerivedValue(own.base_signature, own.proof_key, own.signatures, own.labels, own.mandatory[:-1]).text()
    assert refused({**shown, "proof": [{**shown["proof"][0], "proofValue": fewer}]}) == "SIGNATURE"
    more = values.DerivedValue(own.base_signature, own.proof_key, own.signatures, own.labels, [*own.mandatory, 10_000]).text()
    assert refused({**shown, "proof": [{**shown["proof"][0], "proofValue": more}]}) == "SIGNATURE"


def test_ids_that_are_ours_while_we_sign_are_refused(badge, created):
    badge["credentialSubject"]["achievement"]["id"] = "urn:bnid:0"
    with pytest.raises(Malformed) as caught:
        add_base_proof(badge, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=["/issuer"])
    assert caught.value.detail == "RESERVED_ID"


def test_what_no_signature_covers_is_refused_here_too(badge, created):
    with pytest.raises(UnsafeDocument):
        add_base_proof({**badge, "sneaky": 1}, keys=BASE_KEYS, verification_method=METHOD, created=created, mandatory=["/issuer"])


def test_a_document_of_parts_that_look_alike_is_refused_before_it_keeps_us_busy(issued):
    alike = {**issued, "credentialSubject": {**issued["credentialSubject"], "identifier": [{"type": "IdentityObject"}] * 40}}
    with pytest.raises(WorkLimit):
        holds(alike)


@settings(max_examples=60)
@given(data=st.data())
def test_no_changed_byte_of_a_proof_value_holds(data):
    raw = multibase.b64url_decode(SHOWN["proof"][0]["proofValue"][1:])
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = bytes([*raw[:at], raw[at] ^ data.draw(st.integers(1, 255)), *raw[at + 1 :]])
    value = "u" + multibase.b64url_encode(changed)
    assert refused({**SHOWN, "proof": [{**SHOWN["proof"][0], "proofValue": value}]}) in ("SIGNATURE", "PROOF_VALUE")


@given(
    st.one_of(st.none(), st.integers(), st.text(max_size=40), st.binary(max_size=80).map(lambda raw: "u" + multibase.b64url_encode(raw)))
)
def test_anything_else_is_no_proof_value(value):
    with pytest.raises(ProofError) as caught:
        values.read(value)
    assert caught.value.detail == "PROOF_VALUE"


SHOWN = derive(
    add_base_proof(copy.deepcopy(BADGE), keys=BASE_KEYS, verification_method=METHOD, created=NOW, mandatory=["/issuer", "/validFrom"]),
    REVEAL,
)


# --- as a verifier sees it ----------------------------------------------------------------------------------------------------------


def test_a_verifier_says_of_both_forms_what_it_says_of_any_badge():
    simulator = Simulator()
    issuer = simulator.did_web_issuer("hexham.example")
    issuer.key = KEYS["P-256"]
    issuer.publish()
    badge = {name: value for name, value in issuer.issue().items() if name != "proof"}
    base = add_base_proof(
        badge,
        keys=BaseKeys(issuer.key, OTHER, bytes(32)),
        verification_method=issuer.method,
        created=NOW,
        mandatory=["/issuer", "/validFrom", "/name", "/credentialSubject"],
    )
    for document in (base, derive(base, [])):
        report = verify(document, fetch=simulator.fetch, at=NOW)
        assert report.verdict is Verdict.VERIFIED
    changed = json.loads(canonical_json.canonical(derive(base, [])))
    changed["credentialSubject"]["achievement"]["name"] = "Brain surgery"
    assert verify(changed, fetch=simulator.fetch, at=NOW).verdict is Verdict.NOT_VALID
