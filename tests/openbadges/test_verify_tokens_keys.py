"""Compact credentials whose key lies at an address, and compact endorsements: who vouches for whom."""

import pytest
from tests.openbadges.signing_keys import KEYS
from tests.simulator import NOW, ForeignIssuer, Simulator

from hexmark.openbadges import jws, strict_json
from hexmark.openbadges.jwk import jwk_of
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.report import Axis, Outcome, Report
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def guild(simulator) -> ForeignIssuer:
    return simulator.https_issuer("https://guild.example/issuers/7")


def check(simulator: Simulator, source) -> Report:
    return verify(source, fetch=simulator.fetch, at=NOW)


def outcome(report: Report, axis: str) -> tuple[str, str | None]:
    found = report.check(Axis(axis))
    return found.outcome.value, found.code


class TestAKeyAtAnAddress:
    """The profile of Open Badges: `kid` is the URL of a JSON Web Key."""

    def publish(self, simulator, url: str, key: SigningKey = KEYS["RSA"], **changes) -> str:
        simulator.publish(url, {**jwk_of(key.public), **changes}, "application/jwk+json")
        return url

    @pytest.mark.parametrize(
        "kid", ["https://guild.example/issuers/7/keys/1", "https://guild.example/keys/1", "https://guild.example/issuers/8/key"]
    )
    def test_is_the_issuers_only_if_the_issuers_document_says_so(self, simulator, guild, kid):
        self.publish(simulator, kid)
        token = guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid)
        report = check(simulator, token)
        assert outcome(report, "integrity") == ("passed", None)
        assert outcome(report, "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")
        assert simulator.asked == [kid, guild.id]
        guild.publish(assertionMethod=[guild.method, kid])
        check(simulator, token).require()
        guild.publish(assertionMethod=kid)
        check(simulator, token).require()
        simulator.withdraw(guild.document_url)
        assert outcome(check(simulator, token), "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")

    def test_is_the_issuers_if_its_document_holds_the_same_key(self, simulator, guild):
        kid = self.publish(simulator, "https://guild.example/keys/1", key=guild.key)
        token = guild.sign_jwt(guild.badge(), method=kid)
        check(simulator, token).require()
        guild.publish(assertionMethod=[], authentication=[guild.method])
        assert outcome(check(simulator, token), "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")

    def test_of_another_issuer_on_the_same_host_is_not_the_issuers(self, simulator, guild):
        """Threat T3: two tenants of one host, each with a key that its own document lists."""
        other = simulator.https_issuer("https://guild.example/issuers/8")
        kid = self.publish(simulator, "https://guild.example/issuers/8/key")
        other.publish(assertionMethod=[kid])
        report = check(simulator, guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid))
        assert outcome(report, "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")
        guild.publish(id=other.id, assertionMethod=[kid])
        report = check(simulator, guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid))
        assert outcome(report, "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")

    def test_of_an_issuer_with_nonsense_for_a_document_is_unknown(self, simulator, guild):
        kid = self.publish(simulator, "https://guild.example/keys/1")
        token = guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid)
        for nonsense in ([5, {}, None], {"id": kid}, "#key-9", 7):
            guild.publish(assertionMethod=nonsense)
            assert outcome(check(simulator, token), "issuer") == ("unknown", "ISSUER_KEY_UNRESOLVED")

    def test_of_an_issuer_known_by_its_did_does_not_count(self, simulator):
        web = simulator.did_web_issuer("hexham.example")
        kid = self.publish(simulator, "https://hexham.example/keys/1")
        report = check(simulator, web.sign_jwt(web.badge(), key=KEYS["RSA"], method=kid))
        assert outcome(report, "issuer") == ("failed", "ISSUER_KEY_MISMATCH")
        assert simulator.asked == []

    @pytest.mark.parametrize(
        ("change", "code"), [({"d": "AA"}, "KEY_PRIVATE"), ({"n": "AQAB"}, "KEY_WEAK"), ({"kty": "oct"}, "INVALID_VERIFICATION_METHOD")]
    )
    def test_that_is_no_key_is_not_valid(self, simulator, guild, change, code):
        """E12."""
        kid = self.publish(simulator, "https://guild.example/issuers/7/keys/1", **change)
        report = check(simulator, guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid))
        assert outcome(report, "issuer") == ("failed", code)

    def test_that_cannot_be_reached_is_unknown(self, simulator, guild):
        token = guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method="https://guild.example/issuers/7/keys/1")
        report = check(simulator, token)
        assert outcome(report, "issuer") == ("unknown", "HTTP_STATUS")
        assert outcome(report, "integrity")[0] == "unknown"

    def test_for_another_algorithm_does_not_verify(self, simulator, guild):
        kid = self.publish(simulator, "https://guild.example/issuers/7/keys/1", alg="PS256")
        report = check(simulator, guild.sign_jwt(guild.badge(), key=KEYS["RSA"], method=kid))
        assert outcome(report, "integrity") == ("failed", "KEY_ALG")


class TestEndorsements:
    def endorsed(self, simulator, token: object) -> Report:
        issuer = simulator.did_web_issuer("hexham.example")
        return check(simulator, issuer.sign_jwt(issuer.badge(endorsementJwt=[token])))

    def endorsement(self, simulator, **changes) -> dict:
        council = simulator.did_web_issuer("council.example")
        return {**{name: value for name, value in council.endorse("urn:x").items() if name != "proof"}, **changes}

    def test_a_compact_one_is_checked(self, simulator):
        council = simulator.did_web_issuer("council.example")
        token = council.sign_jwt(self.endorsement(simulator))
        report = self.endorsed(simulator, token)
        assert report.ok
        assert report.check(Axis.ENDORSEMENTS).sentence == "The endorsement by council.example holds."

    def test_a_forged_one_fails_the_badge_that_shows_it(self, simulator):
        report = self.endorsed(
            simulator, simulator.did_web_issuer("council.example").sign_jwt(self.endorsement(simulator), key=KEYS["Ed25519"])
        )
        assert outcome(report, "endorsements") == ("failed", "ENDORSEMENT")

    def test_one_of_a_key_that_vouches_for_itself_is_not_counted(self, simulator):
        token = jws.sign(strict_json.dump(self.endorsement(simulator)), {"jwk": jwk_of(KEYS["RSA"].public)}, key=KEYS["RSA"])
        report = self.endorsed(simulator, token)
        assert report.check(Axis.ENDORSEMENTS).outcome is Outcome.UNKNOWN

    @pytest.mark.parametrize("token", ["x", "eyJhbGciOiJFUzI1NiJ9.e30", 5, {}])
    def test_what_cannot_be_read_fails(self, simulator, token):
        report = self.endorsed(simulator, token)
        assert outcome(report, "endorsements") == ("failed", "ENDORSEMENT")

    def test_a_badge_is_no_endorsement(self, simulator):
        council = simulator.did_web_issuer("council.example")
        report = self.endorsed(simulator, council.sign_jwt(council.badge()))
        assert outcome(report, "endorsements") == ("failed", "ENDORSEMENT")


def test_a_token_is_told_what_it_is_even_in_version_2(simulator):
    payload = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.example/1"}
    report = check(simulator, jws.sign(strict_json.dump(payload), {"typ": "JWT"}, key=KEYS["RSA"]))
    assert not report.ok
    assert "integrity" in report.unknown
