"""Is there a newer version? Looked for once, after the proof, and only remarked on."""

import pytest
from tests.simulator import CONTEXTS, NOW, Simulator

from hexmark.openbadges.report import Report
from hexmark.verification import verify

NEWER = "https://hexham.example/c/1/newest"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
SERVICE = {"@context": [*CONTEXTS, EXTENSIONS], "refreshService": {"id": NEWER, "type": "1EdTechCredentialRefresh"}}


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


@pytest.fixture
def badge(hexham):
    return hexham.issue(**SERVICE)


def check(simulator: Simulator, document) -> Report:
    return verify(document, fetch=simulator.fetch, at=NOW)


def codes(report: Report) -> list[str]:
    return [remark.rpartition("(")[2].rstrip(")") for remark in report.warnings]


def test_a_newer_version_that_verifies_is_remarked_on_and_changes_nothing_else(simulator, hexham, badge):
    simulator.publish(NEWER, hexham.issue(name="Kiln Safety, revised", validFrom="2026-02-01T00:00:00Z", **SERVICE))
    report = check(simulator, badge)
    assert report.ok
    assert report.warnings == (f"The issuer has a newer version of this, valid from 1 February 2026, at {NEWER} (NEWER_VERSION)",)


def test_the_same_version_is_no_news(simulator, badge):
    simulator.publish(NEWER, badge)
    assert check(simulator, badge).warnings == ()


def test_an_older_version_is_no_news(simulator, hexham, badge):
    simulator.publish(NEWER, hexham.issue(name="Kiln", validFrom="2025-02-01T00:00:00Z", **SERVICE))
    assert check(simulator, badge).warnings == ()


def test_it_is_asked_once_and_leads_nowhere_else(simulator, hexham, badge):
    elsewhere = {**SERVICE, "refreshService": {"id": "https://hexham.example/c/1/next", "type": "1EdTechCredentialRefresh"}}
    simulator.publish(NEWER, hexham.issue(name="Second", **elsewhere))
    assert codes(check(simulator, badge)) == ["NEWER_VERSION"]
    assert simulator.asked.count(NEWER) == 1
    assert "https://hexham.example/c/1/next" not in simulator.asked


def test_a_version_that_does_not_verify_is_not_counted(simulator, hexham, badge):
    newer = hexham.issue(name="Second", **SERVICE)
    mallory = simulator.did_web_issuer("mallory.example")
    for found in (
        {**newer, "name": "Third"},
        {name: value for name, value in newer.items() if name != "proof"},
        mallory.issue(name="Second", **SERVICE),
        mallory.sign({**hexham.badge(**SERVICE), "name": "Second"}),
        hexham.issue(name="Second", id="urn:uuid:another", **SERVICE),
        hexham.issue(name="Second", validUntil="2026-06-01T00:00:00Z", **SERVICE),
        hexham.issue(name="Second", validFrom="2027-01-01T00:00:00Z", **SERVICE),
        hexham.issue(name="Second", **{**SERVICE, "type": ["VerifiableCredential"]}),
        {"revoked": False},
    ):
        simulator.publish(NEWER, found)
        report = check(simulator, badge)
        assert report.ok
        assert codes(report) == ["REFRESH_UNCONFIRMED"]


def test_a_revoked_newer_version_is_not_counted(simulator, hexham, badge):
    revocations = hexham.status_list("https://hexham.example/lists/1")
    simulator.publish(NEWER, hexham.issue(name="Second", credentialStatus=revocations.entry(7), **SERVICE))
    assert codes(check(simulator, badge)) == ["NEWER_VERSION"]
    revocations.set(7)
    assert codes(check(simulator, badge)) == ["REFRESH_UNCONFIRMED"]


def test_a_service_that_cannot_be_asked_is_said_and_decides_nothing(simulator, badge):
    report = check(simulator, badge)
    assert report.ok
    assert codes(report) == ["REFRESH_UNKNOWN"]
    simulator.garble(NEWER)
    assert codes(check(simulator, badge)) == ["REFRESH_UNKNOWN"]


def test_nobody_is_asked_for_a_badge_whose_proof_does_not_hold(simulator, badge):
    check(simulator, {**badge, "name": "Other"})
    assert NEWER not in simulator.asked


@pytest.mark.parametrize(
    "service", [None, 7, [], "x", {"id": NEWER}, {"id": 7, "type": "1EdTechCredentialRefresh"}, {"id": NEWER, "type": "X"}]
)
def test_what_is_no_refresh_service_of_this_kind_is_not_asked(simulator, badge, service):
    check(simulator, {**badge, "refreshService": service})
    assert NEWER not in simulator.asked
