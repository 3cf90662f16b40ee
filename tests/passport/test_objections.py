"""Objecting to a revocation or a pause, and the answer."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World

from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.passport.models import Entry, Objection
from hexmark.passport.objections import answer_objection, make_objection


@pytest.fixture
def revoked(acme: World, credential: Credential, entry: Entry) -> Entry:
    """What acme took back."""
    revoke(credential, actor=acme.steward, reason="It was somebody else.")
    return Entry.objects.select_related("credential__award").get(pk=entry.pk)


def test_an_objection_is_found_beside_the_award_and_its_answer_beside_the_badge(acme: World, revoked: Entry) -> None:
    holder, steward = Visitor(acme.member_person), Visitor(acme.steward_person)
    holder.post(f"/me/badges/{revoked.public_id}/object", {"text": "I led that talk\nmyself."})
    page = steward.get(f"/awards/{revoked.public_id}")
    assert "Acme Member objects" in text_of(page)
    assert "I led that talk" in text_of(page)
    objection = Objection.objects.get()
    address = f"/awards/{revoked.public_id}/objections/{objection.pk}"
    assert address in page.content.decode()
    assert steward.post(address, {"answer": ""}).status_code == 422
    assert steward.post(address, {"answer": "You are right. We award it anew."}).headers["Location"] == f"/awards/{revoked.public_id}"
    assert "Acme answered: You are right." in text_of(holder.get(f"/me/badges/{revoked.public_id}"))
    [letter] = Message.objects.filter(template="objection_answered")
    assert letter.to == "member@acme.example"
    assert "You are right. We award it anew." in letter.text


def test_one_objects_to_what_was_revoked_or_paused_only(acme: World, credential: Credential, entry: Entry) -> None:
    with pytest.raises(Conflict, match="neither revoked nor paused"):
        make_objection(entry, text="No.", actor=acme.member)
    assert "Object" not in text_of(Visitor(acme.member_person).get(f"/me/badges/{entry.public_id}"))
    pause(credential, actor=acme.steward, reason="A question is open.")
    fresh = Entry.objects.select_related("credential__award").get(pk=entry.pk)
    assert make_objection(fresh, text="No.", actor=acme.member).text == "No."


def test_a_second_waits_for_the_answer_to_the_first(acme: World, revoked: Entry) -> None:
    objection = make_objection(revoked, text="No.", actor=acme.member)
    with pytest.raises(Conflict, match="not been answered"):
        make_objection(revoked, text="No!", actor=acme.member)
    answer_objection(objection, answer="Why?", actor=acme.steward)
    make_objection(revoked, text="Because.", actor=acme.member)
    with pytest.raises(Conflict, match="answered already"):
        answer_objection(objection, answer="Again?", actor=acme.steward)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "hidden\u202e"])
def test_an_objection_has_words_that_can_be_read(acme: World, revoked: Entry, text: str) -> None:
    with pytest.raises(Invalid):
        make_objection(revoked, text=text, actor=acme.member)
    page = Visitor(acme.member_person).post(f"/me/badges/{revoked.public_id}/object", {"text": text})
    assert page.status_code == 422
    assert errors_beside(page, "id_text")


def test_nobody_objects_or_answers_for_another(acme: World, globex: World, revoked: Entry) -> None:
    with pytest.raises(NotPermitted):
        make_objection(revoked, text="No.", actor=globex.member)
    objection = make_objection(revoked, text="No.", actor=acme.member)
    for actor in (acme.member, globex.steward):
        with pytest.raises(NotPermitted):
            answer_objection(objection, answer="Yes.", actor=actor)
    assert Visitor(globex.steward_person).get(f"/awards/{revoked.public_id}/objections/{objection.pk}").status_code == 404


def test_what_was_said_stays_text(acme: World, revoked: Entry) -> None:
    make_objection(revoked, text="<script>alert(1)</script>", actor=acme.member)
    for page in (
        Visitor(acme.steward_person).get(f"/awards/{revoked.public_id}"),
        Visitor(acme.member_person).get(f"/me/badges/{revoked.public_id}"),
    ):
        assert "<script>alert" not in page.content.decode()
