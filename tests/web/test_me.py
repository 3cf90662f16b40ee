"""One's own badges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.people.models import Person


def test_without_a_badge_the_page_leads_to_what_there_is_to_earn(member: Visitor) -> None:
    page = text_of(member.get("/me"))
    assert "No badges yet" in page
    assert "See what there is to earn" in page


def test_a_badge_is_shown_with_its_issuer_and_leads_to_its_page(credential: Credential, member: Visitor) -> None:
    response = member.get("/me")
    assert "Safety Champion Acme" in text_of(response)
    assert f'href="/me/badges/{credential.award.public_id}"' in response.content.decode()
    assert 'src="/b/safety-champion/1/image' in response.content.decode()


def test_what_is_not_signed_yet_is_not_shown(acme: World, version: AchievementVersion, member: Visitor) -> None:
    award(version, to=[acme.member_person], actor=acme.steward)
    assert "No badges yet" in text_of(member.get("/me"))


@pytest.mark.parametrize("state", ["revoked", "paused"])
def test_who_was_revoked_or_paused_reads_why(acme: World, credential: Credential, member: Visitor, state: str) -> None:
    act = revoke if state == "revoked" else pause
    act(credential, actor=acme.steward, reason="The observation was of somebody else.")
    page = text_of(member.get("/me"))
    assert f"{state.capitalize()} by issuer" in page
    assert "The observation was of somebody else." in page


def test_the_last_day_counts_and_the_day_after_says_expired(credential: Credential, member: Visitor) -> None:
    Credential.objects.update(valid_until=timezone.now() + timedelta(hours=1))
    assert "Valid until" in text_of(member.get("/me"))
    Credential.objects.update(valid_until=timezone.now() - timedelta(hours=1))
    assert "Expired" in text_of(member.get("/me"))


def test_badges_of_every_organisation_stand_together(acme: World, globex: World, credential: Credential, member: Visitor) -> None:
    Person.objects.filter(pk=globex.member_person.pk).update(account=acme.member_person.account)
    member.post("/me/organisation", {"organisation": "globex"})
    page = text_of(member.get("/me"))
    assert "Safety Champion Acme" in page
    assert "You act for" in page


def test_who_left_keeps_what_they_were_given(acme: World, credential: Credential, member: Visitor) -> None:
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    page = member.get("/me")
    assert "Safety Champion" in text_of(page)
    assert 'href="/me/settings"' in page.content.decode()


def test_what_the_dock_of_a_narrow_window_has_no_room_for_stands_in_the_menu(steward: Visitor, member: Visitor) -> None:
    page = steward.get("/me").content.decode()
    beyond = page.partition('class="beyond-dock"')[2].partition("</div>")[0]
    dock = page.partition('class="dock"')[2].partition("</nav>")[0]
    for address in ("/award", "/awards", "/people"):
        assert f'href="{address}"' in beyond or f'href="{address}"' in dock
    page = member.get("/me").content.decode()
    assert 'href="/catalogue"' in page.partition('class="beyond-dock"')[2].partition("</div>")[0]


def test_nobody_sees_what_others_hold(credential: Credential, stranger: Visitor, steward: Visitor) -> None:
    for other in (stranger, steward):
        # The sheet names what there is to earn; what somebody holds leads to their own page of it.
        assert credential.award.public_id not in other.get("/me").content.decode()
