"""Invitations go to people without an account, and never become a flood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.errors import Conflict
from hexmark.mail.models import Message
from hexmark.people import inviting
from hexmark.people.inviting import MOST_TO_ONE, invite
from hexmark.people.records import leave


def test_one_person_is_invited_a_few_times_a_day(acme: World) -> None:
    person = acme.person("Ben Lund")
    for _ in range(MOST_TO_ONE):
        invite(person, actor=acme.steward)
    with pytest.raises(Conflict, match="was invited 3 times within a day"):
        invite(person, actor=acme.steward)
    invite(acme.person("Somebody Else"), actor=acme.steward)
    Message.objects.update(queued_at=timezone.now() - timedelta(days=2))
    invite(person, actor=acme.steward)


@pytest.mark.parametrize("address", ["/people/{0}/invite", "/administration/access/invite"])
def test_the_page_says_why_no_more_are_sent(acme: World, address: str) -> None:
    person, visitor = acme.person("Ben Lund"), Visitor(acme.steward_person)
    answers = [visitor.post(address.format(person.public_id), {"person": person.public_id}) for _ in range(MOST_TO_ONE + 1)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 409]
    assert "keep spam" in text_of(answers[-1])


def test_nor_is_everybody_invited_at_once(acme: World, globex: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "MOST_TO_ALL", 2)
    for name in ("One", "Two"):
        invite(acme.person(name), actor=acme.steward)
    with pytest.raises(Conflict, match="Go on tomorrow"):
        invite(acme.person("Three"), actor=acme.steward)
    invite(globex.person("Three"), actor=globex.steward)


def test_who_has_left_is_not_invited(acme: World) -> None:
    person = acme.person("Ben Lund")
    leave(person, actor=acme.steward)
    person.refresh_from_db()
    with pytest.raises(Conflict, match="Have them back first"):
        invite(person, actor=acme.steward)
