"""Collections and the page about oneself."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.issuing.models import Credential
from hexmark.passport import collections, rules
from hexmark.passport.audience import Audience
from hexmark.passport.collections import (
    delete_collection,
    edit_collection,
    make_collection,
    pin,
    publish_collection,
    put_into,
    save_profile,
    take_out,
)
from hexmark.passport.models import Collection, Entry
from hexmark.people.models import Account


@pytest.fixture
def three(acme: World) -> list[Entry]:
    """Three entries of acme's member: for whoever has the link, only theirs, and public."""
    for name in ("First Aid", "Kiln Safety", "Night Watch"):
        award(acme.achievement(name), to=[acme.member_person], actor=acme.system)
    run_jobs()
    credentials = Credential.objects.select_related("award__person").order_by("pk")
    audiences = (Audience.LINK, Audience.ONLY_ME, Audience.PUBLIC)
    return [accepted(credential, audience=audience) for credential, audience in zip(credentials, audiences, strict=True)]


@pytest.fixture
def collection(acme: World, account: Account, three: list[Entry]) -> Collection:
    """The three, in a collection."""
    made = make_collection(account, name="For my application", actor=acme.member)
    put_into(made, three, actor=acme.member)
    return made


def test_entries_stand_once_in_the_order_of_the_numbers(acme: World, collection: Collection, three: list[Entry]) -> None:
    assert put_into(collection, three, actor=acme.member) == 0
    positions = {three[0].pk: 3, three[1].pk: 2, three[2].pk: 1}
    edit_collection(collection, name="Mine", text="What I do.", positions=positions, actor=acme.member)
    assert [item.entry for item in collection.items.all()] == three[::-1]
    take_out(collection, three[1], actor=acme.member)
    assert [item.entry for item in collection.items.all()] == [three[2], three[0]]


def test_a_form_orders_names_and_takes_out(acme: World, collection: Collection, three: list[Entry]) -> None:
    visitor, address = Visitor(acme.member_person), f"/me/collections/{collection.public_id}"
    visitor.post(address, {"name": "Best", "text": "", f"place-{three[2].pk}": "1", f"place-{three[0].pk}": "2", "place-x": "y"})
    page = text_of(visitor.get(address))
    assert page.index("Night Watch") < page.index("First Aid") < page.index("Kiln Safety")
    visitor.post(f"{address}/take", {"entry": three[1].public_id})
    visitor.post(f"{address}/put", {"entry": [three[1].public_id, "a" * 26]})
    assert [item.entry for item in collection.items.all()] == [three[2], three[0], three[1]]


def test_nobody_sees_a_collection_before_it_is_published(acme: World, collection: Collection) -> None:
    never = Visitor().get(f"/c/{'a' * 26}")
    hidden = Visitor().get(f"/c/{collection.public_id}")
    assert (hidden.status_code, hidden.content) == (404, never.content)
    publish_collection(collection, published=True, actor=acme.member)
    assert Visitor().get(f"/c/{collection.public_id}").status_code == 200
    publish_collection(collection, published=False, actor=acme.member)
    assert Visitor().get(f"/c/{collection.public_id}").content == never.content


def test_publishing_shows_nothing_that_its_own_audience_does_not(acme: World, collection: Collection) -> None:
    publish_collection(collection, published=True, actor=acme.member)
    page = text_of(Visitor().get(f"/c/{collection.public_id}"))
    assert ("First Aid" in page, "Kiln Safety" in page, "Night Watch" in page) == (True, False, True)
    assert "Kiln Safety" in text_of(Visitor(acme.member_person).get(f"/c/{collection.public_id}"))
    assert "1 of it is not shown to everybody" in text_of(Visitor(acme.member_person).get(f"/me/collections/{collection.public_id}"))


def test_an_empty_collection_is_not_published(acme: World, account: Account) -> None:
    with pytest.raises(Conflict):
        publish_collection(make_collection(account, name="Empty", actor=acme.member), published=True, actor=acme.member)


def test_deleting_a_collection_keeps_what_stood_in_it(acme: World, collection: Collection, three: list[Entry]) -> None:
    delete_collection(collection, actor=acme.member)
    assert Entry.objects.count() == 3


def test_there_are_limits(acme: World, account: Account, three: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MOST_COLLECTIONS", 1)
    monkeypatch.setattr(rules, "MOST_COLLECTED", 2)
    made = make_collection(account, name="One", actor=acme.member)
    with pytest.raises(Conflict):
        make_collection(account, name="Two", actor=acme.member)
    with pytest.raises(Conflict, match="at most 2"):
        put_into(made, three, actor=acme.member)


def test_nobody_touches_anothers_collection(acme: World, globex: World, collection: Collection, three: list[Entry]) -> None:
    for actor in (acme.steward, globex.member):
        for act in (
            lambda actor=actor: edit_collection(collection, name="X", text="", positions={}, actor=actor),
            lambda actor=actor: put_into(collection, three, actor=actor),
            lambda actor=actor: take_out(collection, three[0], actor=actor),
            lambda actor=actor: publish_collection(collection, published=True, actor=actor),
            lambda actor=actor: delete_collection(collection, actor=actor),
        ):
            with pytest.raises(NotPermitted):
                act()
    assert globex.member_person.account is not None
    theirs = make_collection(globex.member_person.account, name="Theirs", actor=globex.member)
    with pytest.raises(NotPermitted):
        put_into(theirs, three, actor=globex.member)


def test_a_page_about_oneself_is_there_when_one_wants_it(acme: World, account: Account, three: list[Entry]) -> None:
    visitor = Visitor(acme.member_person)
    assert Visitor().get("/p/acme-member").status_code == 404
    visitor.post("/me/profile", {"handle": "Acme-Member", "headline": "Test engineer"})
    assert Visitor().get("/p/acme-member").status_code == 404
    visitor.post("/me/profile", {"handle": "acme-member", "headline": "Test engineer", "published": "on"})
    answer = Visitor().get("/p/acme-member")
    page = text_of(answer)
    assert "Test engineer" in page
    assert ("First Aid" in page, "Kiln Safety" in page, "Night Watch" in page) == (False, False, True)
    assert "member@acme" not in answer.content.decode()
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_what_is_pinned_stands_first_and_only_what_is_public_is_pinned(acme: World, account: Account, three: list[Entry]) -> None:
    save_profile(account, handle="acme-member", headline="", published=True, actor=acme.member)
    with pytest.raises(Invalid, match="public first"):
        pin(three[0], pinned=True, actor=acme.member)
    visitor = Visitor(acme.member_person)
    visitor.post(f"/me/badges/{three[0].public_id}/audience", {"audience": "public"})
    for pinned in (three[0], three[2]):
        visitor.post(f"/me/badges/{three[0].public_id}/pin", {"pinned": "1" if pinned == three[0] else "0"})
        visitor.post(f"/me/badges/{three[2].public_id}/pin", {"pinned": "1" if pinned == three[2] else "0"})
        page = text_of(Visitor().get("/p/acme-member"))
        first, second = ("First Aid", "Night Watch") if pinned == three[0] else ("Night Watch", "First Aid")
        assert page.index(first) < page.index(second)


def test_a_handle_is_one_humans_alone(acme: World, globex: World, account: Account) -> None:
    save_profile(account, handle="amara", headline="", published=True, actor=acme.member)
    page = Visitor(globex.member_person).post("/me/profile", {"handle": "AMARA", "headline": ""})
    assert page.status_code == 422
    assert "taken" in errors_beside(page, "id_handle")


def test_a_page_of_a_closed_account_is_gone(acme: World, account: Account, collection: Collection) -> None:
    save_profile(account, handle="amara", headline="", published=True, actor=acme.member)
    publish_collection(collection, published=True, actor=acme.member)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert Visitor().get("/p/amara").status_code == 404
    assert Visitor().get(f"/c/{collection.public_id}").status_code == 404
