"""What Hexmark issues, judged by verifiers that others wrote, on what the running site serves.

Each situation has three judges: openbadgeslib (Python), Digital Bazaar's libraries (JavaScript; `make test-all`) and our own command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openbadgeslib.ob3.did import resolve_did
from tests.foreign.site import Site, wait_until
from tests.foreign.verifiers import Answer, ask_digitalbazaar, ask_openbadgeslib, ask_openbadgeslib_about_picture, unbake

Ask = Callable[[Site, str], Answer]
each_verifier = pytest.mark.parametrize(
    "ask",
    [pytest.param(ask_openbadgeslib, id="openbadgeslib"), pytest.param(ask_digitalbazaar, id="digitalbazaar", marks=pytest.mark.foreign)],
)


SAYS_EXPIRED = re.compile(r'has expired|is after "validUntil"')


def status_lists(site: Site, badge: str) -> list[bytes]:
    """The lists that the badge names, as served now."""
    return [site.fetch(entry["statusListCredential"]) for entry in json.loads(badge)["credentialStatus"]]


def failed(report: dict[str, Any]) -> list[str]:
    """The axes that failed, in order."""
    return [check["axis"] for check in report["checks"] if check["outcome"] == "failed"]


@pytest.fixture(scope="session")
def award_id(site: Site) -> str:
    """An award of the demo that is valid and will expire."""
    return site.act("active")


@pytest.fixture(scope="session")
def badge(site: Site, award_id: str) -> str:
    """Its signed file, as served."""
    return site.credential(award_id)


@pytest.fixture(scope="session")
def revoked(site: Site) -> str:
    """A badge that verified before it was revoked, its list published again since."""
    award_id = site.act("award-now")
    badge = _signed(site, award_id)
    assert ask_openbadgeslib(site, badge).verified
    before = status_lists(site, badge)
    site.act("revoke", award_id)
    wait_until(lambda: status_lists(site, badge) != before, "the status list to be published again")
    return badge


@pytest.fixture(scope="session")
def expired(site: Site) -> str:
    """A badge for two years that was decided five years ago, and put on record and signed today."""
    return _signed(site, site.act("award-expired"))


def _signed(site: Site, award_id: str) -> str:
    wait_until(lambda: site.is_signed(award_id), "the site to sign")
    return site.credential(award_id)


@each_verifier
def test_a_badge_as_served_verifies(site: Site, badge: str, ask: Ask) -> None:
    assert ask(site, badge) == Answer(verified=True, reason="")
    assert site.verify(badge)["verdict"] == "verified"


@each_verifier
@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_badge_taken_out_of_its_picture_is_the_same_and_verifies(site: Site, award_id: str, badge: str, form: str, ask: Ask) -> None:
    picture = site.picture(award_id, form)
    assert unbake(picture) == badge
    assert ask(site, unbake(picture)).verified
    assert site.verify(picture)["verdict"] == "verified"


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_verifies_as_it_is(site: Site, award_id: str, form: str) -> None:
    assert ask_openbadgeslib_about_picture(site, site.picture(award_id, form)) == Answer(verified=True, reason="")


@each_verifier
@pytest.mark.parametrize(
    "before",
    [
        pytest.param('"name":"', id="a letter of the name"),
        pytest.param('"criteria":{"narrative":"', id="a letter of the criteria"),
        pytest.param('"validUntil":"20', id="a digit of the expiry"),
        pytest.param('"identityHash":"sha256$', id="a digit of the recipient"),
        pytest.param('"statusListIndex":"', id="a digit of the place in the status list"),
    ],
)
def test_nobody_believes_a_badge_with_one_changed_character(site: Site, badge: str, before: str, ask: Ask) -> None:
    place = badge.index(before) + len(before)
    other = "4" if badge[place] != "4" else "5"
    changed = badge[:place] + other + badge[place + 1 :]
    assert not ask(site, changed).verified
    report = site.verify(changed)
    assert report["verdict"] == "not valid"
    assert failed(report)[0] == "integrity"


@each_verifier
def test_nobody_believes_a_badge_with_a_changed_signature(site: Site, badge: str, ask: Ask) -> None:
    value = json.loads(badge)["proof"][0]["proofValue"]
    changed = badge.replace(value, value[:-1] + ("2" if value[-1] != "2" else "3"))
    assert not ask(site, changed).verified
    assert failed(site.verify(changed))[0] == "integrity"


@each_verifier
def test_nobody_believes_a_revoked_badge(site: Site, revoked: str, ask: Ask) -> None:
    answer = ask(site, revoked)
    assert not answer.verified
    assert "revocation" in answer.reason
    report = site.verify(revoked)
    assert report["verdict"] == "not valid"
    assert failed(report) == ["status"]


@each_verifier
def test_nobody_believes_an_expired_badge(site: Site, expired: str, ask: Ask) -> None:
    answer = ask(site, expired)
    assert not answer.verified
    assert SAYS_EXPIRED.search(answer.reason)
    report = site.verify(expired)
    assert report["verdict"] == "not valid"
    assert failed(report) == ["time"]


@pytest.mark.foreign
def test_a_badge_of_today_has_expired_in_ten_years(site: Site, badge: str) -> None:
    later = datetime.now(UTC) + timedelta(days=3653)
    answer = ask_digitalbazaar(site, badge, at=later)
    assert not answer.verified
    assert SAYS_EXPIRED.search(answer.reason)
    assert failed(site.verify(badge, "--at", later.isoformat())) == ["time"]


@each_verifier
def test_an_older_badge_verifies_while_another_of_its_list_is_revoked(site: Site, badge: str, revoked: str, ask: Ask) -> None:
    assert json.loads(badge)["credentialStatus"][0]["statusListCredential"] in revoked
    assert ask(site, badge).verified


def test_the_issuer_resolves_to_the_key_that_signed(site: Site, badge: str) -> None:
    document = json.loads(badge)
    issuer = document["issuer"]["id"]
    assert issuer.startswith("did:web:localhost%3A")
    assert b"PUBLIC KEY" in resolve_did(issuer, download=site.fetch)
    [did_document] = [found for name, found in site.documents_about(document).items() if name == issuer]
    assert document["proof"][0]["verificationMethod"] in did_document["assertionMethod"]


def test_the_issuer_s_profile_is_served_where_its_did_is(site: Site, badge: str) -> None:
    issuer = json.loads(badge)["issuer"]
    slug = issuer["id"].rpartition(":")[2]
    profile = json.loads(site.fetch(f"{site.url}/o/{slug}", accept="application/json"))
    assert (profile["id"], profile["name"]) == (issuer["id"], issuer["name"])
