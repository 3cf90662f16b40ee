"""The published samples of Open Badges 2.0, offline: a fetch serves the assets that come with them."""

import json
from datetime import UTC, datetime

import pytest

from hexmark.net import Fetched
from hexmark.openbadges.errors import Unreachable
from hexmark.openbadges.report import Axis
from hexmark.verification import verify

AT = datetime(2026, 6, 15, tzinfo=UTC)
ASSERTION = "https://example.org/beths-robotics-badge.json"


@pytest.fixture(scope="session")
def samples(reference_data):
    return reference_data / "vectors" / "ob-samples" / "ob20"


@pytest.fixture
def serve(samples):
    """A fetch that serves the assets at example.org, and this file of the samples as the hosted assertion."""

    def serving(hosted: str):
        def fetch(url, *, accept):
            name = url.removeprefix("https://example.org/")
            path = samples / hosted if url == ASSERTION else samples / "assets" / name
            if not path.is_file():
                raise Unreachable("Nothing stands there.", code="HTTP_STATUS")
            return Fetched(path.read_bytes(), "application/json")

        return fetch

    return serving


def test_the_hosted_sample_is_verified(samples, serve):
    report = verify((samples / "basic-assertion.json").read_bytes(), fetch=serve("basic-assertion.json"), at=AT)
    assert report.ok
    assert report.check(Axis.SCHEMA).sentence == "Format: Open Badges 2.0."


def test_the_expired_sample_fails_for_its_time_alone(samples, serve):
    report = verify((samples / "basic-assertion-expired.json").read_bytes(), fetch=serve("basic-assertion-expired.json"), at=AT)
    assert report.failed == ["time"]
    assert report.check(Axis.TIME).code == "EXPIRED"
    assert report.unknown == []


def test_the_baked_sample_is_verified_and_the_server_says_more(samples, serve):
    report = verify((samples / "simple-badge.png").read_bytes(), fetch=serve("basic-assertion.json"), at=AT)
    assert report.ok
    assert report.warnings == ("The issuer's server says more about this badge than stands here: evidence.",)


def test_a_copy_without_the_expiry_of_the_server_has_expired(samples, serve):
    report = verify((samples / "basic-assertion.json").read_bytes(), fetch=serve("basic-assertion-expired.json"), at=AT)
    assert report.failed == ["time"]


def test_a_copy_with_another_expiry_than_the_server_is_not_what_was_issued(samples, serve):
    report = verify((samples / "basic-assertion-expired.json").read_bytes(), fetch=serve("basic-assertion.json"), at=AT)
    assert report.failed == ["integrity"]


def test_the_signed_sample_is_verified_with_the_key_that_its_issuer_lists(samples, serve):
    report = verify((samples / "simple.jwt").read_bytes(), fetch=serve("basic-assertion.json"), at=AT)
    assert report.ok
    assert report.check(Axis.STATUS).outcome == "skipped"


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("issuer-with-allowed-origins.json", True),
        ("issuer-with-allowed-origins-valid-starts-with.json", True),
        ("issuer-with-allowed-origins-valid-multiple-starts-with.json", True),
        ("issuer-with-allowed-origins-invalid-starts-with.json", False),
        ("issuer-with-allowed-origins-invalid-multiple-starts-with.json", False),
    ],
)
def test_the_samples_of_places_are_judged_as_their_names_say(samples, profile, expected):
    from hexmark.openbadges.ob2.hosting import is_in_scope

    document = json.loads((samples / "assets" / profile).read_bytes())
    assert is_in_scope(ASSERTION, document["id"], document) == expected


def test_the_sample_of_a_revocation_list_names_three_badges(samples):
    from hexmark.openbadges.ob2.revocation import listed_reason

    listed = json.loads((samples / "assets" / "revocation-list.json").read_bytes())
    assert listed_reason(listed, {"id": "https://example.org/beths-robotics-badge-revoked.json"}) == "A good reason, for sure"
    assert listed_reason(listed, {"id": "urn:uuid:6deb4a00-ebce-4b28-8cc2-afa705ef7be4"}) == ""
    assert listed_reason(listed, {"id": ASSERTION}) is None
