"""Who sees what, in every form in which an award can be asked for."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World, accepted

from hexmark.access import ANONYMOUS, Actor, ActorKind
from hexmark.issuing.models import Credential
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry
from hexmark.passport.queries import Viewer, is_seen_by, may_see, visible_credential
from hexmark.people.models import Account, Person

FORMS = ("", ".json", ".png", ".svg")
#: Who sees it: nobody in particular, a colleague, a stranger of another organisation, the issuer's administrator, the holder.
SEES = {
    Audience.PUBLIC: (True, True, True, True, True),
    Audience.LINK: (True, True, True, True, True),
    Audience.ORGANISATION: (False, True, False, True, True),
    Audience.ONLY_ME: (False, False, False, True, True),
}


def watchers(acme: World, globex: World) -> tuple[Actor, ...]:
    return (ANONYMOUS, acme.manager, globex.steward, acme.steward, acme.member)


@pytest.mark.parametrize("audience", Audience)
def test_each_audience_lets_in_whom_it_says(acme: World, globex: World, credential: Credential, audience: Audience) -> None:
    entry = accepted(credential, audience=audience)
    assert tuple(may_see(entry.credential, actor=actor) for actor in watchers(acme, globex)) == SEES[audience]


def test_nothing_is_public_before_it_is_accepted(acme: World, globex: World, waiting: Entry) -> None:
    seen = [may_see(waiting.credential, actor=actor) for actor in watchers(acme, globex)]
    assert seen == [False, False, False, True, False]


def test_what_was_declined_is_seen_by_its_issuer_and_holder_alone(acme: World, globex: World, entry: Entry) -> None:
    Entry.objects.update(declined_at=entry.accepted_at, audience=Audience.PUBLIC)
    entry.refresh_from_db()
    assert [may_see(entry.credential, actor=actor) for actor in watchers(acme, globex)] == [False, False, False, True, True]


def test_before_the_passport_is_told_it_is_as_it_will_be(acme: World, credential: Credential, waiting: Entry) -> None:
    Entry.objects.all().delete()
    fresh = Credential.objects.select_related("award__person")
    assert may_see(fresh.get(pk=credential.pk), actor=ANONYMOUS)
    assert not may_see(fresh.get(pk=waiting.credential_id), actor=ANONYMOUS)


@pytest.mark.parametrize("kind", [Person.Kind.CUSTOMER, Person.Kind.PARTNER, Person.Kind.GUEST])
def test_the_organisation_is_its_staff_and_not_its_customers_or_guests(acme: World, credential: Credential, kind: str) -> None:
    entry = accepted(credential, audience=Audience.ORGANISATION)
    assert may_see(entry.credential, actor=acme.manager)
    Person.objects.filter(pk=acme.manager_person.pk).update(kind=kind)
    assert not may_see(entry.credential, actor=acme.manager)
    assert Visitor(acme.manager_person).get(f"/a/{credential.award.public_id}").status_code == 404


def test_an_api_key_of_the_issuer_sees_only_what_it_may(acme: World, credential: Credential) -> None:
    accepted(credential, audience=Audience.ORGANISATION)
    key = Actor(kind=ActorKind.API_KEY, organisation_id=acme.organisation.pk)
    assert visible_credential(credential.award.public_id, actor=key) is None


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANISATION])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_for_a_visitor_is_byte_equal_to_what_never_was(credential: Credential, audience: Audience, form: str) -> None:
    accepted(credential, audience=audience)
    hidden, never = Visitor().get(f"/a/{credential.award.public_id}{form}"), Visitor().get(f"/a/{'a' * 26}{form}")
    assert (hidden.status_code, hidden.content) == (404, never.content)
    assert sorted(hidden.headers.items()) == sorted(never.headers.items())


@pytest.mark.parametrize("form", FORMS)
def test_the_holder_opens_what_is_only_theirs_and_no_cache_keeps_it(acme: World, credential: Credential, form: str) -> None:
    accepted(credential, audience=Audience.ONLY_ME)
    answer = Visitor(acme.member_person).get(f"/a/{credential.award.public_id}{form}")
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_verifying_by_address_gives_away_no_more_than_the_page(acme: World, credential: Credential) -> None:
    address = f"/verify?link=https://badges.acme.example/a/{credential.award.public_id}"
    accepted(credential)
    assert "Safety Champion" in text_of(Visitor().get(address))
    accepted(credential, audience=Audience.ONLY_ME)
    assert "Safety Champion" not in text_of(Visitor().get(address))
    assert "Safety Champion" in text_of(Visitor(acme.member_person).get(address))


def test_who_left_every_organisation_still_opens_what_is_only_theirs(acme: World, credential: Credential) -> None:
    accepted(credential, audience=Audience.ONLY_ME)
    visitor = Visitor(acme.member_person)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at="2026-03-31T00:00:00Z")
    assert visitor.get(f"/a/{credential.award.public_id}").status_code == 200
    page = visitor.get("/me")
    assert "Safety Champion" in text_of(page)
    assert "Your account: Acme Member" in text_of(page)


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        (Audience.PUBLIC, {Viewer.PUBLIC, Viewer.ORGANISATION, Viewer.LINK}),
        (Audience.LINK, {Viewer.ORGANISATION, Viewer.LINK}),
        (Audience.ORGANISATION, {Viewer.ORGANISATION}),
        (Audience.ONLY_ME, set()),
    ],
)
def test_looking_as_others_shows_what_they_see(
    acme: World, credential: Credential, account: Account, audience: Audience, seen: set[Viewer]
) -> None:
    entry = accepted(credential, audience=audience)
    assert {viewer for viewer in Viewer if is_seen_by(entry, viewer)} == seen
    for viewer in Viewer:
        page = text_of(Visitor(acme.member_person).get(f"/me/seen-as/{viewer}"))
        assert ("They do not see Safety Champion" in page) is (viewer not in seen)


def test_nobody_looks_as_somebody_else(acme: World) -> None:
    assert Visitor(acme.member_person).get("/me/seen-as/steward").status_code == 404
