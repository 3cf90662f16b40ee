"""Verification of compact credentials: the same axes as for documents, and a key never vouches for itself."""

import json
from datetime import datetime

import pytest
from tests.openbadges.signing_keys import KEYS, did_jwk
from tests.simulator import NOW, ForeignIssuer, Simulator

from hexmark.openbadges import baking, jws, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.jwk import jwk_of
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.report import Axis, Report, Verdict
from hexmark.verification import document_of, verify

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture(params=KEYS)
def hexham(request, simulator) -> ForeignIssuer:
    """An issuer with a key of each kind."""
    issuer = simulator.did_web_issuer("hexham.example")
    issuer.key = KEYS[request.param]
    issuer.publish()
    return issuer


@pytest.fixture
def guild(simulator) -> ForeignIssuer:
    return simulator.https_issuer("https://guild.example/issuers/7")


def check(simulator: Simulator, source, **settings) -> Report:
    return verify(source, **{"fetch": simulator.fetch, "at": NOW, **settings})


def outcome(report: Report, axis: str) -> tuple[str, str | None]:
    found = report.check(Axis(axis))
    return found.outcome.value, found.code


def token_with(by: ForeignIssuer, header: dict, *, key: SigningKey | None = None, **changes) -> str:
    """A token of the issuer's badge with this header."""
    return jws.sign(strict_json.dump(by.badge(**changes)), header, key=key or by.key)


class TestAnHonestToken:
    @pytest.mark.parametrize("profile", Profile)
    def test_of_a_did_web_issuer_is_verified(self, simulator, hexham, profile):
        report = check(simulator, hexham.sign_jwt(hexham.badge(), profile=profile))
        report.require()
        assert report.warnings == ()
        assert [each.axis for each in report.checks] == list(Axis)
        assert simulator.asked == ["https://hexham.example/.well-known/did.json"]
        assert report.check(Axis.INTEGRITY).sentence == "Content unchanged since it was signed."
        assert report.check(Axis.ISSUER).sentence == "The issuer's identity: hexham.example controls this key."

    @pytest.mark.parametrize("kind", KEYS)
    def test_of_a_did_jwk_or_did_key_is_verified_and_says_that_nobody_is_named(self, simulator, kind):
        key = KEYS[kind]
        for did, method in (
            (did_jwk(key.public), "#0"),
            (f"did:key:{key.public.multibase}", f"did:key:{key.public.multibase}#{key.public.multibase}"),
        ):
            issuer = ForeignIssuer(simulator, did, key, f"{did}#0" if method == "#0" else method, "")
            for header in ({"kid": method}, {"kid": issuer.method}, {"kid": did}, {}, {"jwk": jwk_of(key.public)}):
                report = check(simulator, token_with(issuer, header))
                assert report.verdict is Verdict.VERIFIED, (header, report)
                assert "no domain says who holds it" in report.check(Axis.ISSUER).sentence
        assert simulator.asked == []

    def test_is_read_from_a_picture_a_text_and_an_envelope(self, simulator, hexham):
        token = hexham.sign_jwt(hexham.badge(), profile=Profile.W3C)
        envelope = {"id": f"data:application/vc+jwt,{token}", "type": "EnvelopedVerifiableCredential"}
        for source in (token, token.encode(), f"\n{token}\r\n", baking.bake(SVG, token), envelope, json.dumps(envelope)):
            assert check(simulator, source).ok
            assert document_of(source)["id"] == hexham.badge()["id"]

    def test_is_held_to_status_time_and_schema_like_a_document(self, simulator, hexham):
        listed = hexham.status_list("https://hexham.example/status/1") if hexham.key.public.kind != "RSA" else None
        if listed is None:
            return
        token = hexham.sign_jwt(hexham.badge(credentialStatus=listed.entry(), validUntil="2026-12-31T00:00:00Z"))
        assert check(simulator, token).ok
        listed.set()
        assert check(simulator, token).failed == ["status"]
        late = NOW.replace(year=2027)
        assert check(simulator, token, at=late).check(Axis.TIME).code == "EXPIRED"
        assert check(simulator, hexham.sign_jwt(hexham.badge(name=None, credentialSubject={"id": "urn:x"}))).failed == ["schema"]

    def test_may_carry_a_proof_of_its_own(self, simulator, hexham):
        if hexham.key.public.kind == "RSA":
            return
        assert check(simulator, hexham.sign_jwt(hexham.issue())).ok
        altered = {**hexham.issue(), "name": "Another"}
        report = check(simulator, hexham.sign_jwt(altered))
        assert outcome(report, "integrity") == ("failed", "PROOF_VERIFICATION_ERROR")

    def test_with_few_claims_gets_a_remark(self, simulator, guild):
        report = check(simulator, token_with(guild, {"kid": guild.method}))
        assert report.ok
        assert report.warnings == ("The compact form lacks what the standard asks it to repeat: iss, jti, sub, nbf (CLAIM_MISSING).",)


class TestIntegrity:
    def test_an_altered_token_is_not_valid(self, simulator, guild):
        header, _, signature = guild.sign_jwt(guild.badge()).split(".")
        other = guild.sign_jwt(guild.badge(name="Another")).split(".")[1]
        report = check(simulator, f"{header}.{other}.{signature}")
        assert outcome(report, "integrity") == ("failed", "SIG_INVALID")
        assert report.check(Axis.INTEGRITY).sentence.startswith("The content is not what was signed: ")

    @pytest.mark.parametrize(
        ("header", "code"),
        [
            ({"jku": "https://evil.example/keys"}, "JWS_HEADER_FORBIDDEN"),
            ({"x5u": "https://10.0.0.1/"}, "JWS_HEADER_FORBIDDEN"),
            ({"crit": ["b64"], "b64": False}, "JWS_HEADER_FORBIDDEN"),
            ({"alg": "none"}, "JWS_ALG"),
            ({"typ": "at+jwt"}, "TYP_MISMATCH"),
        ],
    )
    def test_a_header_that_is_refused_asks_nobody(self, simulator, guild, header, code):
        """E06: 0 requests."""
        report = check(simulator, token_with(guild, {"kid": guild.method, **header}))
        assert outcome(report, "integrity") == ("failed", code)
        assert outcome(report, "issuer") == ("unknown", "ISSUER_UNBOUND")
        assert simulator.asked == []

    def test_an_algorithm_that_does_not_go_with_the_key_is_not_valid(self, simulator, guild):
        report = check(simulator, token_with(guild, {"kid": guild.method, "alg": "RS256"}))
        assert outcome(report, "integrity") == ("failed", "KEY_ALG")

    def test_a_claim_that_says_something_else_is_not_valid(self, simulator, guild):
        payload = {**guild.badge(), "iss": "https://bank.example/"}
        report = check(simulator, jws.sign(strict_json.dump(payload), {"kid": guild.method}, key=guild.key))
        assert outcome(report, "integrity") == ("failed", "CLAIM_MISMATCH")
        simulator.unreachable("guild.example")
        report = check(simulator, jws.sign(strict_json.dump(payload), {"kid": guild.method}, key=guild.key))
        assert outcome(report, "integrity") == ("failed", "CLAIM_MISMATCH")

    @pytest.mark.parametrize("change", [{"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/"]}, {"@vocab": "x"}])
    def test_what_no_document_may_hold_no_token_may_hold(self, simulator, guild, change):
        report = check(simulator, token_with(guild, {"kid": guild.method}, **change))
        assert outcome(report, "integrity") == ("failed", "CONTEXT_NOT_ALLOWED" if "@context" in change else "KEYWORD_IN_BODY")

    def test_an_unreadable_token_is_no_badge(self, simulator):
        for text in ("eyJhbGciOiJFUzI1NiJ9.e30", "eyJhbGciOiJFUzI1NiJ9.W10.c2ln", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln!!!!"):
            with pytest.raises(FormatError):
                check(simulator, text)

    def test_a_token_in_a_json_form_is_no_badge(self, simulator):
        with pytest.raises(FormatError) as refused:
            check(simulator, {"payload": "e30", "signatures": [{"protected": "e30", "signature": "c2ln"}]})
        assert refused.value.code == "JWS_PARTS"


class TestIssuer:
    def test_a_key_in_the_header_proves_integrity_alone(self, simulator, guild):
        """Threat T3: the attacker's token names the victim as issuer and brings the attacker's key."""
        attacker = KEYS["P-256"]
        report = check(simulator, token_with(guild, {"jwk": jwk_of(attacker.public)}, key=attacker))
        assert report.verdict is Verdict.UNKNOWN
        assert outcome(report, "integrity") == ("passed", None)
        assert "that the document itself names" in report.check(Axis.INTEGRITY).sentence
        assert outcome(report, "issuer") == ("unknown", "ISSUER_UNBOUND")
        assert simulator.asked == []

    def test_nor_does_the_issuers_own_key_in_the_header(self, simulator, guild):
        report = check(simulator, token_with(guild, {"jwk": jwk_of(guild.key.public)}))
        assert outcome(report, "issuer") == ("unknown", "ISSUER_UNBOUND")

    @pytest.mark.parametrize(("change", "code"), [({"d": "AA"}, "KEY_PRIVATE"), ({"x": "AA"}, "INVALID_VERIFICATION_METHOD")])
    def test_a_key_in_the_header_that_is_none_is_not_valid(self, simulator, guild, change, code):
        report = check(simulator, token_with(guild, {"jwk": {**jwk_of(KEYS["P-256"].public), **change}}))
        assert outcome(report, "integrity") == ("failed", code)

    @pytest.mark.parametrize(
        ("kid", "code"),
        [
            pytest.param("https://evil.example/keys/1", "ISSUER_KEY_MISMATCH", id="E08 another host"),
            pytest.param("https://guild.example:8443/keys/1", "ISSUER_KEY_MISMATCH", id="E08 another port"),
            pytest.param("https://guild.example.evil.example/keys/1", "ISSUER_KEY_MISMATCH", id="E08 a longer host"),
            pytest.param("did:web:evil.example#key-1", "ISSUER_KEY_MISMATCH", id="another DID"),
            pytest.param("https://guild.example/issuers/7/../8/key", "INVALID_VERIFICATION_METHOD_URL", id="E09 upwards"),
            pytest.param("https://guild.example/issuers/7/%2e%2e/8/key", "INVALID_VERIFICATION_METHOD_URL", id="E09 upwards, escaped"),
            pytest.param("https://guild.example/issuers/7/%252e%252e/8/key", "INVALID_VERIFICATION_METHOD_URL", id="E09 escaped twice"),
            pytest.param("' OR 1=1 --", "INVALID_VERIFICATION_METHOD_URL", id="E09 SQL"),
            pytest.param("key\u0001", "INVALID_VERIFICATION_METHOD_URL", id="E09 control"),
            pytest.param("k" * 65536, "INVALID_VERIFICATION_METHOD_URL", id="E09 64 kB"),
            pytest.param("", "INVALID_VERIFICATION_METHOD_URL", id="empty"),
            pytest.param("http://guild.example/issuers/7#key-1", "INVALID_VERIFICATION_METHOD_URL", id="not encrypted"),
            pytest.param("file:///etc/passwd", "INVALID_VERIFICATION_METHOD_URL", id="file"),
            pytest.param("data:application/json,{}", "INVALID_VERIFICATION_METHOD_URL", id="data"),
            pytest.param("https://guild.example\\@evil.example/k", "INVALID_VERIFICATION_METHOD_URL", id="two hosts"),
        ],
    )
    def test_a_kid_that_does_not_lead_to_the_issuer_is_not_valid(self, simulator, guild, kid, code):
        report = check(simulator, token_with(guild, {"kid": kid}, key=KEYS["P-256"]))
        assert outcome(report, "issuer") == ("failed", code)
        assert "https://evil.example/keys/1" not in simulator.asked
        assert report.verdict is Verdict.NOT_VALID

    def test_a_zero_in_a_kid_is_refused_with_the_header(self, simulator, guild):
        with pytest.raises(FormatError):
            check(simulator, token_with(guild, {"kid": "key\0"}))

    @pytest.mark.parametrize("kid", ["key-1", "#key-1"])
    def test_a_relative_kid_is_one_of_the_issuer(self, simulator, guild, kid):
        assert check(simulator, token_with(guild, {"kid": kid})).ok

    def test_a_kid_that_the_issuer_does_not_list_is_not_vouched_for(self, simulator, guild):
        report = check(simulator, token_with(guild, {"kid": "key-2"}))
        assert outcome(report, "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")
        web = simulator.did_web_issuer()
        report = check(simulator, token_with(web, {"kid": "key-2"}))
        assert outcome(report, "issuer") == ("failed", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD")

    @pytest.mark.parametrize(
        ("issued", "code"), [(None, "INVALID_VERIFICATION_METHOD"), ("2026-02-01", None), ("2026-05-01", "INVALID_VERIFICATION_METHOD")]
    )
    def test_a_key_must_have_been_good_when_the_token_says_it_was_signed(self, simulator, issued, code):
        issuer = simulator.did_web_issuer("hexham.example")
        (method,) = issuer.controller_document["verificationMethod"]
        issuer.publish(verificationMethod=[{**method, "expires": "2026-03-01T00:00:00Z"}])
        payload = issuer.badge(validFrom="2026-04-01T00:00:00Z")
        if issued:
            payload["iat"] = int(datetime.fromisoformat(f"{issued}T00:00:00+00:00").timestamp())
        report = check(simulator, jws.sign(strict_json.dump(payload), {"kid": issuer.method}, key=issuer.key))
        assert report.check(Axis.ISSUER).code == code

    def test_a_token_that_names_no_key_is_not_valid(self, simulator, guild):
        report = check(simulator, token_with(guild, {}))
        assert outcome(report, "issuer") == ("failed", "INVALID_VERIFICATION_METHOD_URL")

    def test_an_issuer_that_cannot_be_reached_is_unknown(self, simulator, guild):
        simulator.unreachable("guild.example")
        report = check(simulator, guild.sign_jwt(guild.badge()))
        assert outcome(report, "issuer") == ("unknown", "CONNECT_FAILED")
        assert outcome(report, "integrity")[0] == "unknown"

    def test_a_token_without_an_issuer_is_nobodys(self, simulator, guild):
        report = check(simulator, token_with(guild, {"kid": guild.method}, issuer=None))
        assert outcome(report, "issuer") == ("failed", "MALFORMED_VALUE_ERROR")
