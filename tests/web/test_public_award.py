"""The public page of one award: the verdict first, in every state, and nothing that is not for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry


@pytest.fixture
def url(credential: Credential) -> str:
    """The award's address."""
    return f"/a/{credential.award.public_id}"


def test_the_verdict_stands_first(credential: Credential, visitor: Visitor, url: str) -> None:
    response = visitor.get(url)
    page = text_of(response)
    assert response.status_code == 200
    assert page.index("Verified") < page.index("Awarded to") < page.index("How it is earned")
    assert "Signed by Acme (badges.acme.example/o/acme) and unchanged since. Neither revoked nor paused. In date" in page
    assert "Awarded to Acme Member by Acme on" in page


def test_every_check_is_listed_in_words(credential: Credential, visitor: Visitor, url: str) -> None:
    page = text_of(visitor.get(url))
    assert "See all 8 checks" in page
    for line in (
        "Content passed",
        "Issuer passed",
        "Revocation passed",
        "Pause passed",
        "In date passed",
        "Format passed",
        "Recipient skipped",
    ):
        assert line in page


def test_a_revoked_award_says_so_first_and_on_its_picture(acme: World, credential: Credential, visitor: Visitor, url: str) -> None:
    revoke(credential, actor=acme.steward, reason="The observation was of somebody else.")
    run_jobs()
    response = visitor.get(url)
    page = text_of(response)
    assert response.status_code == 200
    assert "Revoked by issuer" in page
    assert "Signed by Acme (badges.acme.example/o/acme) and unchanged since." in page
    assert 'data-state="revoked"' in response.content.decode()
    assert "tone-ok" not in response.content.decode().split("verdict-title")[0]


def test_the_reason_of_a_revocation_is_between_issuer_and_earner(acme: World, credential: Credential, visitor: Visitor, url: str) -> None:
    revoke(credential, actor=acme.steward, reason="The observation was of somebody else.")
    run_jobs()
    assert "somebody else" not in text_of(visitor.get(url))


def test_a_paused_award_says_so(acme: World, credential: Credential, visitor: Visitor, url: str) -> None:
    pause(credential, actor=acme.steward, reason="A question is open.")
    run_jobs()
    page = text_of(visitor.get(url))
    assert "Paused by issuer" in page
    assert "may lift this again" in page
    assert "A question is open" not in page


def test_an_expired_award_says_since_when_and_that_it_is_genuine(acme: World, visitor: Visitor) -> None:
    version = acme.achievement("First Aid", validity_months=1)
    decided_at = timezone.now() - timedelta(days=60)
    run = award(version, to=[acme.member_person], actor=acme.steward, decided_at=decided_at).run
    release_now(run, actor=acme.steward)
    run_jobs()
    page = visitor.get(f"/a/{run.awards.get().public_id}")
    assert "Expired on" in text_of(page)
    assert "and unchanged since." in text_of(page)
    assert 'data-state="expired"' in page.content.decode()


def test_before_it_is_signed_there_is_no_page(acme: World, version: AchievementVersion, visitor: Visitor) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    assert visitor.get(f"/a/{run.awards.get().public_id}").status_code == 404


def test_an_award_that_was_erased_and_one_that_never_was_are_the_same_404(credential: Credential, visitor: Visitor, url: str) -> None:
    never = visitor.get(f"/a/{'a' * 26}")
    award_ = credential.award
    credential.delete()
    award_.delete()
    erased = visitor.get(url)
    assert erased.status_code == never.status_code == 404
    assert erased.content == never.content
    assert erased.headers == never.headers


def test_what_was_done_and_which_skills_it_shows_are_there(acme: World, visitor: Visitor) -> None:
    version = acme.achievement("Data Steward", level=4, assurance="A3", tags=["data"])
    Alignment.objects.create(
        version=version, target_name="Data governance", target_url="https://skills.example/dg", target_framework="ESCO"
    )
    run = award(version, to=[acme.member_person], actor=acme.steward, narrative="Cut doubles from 6 to 1 per cent.").run
    release_now(run, actor=acme.steward)
    run_jobs()
    response = visitor.get(f"/a/{run.awards.get().public_id}")
    page = text_of(response)
    assert "What Acme Member did Cut doubles from 6 to 1 per cent." in page
    assert "Credential Evidence judged Level 4 of 5 data" in page
    assert "Data governance (ESCO)" in page
    assert 'alt="Data Steward, level 4 of 5"' in response.content.decode()


def test_the_earner_is_told_how_to_show_it(credential: Credential, member: Visitor, visitor: Visitor, steward: Visitor, url: str) -> None:
    assert "Show it to others" in text_of(member.get(url))
    for other in (visitor, steward):
        assert "Check it yourself" in text_of(other.get(url))


def test_dates_are_those_of_the_issuers_own_days(acme: World, version: AchievementVersion, visitor: Visitor) -> None:
    Organisation.objects.update(time_zone="Pacific/Auckland")
    version.achievement.organisation.refresh_from_db()
    AchievementVersion.objects.filter(pk=version.pk).update(validity_months=12)
    version.refresh_from_db()
    decided_at = timezone.now().replace(year=2026, month=6, day=30, hour=20, minute=0)
    run = award(version, to=[acme.member_person], actor=acme.steward, decided_at=decided_at).run
    release_now(run, actor=acme.steward)
    run_jobs()
    page = text_of(visitor.get(f"/a/{run.awards.get().public_id}"))
    assert "on 1 July 2026" in page
    assert "Valid until 1 July 2027" in page


def test_hostile_text_stays_text(acme: World, visitor: Visitor) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    version = acme.achievement(evil, description=evil, criteria=f"{evil}\n\n[x](javascript:alert(3)) ![y](https://evil.example/p.png)")
    person = acme.person("Ben Lund")
    run = award(version, to=[person], actor=acme.steward, narrative=evil).run
    release_now(run, actor=acme.steward)
    run_jobs()
    accepted(Credential.objects.select_related("award__person").get(award__run=run))
    response = visitor.get(f"/a/{run.awards.get().public_id}")
    body = response.content.decode()
    assert response.status_code == 200
    for danger in ("<script>alert", "<img src=x", 'href="javascript', "evil.example/p.png"):
        assert danger not in body


def test_search_engines_are_asked_to_stay_away(credential: Credential, visitor: Visitor, url: str) -> None:
    for address in (url, f"{url}.png", f"{url}.json"):
        assert visitor.get(address).headers["X-Robots-Tag"] == "noindex"


def test_nobodys_address_stands_on_a_public_page(acme: World, credential: Credential, visitor: Visitor, member: Visitor, url: str) -> None:
    for address in (url, f"{url}.json", f"{url}.svg", "/b/safety-champion", "/o/acme", "/verify?link=https://badges.acme.example" + url):
        for who in (visitor, member):
            body = who.get(address).content
            assert b"acme.example>" not in body
            assert b"member@acme" not in body, address
            assert b"steward@acme" not in body, address


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_public_page_only_answers(credential: Credential, visitor: Visitor, url: str, method: str) -> None:
    assert getattr(visitor, method)(url).status_code == 405
    assert getattr(visitor, method)(f"{url}.json").status_code == 405


@pytest.mark.parametrize("form", ["", ".png", ".svg", ".json", "/card.png", "/code.svg"])
def test_every_form_is_asked_for_each_time_and_sent_once(credential: Credential, visitor: Visitor, url: str, form: str) -> None:
    answer = visitor.get(f"{url}{form}", headers={"Accept": "application/vc"} if not form else {})
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = visitor.get(f"{url}{form}", headers={"If-None-Match": answer.headers["ETag"], **({} if form else {"Accept": "application/vc"})})
    assert again.status_code == 304
    assert again.content == b""


def test_who_has_it_already_learns_that_it_is_gone(acme: World, credential: Credential, visitor: Visitor, url: str) -> None:
    tag = visitor.get(f"{url}.png").headers["ETag"]
    card = visitor.get(f"{url}/card.png").headers["ETag"]
    revoke(credential, actor=acme.steward, reason="The observation was of somebody else.")
    assert visitor.get(f"{url}/card.png", headers={"If-None-Match": card}).status_code == 200
    Entry.objects.update(audience=Audience.ONLY_ME)
    assert visitor.get(f"{url}.png", headers={"If-None-Match": tag}).status_code == 404
