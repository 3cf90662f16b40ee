"""Hosted badges of Open Badges 2.0: the issuer's server decides. Strangers are simulated."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.openbadges.old_badges import CONTEXT, OldIssuer
from tests.openbadges.png_pictures import picture, text
from tests.simulator import NOW, Simulator

from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.ob2 import hosting, moments
from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def guild(simulator):
    return OldIssuer(simulator)


def check(simulator: Simulator, document, **arguments) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **arguments})


def code(report: Report, axis: Axis) -> str | None:
    return report.check(axis).code


class TestTheServerDecides:
    def test_a_badge_that_its_issuers_server_shows_is_verified_and_named_for_what_it_is(self, simulator, guild):
        report = check(simulator, guild.publish(guild.assertion()))
        assert report.ok
        assert report.check(Axis.SCHEMA).sentence == "Format: Open Badges 2.0."
        assert "guild.example" in report.check(Axis.ISSUER).sentence
        assert "issuer's server" in report.check(Axis.INTEGRITY).sentence
        assert [check.axis for check in report.checks] == list(Axis)
        assert report.warnings == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"recipient": {"type": "email", "hashed": False, "identity": "mallory@example.org"}},
            {"badge": "https://guild.example/better.json"},
            {"issuedOn": "2026-01-01T00:00:00Z"},
            {"expires": "2099-01-01T00:00:00Z"},
            {"narrative": "With the highest honours."},
            {"evidence": "https://mallory.example/proof"},
            {"image": "https://mallory.example/gold.png"},
            {"type": ["Assertion", "extensions:Gold"]},
        ],
    )
    def test_a_copy_that_says_something_else_than_the_server_fails(self, simulator, guild, changes):
        guild.publish(guild.assertion())
        report = check(simulator, guild.assertion(**changes))
        assert report.failed[0] == "integrity"
        assert code(report, Axis.INTEGRITY) == "HOSTED_DIFFERS"
        assert report.check(Axis.INTEGRITY).details["members"] == list(changes)

    @pytest.mark.parametrize(
        ("copy", "hosted"),
        [
            ({"issuedOn": "2021-01-01T00:59:59+01:00"}, {}),
            ({"evidence": {"id": "https://e.example"}}, {"evidence": [{"id": "https://e.example"}]}),
            ({"id": "http://guild.example/assertion.json"}, {}),
            ({"badge": "http://guild.example/badge.json"}, {}),
            ({"@context": ["https://w3id.org/openbadges/v2"]}, {}),
            ({"expires": None}, {}),
        ],
    )
    def test_the_same_in_other_words_passes(self, simulator, guild, copy, hosted):
        guild.publish(guild.assertion(**hosted))
        report = check(simulator, guild.assertion(**copy))
        assert report.ok, report
        assert report.warnings == ()

    def test_that_the_server_says_more_is_remarked_on(self, simulator, guild):
        guild.publish(guild.assertion(evidence="https://guild.example/work", narrative="Well done."))
        report = check(simulator, guild.assertion())
        assert report.ok
        assert report.warnings == ("The issuer's server says more about this badge than stands here: evidence, narrative.",)

    def test_another_badge_at_its_address_fails(self, simulator, guild):
        guild.publish(guild.assertion(id="https://guild.example/other.json"), guild.assertion_url)
        assert code(check(simulator, guild.assertion()), Axis.INTEGRITY) == "HOSTED_DIFFERS"
        guild.publish(guild.badge_class(), guild.assertion_url)
        assert check(simulator, guild.assertion()).failed[0] == "integrity"

    @pytest.mark.parametrize("reason", ["CONNECT_FAILED", "SSRF_BLOCKED", "REDIRECT", "DEADLINE"])
    def test_a_server_that_cannot_be_reached_leaves_the_question_open(self, simulator, guild, reason):
        document = guild.publish(guild.assertion())
        simulator.unreachable("guild.example", reason)
        report = check(simulator, document)
        assert report.verdict is Verdict.UNKNOWN
        assert {"integrity", "issuer", "status"} <= set(report.unknown)
        assert code(report, Axis.INTEGRITY) == reason
        assert "Open Badges 2.0" in report.check(Axis.SCHEMA).sentence

    def test_a_garbled_answer_leaves_the_question_open(self, simulator, guild):
        simulator.garble(guild.assertion_url)
        assert check(simulator, guild.assertion()).verdict is Verdict.UNKNOWN

    def test_nobody_is_asked_without_tls(self, simulator, guild):
        guild.publish(guild.assertion())
        check(simulator, guild.assertion(id="http://guild.example/assertion.json"))
        assert simulator.asked
        assert all(url.startswith("https://") for url in simulator.asked)

    @pytest.mark.parametrize(
        "identifier", ["urn:uuid:1", "ftp://guild.example/1", "https://", "https://u:p@guild.example/1", 7, {"id": []}]
    )
    def test_a_hosted_badge_without_an_address_fails(self, simulator, guild, identifier):
        report = check(simulator, guild.assertion(id=identifier))
        assert "integrity" in report.failed
        assert simulator.asked == [guild.badge_url, guild.url]


class TestTheIssuersPlace:
    def test_a_badge_on_another_host_is_not_the_issuers(self, simulator, guild):
        mallory = OldIssuer(simulator, "mallory.example")
        forged = mallory.publish(mallory.assertion(badge=guild.badge_url))
        report = check(simulator, forged)
        assert report.failed == ["issuer"]
        assert code(report, Axis.ISSUER) == "ISSUER_SCOPE"
        assert "mallory.example" in report.check(Axis.ISSUER).sentence

    def test_a_badge_class_that_names_another_issuer_does_not_make_it_its_badge(self, simulator, guild):
        mallory = OldIssuer(simulator, "mallory.example")
        mallory.publish(mallory.badge_class(issuer=guild.url))
        assert code(check(simulator, mallory.publish(mallory.assertion())), Axis.ISSUER) == "ISSUER_SCOPE"

    def test_an_issuer_written_into_the_badge_is_still_asked_for_at_its_own_address(self, simulator, guild):
        mallory = OldIssuer(simulator, "mallory.example")
        issuer = {**guild.profile(), "verification": {"allowedOrigins": "mallory.example"}}
        forged = mallory.publish(mallory.assertion(badge={**mallory.badge_class(), "issuer": issuer}))
        report = check(simulator, forged)
        assert guild.url in simulator.asked
        assert code(report, Axis.ISSUER) == "ISSUER_SCOPE"

    def test_a_badge_class_inside_the_hosted_badge_is_read_there(self, simulator, guild):
        document = guild.publish(guild.assertion(badge=guild.badge_class()))
        assert check(simulator, document).ok
        assert guild.badge_url not in simulator.asked

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            ({"allowedOrigins": "elsewhere.example"}, True),
            ({"allowedOrigins": ["a.example", "elsewhere.example"]}, True),
            ({"allowedOrigins": "https://elsewhere.example"}, True),
            ({"allowedOrigins": "example"}, False),
            ({"allowedOrigins": "guild.example"}, False),
            ({"allowedOrigins": []}, False),
            ({"startsWith": "https://elsewhere.example/"}, True),
            ({"startsWith": ["https://x.example/", "https://elsewhere.example/ass"]}, True),
            ({"startsWith": "https://elsewhere.example/not"}, False),
            ({"startsWith": "https://elsewhere"}, False),
            ({"startsWith": "https://"}, False),
            ({"startsWith": ""}, False),
            ({"startsWith": "https://elsewhere.example/", "allowedOrigins": "guild.example"}, False),
            ({"startsWith": 7, "allowedOrigins": {}}, False),
            ("https://elsewhere.example/", False),
        ],
    )
    def test_an_issuer_may_publish_elsewhere_if_its_profile_says_so(self, simulator, guild, policy, expected):
        guild.publish(guild.profile(verification=policy))
        document = guild.assertion(id="https://elsewhere.example/assertion.json")
        report = check(simulator, guild.publish(document))
        assert (report.check(Axis.ISSUER).outcome is Outcome.PASSED) == expected

    def test_a_policy_does_not_reach_a_host_that_only_begins_the_same(self):
        profile = {"verification": {"startsWith": "https://guild.example"}}
        assert hosting.is_in_scope("https://guild.example/1", "https://guild.example/i", profile)
        assert not hosting.is_in_scope("https://guild.example.mallory.example/1", "https://guild.example/i", profile)
        assert not hosting.is_in_scope("https://guild.example@mallory.example/1", "https://guild.example/i", profile)
        assert not hosting.is_in_scope("https://guild.example:8443/1", "https://guild.example/i", {})

    def test_an_issuer_that_cannot_be_asked_is_unknown(self, simulator, guild):
        document = guild.publish(guild.assertion())
        simulator.withdraw(guild.url)
        report = check(simulator, document)
        assert report.verdict is Verdict.UNKNOWN
        assert report.unknown == ["issuer", "schema"]

    def test_another_profile_at_the_issuers_address_fails(self, simulator, guild):
        guild.publish(guild.profile(id="https://guild.example/other"), guild.url)
        assert code(check(simulator, guild.publish(guild.assertion())), Axis.ISSUER) == "ISSUER_DIFFERS"

    def test_a_domain_of_lookalike_letters_is_pointed_out(self, simulator):
        strange = OldIssuer(simulator, "xn--80ak6aa92e.example")
        report = check(simulator, strange.publish(strange.assertion()))
        assert any("LOOKALIKE" in remark for remark in report.warnings)


class TestStatusAndTime:
    def test_a_revoked_badge_fails_with_its_reason_though_the_copy_is_silent(self, simulator, guild):
        guild.publish(guild.assertion(revoked=True, revocationReason="Left the guild"))
        report = check(simulator, guild.assertion())
        assert report.failed == ["status"]
        assert code(report, Axis.STATUS) == "REVOKED"
        assert "Reason: Left the guild" in report.check(Axis.STATUS).sentence

    @pytest.mark.parametrize("value", ["true", "yes", 1, 0, {}, []])
    def test_a_revocation_that_is_no_clear_no_is_a_yes(self, simulator, guild, value):
        guild.publish(guild.assertion(revoked=value))
        assert code(check(simulator, guild.assertion()), Axis.STATUS) == "REVOKED"

    def test_a_stub_of_a_revoked_badge_fails_too(self, simulator, guild):
        guild.publish({"@context": CONTEXT, "type": "Assertion", "id": guild.assertion_url, "revoked": True})
        assert code(check(simulator, guild.assertion()), Axis.STATUS) == "REVOKED"

    def test_a_badge_that_its_server_took_away_for_good_is_revoked(self, simulator, guild):
        simulator.unreachable("guild.example", "GONE")
        report = check(simulator, guild.assertion())
        assert report.failed == ["status"]
        assert code(report, Axis.STATUS) == "REVOKED"

    def test_the_servers_expiry_counts(self, simulator, guild):
        guild.publish(guild.assertion(expires="2022-11-15T23:59:59Z"))
        report = check(simulator, guild.assertion())
        assert report.failed == ["time"]
        assert code(report, Axis.TIME) == "EXPIRED"

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"issuedOn": "2030-01-01T00:00:00Z"}, "NOT_YET_VALID"),
            ({"issuedOn": "yesterday"}, "MALFORMED_VALUE_ERROR"),
            ({"issuedOn": 1234567890}, "MALFORMED_VALUE_ERROR"),
            ({"issuedOn": "2020-01-01"}, "MALFORMED_VALUE_ERROR"),
            ({"expires": "2020-13-01T00:00Z"}, "MALFORMED_VALUE_ERROR"),
            ({"expires": "2099-01-01T00:00:00Z"}, None),
            ({"issuedOn": "2017-10-01T00:00Z"}, None),
        ],
    )
    def test_moments(self, simulator, guild, changes, expected):
        document = guild.publish(guild.assertion(**changes))
        assert code(check(simulator, document), Axis.TIME) == expected

    @given(st.text())
    def test_every_text_is_a_moment_with_a_zone_or_an_error(self, text):
        try:
            assert moments.parse(text).tzinfo is not None
        except FormatError as error:
            assert error.detail == "TIMESTAMP"  # noqa: PT017


class TestForm:
    @pytest.mark.parametrize("name", ["id", "recipient", "badge", "issuedOn"])
    def test_an_assertion_without_a_member_that_it_needs_fails(self, simulator, guild, name):
        document = guild.assertion(**{name: None})
        guild.publish(document, guild.assertion_url)
        assert "schema" in check(simulator, document).failed

    @pytest.mark.parametrize("name", ["name", "description", "criteria", "issuer"])
    def test_a_badge_class_without_a_member_that_it_needs_fails(self, simulator, guild, name):
        guild.publish(guild.badge_class(**{name: None}))
        report = check(simulator, guild.publish(guild.assertion()))
        assert "schema" in report.failed
        assert report.check(Axis.SCHEMA).details["pointer"] == f"/{name}"

    @pytest.mark.parametrize("name", ["name", "url"])
    def test_a_profile_without_a_member_that_it_needs_fails(self, simulator, guild, name):
        guild.publish(guild.profile(**{name: None}))
        assert "schema" in check(simulator, guild.publish(guild.assertion())).failed

    def test_what_is_unwise_is_remarked_on(self, simulator, guild):
        recipient = {"type": "email", "hashed": True, "identity": "md5$0cc175b9c0f1b6a831c399e269772661"}
        guild.publish(guild.profile(email=None))
        guild.publish(guild.badge_class(image=None))
        report = check(simulator, guild.publish(guild.assertion(recipient=recipient)))
        assert report.ok
        assert len(report.warnings) == 4

    @pytest.mark.parametrize(
        "recipient", ["amara@example.org", [], {}, {"type": "email"}, {"type": "email", "identity": "a", "hashed": "yes"}]
    )
    def test_a_recipient_that_is_none_fails(self, simulator, guild, recipient):
        document = guild.publish(guild.assertion(recipient=recipient))
        assert "schema" in check(simulator, document).failed

    def test_a_thing_of_another_type_in_the_place_of_a_part_fails(self, simulator, guild):
        guild.publish(guild.assertion(badge=guild.url))
        assert "schema" in check(simulator, guild.assertion(badge=guild.url)).failed

    def test_a_badge_class_by_itself_is_awarded_to_nobody(self, simulator, guild):
        report = check(simulator, guild.badge_class())
        assert report.verdict is Verdict.NOT_VALID
        assert code(report, Axis.SCHEMA) == "NOT_AN_AWARD"
        assert "Open Badges 2.0" in report.check(Axis.SCHEMA).sentence

    def test_endorsements_are_not_taken_for_checked(self, simulator, guild):
        guild.publish(guild.badge_class(endorsement=["https://council.example/1"]))
        report = check(simulator, guild.publish(guild.assertion()))
        assert report.ok
        assert code(report, Axis.ENDORSEMENTS) == "ENDORSEMENT_UNCHECKED"


class TestRecipient:
    def test_the_address_is_compared(self, simulator, guild):
        document = guild.publish(guild.assertion())
        assert check(simulator, document, recipient="Amara@example.org").ok
        report = check(simulator, document, recipient="bela@example.org")
        assert report.failed == ["recipient"]

    @pytest.mark.parametrize(
        "recipient",
        [
            {"type": "email", "hashed": False, "identity": "amara@example.org"},
            {"type": "email", "hashed": True, "identity": "md5$" + hashlib.md5(b"amara@example.org").hexdigest()},
            {"type": "email", "hashed": True, "salt": None, "identity": "sha256$" + hashlib.sha256(b"amara@example.org").hexdigest()},
        ],
    )
    def test_older_ways_of_naming_are_compared_too(self, simulator, guild, recipient):
        document = guild.publish(guild.assertion(recipient=recipient))
        assert check(simulator, document, recipient="amara@example.org").ok
        assert check(simulator, document, recipient="bela@example.org").failed == ["recipient"]

    def test_a_recipient_named_otherwise_leaves_the_question_open(self, simulator, guild):
        document = guild.publish(guild.assertion(recipient={"type": "url", "hashed": False, "identity": "https://amara.example"}))
        assert check(simulator, document, recipient="amara@example.org").unknown == ["recipient"]


class TestPictures:
    def test_a_baked_copy_is_checked_like_a_file(self, simulator, guild):
        document = strict_json.dump(guild.publish(guild.assertion()))
        assert check(simulator, picture(text(document, b"openbadges"))).ok

    def test_a_baked_link_is_followed_to_the_badge(self, simulator, guild):
        guild.publish(guild.assertion())
        report = check(simulator, picture(text(guild.assertion_url.encode(), b"openbadges")))
        assert report.ok
        assert report.warnings == ()

    def test_a_baked_link_into_a_private_network_is_not_followed(self, simulator):
        simulator.unreachable("169.254.169.254", "SSRF_BLOCKED")
        report = check(simulator, picture(text(b"http://169.254.169.254/latest/meta-data", b"openbadges")))
        assert report.check(Axis.INTEGRITY).code == "SSRF_BLOCKED"
        assert report.verdict is not Verdict.VERIFIED

    def test_a_baked_link_to_another_kind_of_document_is_no_badge_of_version_2(self, simulator):
        hexham = simulator.did_web_issuer("hexham.example")
        simulator.publish("https://hexham.example/1", hexham.issue())
        report = check(simulator, picture(text(b"https://hexham.example/1", b"openbadges")))
        assert "integrity" in report.failed


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["https://guild.example/badge.json", "urn:x", "", "hosted", "signed", "email"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "identity", "issuer", "hashed", "revoked", "startsWith"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    member=st.sampled_from(["id", "recipient", "badge", "verification", "verify", "issuedOn", "expires", "revoked", "evidence", "image"]),
    value=HOSTILE,
    where=st.sampled_from(["copy", "assertion", "badge_class", "profile"]),
)
def test_whatever_stands_in_a_part_gets_a_report_and_never_an_accident(member, value, where):
    simulator = Simulator()
    guild = OldIssuer(simulator)
    parts = {"assertion": guild.assertion(), "badge_class": guild.badge_class(), "profile": guild.profile(), "copy": guild.assertion()}
    parts[where] = {**parts[where], member: value}
    guild.publish(parts["assertion"], guild.assertion_url)
    guild.publish(parts["badge_class"], guild.badge_url)
    guild.publish(parts["profile"], guild.url)
    report = check(simulator, parts["copy"], recipient="amara@example.org")
    assert report.verdict in Verdict
    if where == "assertion" and member == "revoked" and value not in (False, None):
        assert not report.ok
