"""Signed badges of Open Badges 2.0: a JWS, the issuer's own key, and its revocation list. Strangers are simulated."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.old_badges import OldIssuer, pem_of, rsa_key
from tests.openbadges.png_pictures import itxt, picture
from tests.simulator import NOW, Simulator

from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import InvalidKey, StatusError
from hexmark.openbadges.multibase import b64url_encode
from hexmark.openbadges.ob2.revocation import listed_reason
from hexmark.openbadges.ob2.signing import public_key
from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def guild(simulator):
    return OldIssuer(simulator)


def check(simulator: Simulator, token, **arguments) -> Report:
    return verify(token, **{"fetch": simulator.fetch, "at": NOW, **arguments})


def code(report: Report, axis: Axis) -> str | None:
    return report.check(axis).code


class TestSignature:
    def test_a_badge_signed_with_a_key_that_its_issuer_lists_is_verified(self, simulator, guild):
        report = check(simulator, guild.signed())
        assert report.ok
        assert report.check(Axis.SCHEMA).sentence == "Format: Open Badges 2.0."
        assert [check.axis for check in report.checks] == list(Axis)

    def test_baked_into_a_picture_it_is_the_same(self, simulator, guild):
        token = guild.signed()
        assert check(simulator, picture(itxt(token.encode(), keyword=b"openbadges"))) == check(simulator, token)

    def test_a_changed_badge_fails(self, simulator, guild):
        header, _, signature = guild.signed().split(".")
        other = b64url_encode(strict_json.dump(guild.assertion(id="urn:uuid:2", verification={"type": "signed", "creator": guild.key_url})))
        report = check(simulator, f"{header}.{other}.{signature}")
        assert report.failed == ["integrity"]
        assert code(report, Axis.INTEGRITY) == "SIG_INVALID"

    def test_another_key_than_the_listed_one_fails(self, simulator, guild):
        report = check(simulator, guild.signed(key=rsa_key("mallory")))
        assert report.failed == ["integrity"]

    @pytest.mark.parametrize("alg", ["none", "HS256", "RS1", "ES256", "EdDSA"])
    def test_an_algorithm_that_is_not_the_keys_fails(self, simulator, guild, alg):
        _, payload, signature = guild.signed().split(".")
        header = b64url_encode(strict_json.dump({"typ": "JWT", "alg": alg}))
        report = check(simulator, f"{header}.{payload}.{signature}")
        assert "integrity" in report.failed

    def test_without_its_signature_a_signed_badge_is_nobodys(self, simulator, guild):
        document = guild.assertion(verification={"type": "signed", "creator": guild.key_url})
        guild.publish(document)
        report = check(simulator, document)
        assert report.failed == ["integrity"]
        assert code(report, Axis.INTEGRITY) == "NO_PROOF"

    def test_a_badge_class_in_a_token_is_awarded_to_nobody(self, simulator, guild):
        header, _, signature = guild.signed().split(".")
        payload = b64url_encode(strict_json.dump(guild.badge_class()))
        assert code(check(simulator, f"{header}.{payload}.{signature}"), Axis.SCHEMA) == "NOT_AN_AWARD"


class TestTheIssuersKey:
    def test_a_key_that_the_issuer_does_not_list_fails(self, simulator, guild):
        mallory = OldIssuer(simulator, "mallory.example")
        token = guild.signed(key=rsa_key("mallory"))
        mallory.publish(mallory.crypto_key(publicKeyPem=pem_of(rsa_key("mallory"))))
        document = guild.assertion(id="urn:uuid:1", verification={"type": "signed", "creator": mallory.key_url})
        header, _, signature = token.split(".")
        report = check(simulator, f"{header}.{b64url_encode(strict_json.dump(document))}.{signature}")
        assert code(report, Axis.ISSUER) == "ISSUER_KEY_MISMATCH"
        assert report.verdict is Verdict.NOT_VALID

    def test_a_key_that_says_it_is_anothers_fails(self, simulator, guild):
        guild.publish(guild.crypto_key(owner="https://mallory.example/issuer.json"))
        report = check(simulator, guild.signed())
        assert report.failed == ["issuer"]
        assert code(report, Axis.ISSUER) == "ISSUER_KEY_MISMATCH"

    def test_an_issuer_without_a_key_signed_nothing(self, simulator, guild):
        guild.publish(guild.profile(publicKey=None))
        assert code(check(simulator, guild.signed()), Axis.ISSUER) == "ISSUER_KEY_MISMATCH"

    def test_a_key_inside_the_issuers_profile_is_read_there(self, simulator, guild):
        guild.publish(guild.profile(publicKey=guild.crypto_key()))
        assert check(simulator, guild.signed()).ok
        assert guild.key_url not in simulator.asked

    def test_one_of_several_listed_keys_is_found(self, simulator, guild):
        guild.publish(guild.profile(publicKey=["https://guild.example/other.json", guild.key_url]))
        assert check(simulator, guild.signed()).ok

    def test_http_and_https_name_the_same_key(self, simulator, guild):
        guild.publish(guild.profile(publicKey="http://guild.example/key.json"))
        assert check(simulator, guild.signed()).ok

    @pytest.mark.parametrize("name", ["url", "key_url", "badge_url"])
    def test_what_cannot_be_asked_for_is_unknown(self, simulator, guild, name):
        token = guild.signed()
        simulator.withdraw(getattr(guild, name))
        report = check(simulator, token)
        assert report.verdict is Verdict.UNKNOWN
        assert {"integrity", "issuer"} <= set(report.unknown)

    @pytest.mark.parametrize(
        "pem",
        [
            None,
            "",
            "hello",
            7,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            pem_of(ec.derive_private_key(7, ec.SECP256R1())),
            "-----BEGIN PUBLIC KEY-----\n" + "A" * 20_000,
        ],
    )
    def test_a_key_that_is_none_is_refused(self, pem):
        with pytest.raises(InvalidKey):
            public_key({"publicKeyPem": pem})

    @given(st.text())
    def test_no_text_as_a_key_is_an_accident(self, pem):
        with pytest.raises(InvalidKey):
            public_key({"publicKeyPem": pem})


class TestRevocationList:
    @pytest.fixture
    def revocable(self, guild):
        guild.publish(guild.profile(revocationList=guild.list_url))
        return guild

    def test_an_issuer_without_a_list_takes_nothing_back(self, simulator, guild):
        assert check(simulator, guild.signed()).check(Axis.STATUS).outcome is Outcome.SKIPPED

    def test_a_badge_that_is_not_listed_is_verified(self, simulator, revocable):
        revocable.publish(revocable.revocation_list({"id": "urn:uuid:2"}, "urn:uuid:3"))
        report = check(simulator, revocable.signed())
        assert report.ok
        assert report.check(Axis.STATUS).sentence.startswith("Not revoked (list checked")

    @pytest.mark.parametrize("item", ["urn:uuid:1", {"id": "urn:uuid:1", "revocationReason": "Lost"}, {"uid": "7"}])
    def test_a_listed_badge_is_revoked(self, simulator, revocable, item):
        revocable.publish(revocable.revocation_list({"id": "urn:uuid:2"}, item))
        report = check(simulator, revocable.signed(uid="7"))
        assert report.failed == ["status"]
        assert ("Reason: Lost" in report.check(Axis.STATUS).sentence) == (isinstance(item, dict) and "id" in item)

    def test_a_list_inside_the_profile_is_read_there(self, simulator, guild):
        guild.publish(guild.profile(revocationList=guild.revocation_list("urn:uuid:1")))
        assert code(check(simulator, guild.signed()), Axis.STATUS) == "REVOKED"

    def test_a_list_that_cannot_be_had_is_unknown(self, simulator, revocable):
        assert check(simulator, revocable.signed()).unknown == ["status"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": "Other"},
            {"revokedAssertions": None},
            {"revokedAssertions": {"urn:uuid:2": "Lost"}},
            {"revokedAssertions": [7]},
            {"revokedAssertions": [{}]},
            {"revokedAssertions": [None]},
            {"issuer": "https://mallory.example/issuer.json"},
        ],
    )
    def test_a_malformed_list_is_unknown_and_never_not_revoked(self, simulator, revocable, changes):
        revocable.publish(revocable.revocation_list(**changes), revocable.list_url)
        report = check(simulator, revocable.signed())
        assert report.unknown == ["status"]
        assert code(report, Axis.STATUS) == "STATUS_VERIFICATION_ERROR"

    @given(
        st.lists(st.none() | st.integers() | st.text() | st.dictionaries(st.sampled_from(["id", "uid"]), st.none() | st.text()), max_size=5)
    )
    def test_every_list_is_an_answer_or_an_error(self, items):
        listed = {"type": "RevocationList", "revokedAssertions": items}
        try:
            answer = listed_reason(listed, {"id": "urn:uuid:1"})
        except StatusError:
            return
        assert answer in (None, "")
