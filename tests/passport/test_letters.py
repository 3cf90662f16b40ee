"""Who is written to when something was issued or taken back: once, in their language, in the organisation's words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.passport.telling import tell
from tests.web.pages import Visitor
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.models import Event
from hexmark.issuing.actions import lift, pause, revoke
from hexmark.issuing.models import Credential
from hexmark.mail.letters import LANGUAGES, render_sample, templates
from hexmark.mail.models import Message
from hexmark.organisations.models import Organisation
from hexmark.passport.actions import decline, disown, enter
from hexmark.passport.models import Entry
from hexmark.people.joining import person_of_link, reader_of
from hexmark.people.models import OneTimeLink, Person

OURS = (
    "awarded waiting revoked paused lifted objection_answered address_confirmation merge_confirmation address_changed accounts_merged"
).split()


def letters(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("pk"))


def issue(world: World, version: AchievementVersion, *people: Person) -> list[Credential]:
    award(version, to=people, actor=world.system, narrative="Led the exercise.")
    run_jobs()
    tell()
    return list(Credential.objects.filter(award__person__in=people).select_related("award").order_by("pk"))


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_letter_is_written_in_every_language_and_leaves_no_gap(template: str, language: str) -> None:
    assert templates()[template] == sorted(LANGUAGES)
    rendered = render_sample(template, language=language)
    assert rendered.language == language
    for text in (rendered.subject, rendered.text, rendered.html):
        assert not re.search(r"\[\w+\]|\{\{|\{%", text), text
    assert rendered.html.startswith("<!doctype html>")


def test_who_has_an_account_is_told_once_with_a_link_to_their_own_page(acme: World, version: AchievementVersion) -> None:
    [credential] = issue(acme, version, acme.member_person)
    tell()
    [letter] = letters("awarded")
    assert letter.to == "member@acme.example"
    assert letter.subject == "Acme awarded you “Safety Champion”"
    assert f"https://badges.acme.example/me/badges/{credential.award.public_id}" in letter.text
    assert "Why: Led the exercise." in letter.text
    assert not letter.secret


def test_who_has_none_is_sent_a_link_that_is_theirs_alone(acme: World, version: AchievementVersion, ben: Person) -> None:
    issue(acme, version, ben)
    tell()
    [letter] = letters("waiting")
    assert letter.to == ben.email
    assert letter.secret
    found = re.search(r"/join/(\S+)", letter.text)
    assert found
    assert person_of_link(found[1]) == ben
    assert found[1] in letter.html


def test_the_organisations_word_and_the_persons_language_are_used(acme: World, version: AchievementVersion) -> None:
    Organisation.objects.update(word_unassessed="Nachweis", word_assessed="Nachweis")
    Person.objects.filter(pk=acme.member_person.pk).update(language="de")
    issue(acme, version, acme.member_person)
    [letter] = letters("awarded")
    assert "hat Ihnen „Safety Champion“ verliehen (Nachweis)" in letter.text


def test_what_was_entered_in_silence_is_not_told_later(acme: World, version: AchievementVersion, ben: Person) -> None:
    award(version, to=[ben], actor=acme.system)
    Entry.objects.all().delete()
    run_jobs()
    Message.objects.all().delete()
    Entry.objects.all().delete()
    enter(Credential.objects.all())
    tell()
    assert not Message.objects.exists()


def test_who_said_that_they_are_somebody_else_is_not_written_to_again(acme: World, version: AchievementVersion, ben: Person) -> None:
    issue(acme, version, ben)
    disown(ben, actor=reader_of(ben))
    Message.objects.all().delete()
    OneTimeLink.objects.all().delete()
    issue(acme, acme.achievement("First Aid"), ben)
    assert not Message.objects.filter(to=ben.email).exists()
    assert not OneTimeLink.objects.exists()


def test_another_organisation_may_still_write_to_that_address(acme: World, globex: World, version: AchievementVersion, ben: Person) -> None:
    issue(acme, version, ben)
    disown(ben, actor=reader_of(ben))
    there = globex.person("Ben")
    Person.objects.filter(pk=there.pk).update(email=ben.email)
    issue(globex, globex.achievement("Kiln Safety"), there)
    assert [letter.subject for letter in letters("waiting")][-1].startswith("Globex")


def test_who_is_revoked_or_paused_is_told_why_and_how_to_object(acme: World, version: AchievementVersion) -> None:
    [credential] = issue(acme, version, acme.member_person)
    pause(credential, actor=acme.steward, reason="A question is open.")
    lift(credential, actor=acme.steward)
    revoke(credential, actor=acme.steward, reason="It was somebody else.")
    tell("passport.status")
    assert "The reason: A question is open." in letters("paused")[0].text
    assert "valid again" in letters("lifted")[0].text
    [revoked] = letters("revoked")
    assert "The reason: It was somebody else." in revoked.text
    assert "you can object" in revoked.text
    assert "badges there" in revoked.text


def test_who_declined_is_not_told_of_their_own_decision(acme: World, version: AchievementVersion) -> None:
    [credential] = issue(acme, version, acme.member_person)
    decline(Entry.objects.select_related("credential__award").get(credential=credential), actor=acme.member)
    tell("passport.status")
    assert letters("revoked") == []


def test_nobody_is_told_today_of_what_happened_long_ago(acme: World, version: AchievementVersion) -> None:
    [credential] = issue(acme, version, acme.member_person)
    revoke(credential, actor=acme.steward, reason="It was somebody else.")
    Event.objects.update(happened_at=timezone.now() - timedelta(days=8))
    tell("passport.status")
    assert letters("revoked") == []


def test_who_left_is_written_to_where_they_read(acme: World, version: AchievementVersion) -> None:
    [credential] = issue(acme, version, acme.member_person)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert acme.member_person.account is not None
    type(acme.member_person.account).objects.filter(pk=acme.member_person.account.pk).update(email="priya@home.example")
    revoke(credential, actor=acme.steward, reason="It was somebody else.")
    tell("passport.status")
    assert letters("revoked")[0].to == "priya@home.example"


def test_one_address_that_no_server_takes_keeps_nobody_else_from_being_told(acme: World, version: AchievementVersion, ben: Person) -> None:
    Person.objects.filter(pk=ben.pk).update(email='"quoted@x"@acme.example')
    issue(acme, version, ben, acme.member_person)
    assert [letter.to for letter in Message.objects.all()] == ["member@acme.example"]


def test_long_and_hostile_names_break_neither_subject_nor_page(acme: World) -> None:
    evil = '<script>alert(1)</script> {{ secret }} "quoted" ' + "x" * 60
    issue(acme, acme.achievement(evil), acme.member_person)
    [letter] = letters("awarded")
    assert "\n" not in letter.subject
    assert len(letter.subject) <= 250
    assert "<script>" not in letter.html
    assert "{{ secret }}" in letter.text


def test_who_has_no_account_is_led_to_a_page_that_asks_for_none(acme: World, version: AchievementVersion) -> None:
    person = acme.person("Ben Lund")
    [credential] = issue(acme, version, person)
    revoke(credential, actor=acme.steward, reason="The observation was of somebody else.")
    run_jobs()
    [letter] = letters("revoked")
    assert letter.secret
    assert "/me/badges/" not in letter.text
    link = re.search(r"https://badges\.acme\.example(/join/\S+)", letter.text)
    assert link is not None
    assert Visitor().get(link[1]).status_code == 200
