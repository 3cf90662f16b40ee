"""One's own pages: about one's own things, and a 404 with the same bytes for everybody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.urls import reverse
from tests.passport.telling import tell
from tests.tenancy import passport
from tests.web.pages import Visitor, text_of, without_tokens
from tests.world import World, accepted, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from hexmark.passport.actions import enter
from hexmark.passport.models import Collection, Entry, Export, Share
from hexmark.people.actions import add_person, grant_access
from hexmark.people.models import Person

#: Addresses of one's own that name one thing.
OF_ONE_THING = {
    "my_badge": ("award_id",),
    "my_badge_accept": ("award_id",),
    "my_badge_decline": ("award_id",),
    "my_badge_audience": ("award_id",),
    "my_badge_pin": ("award_id",),
    "my_badge_collect": ("award_id",),
    "my_badge_object": ("award_id",),
    "my_share": ("share_id",),
    "my_share_revoke": ("share_id",),
    "my_collection": ("collection_id",),
    "my_collection_put": ("collection_id",),
    "my_collection_take": ("collection_id",),
    "my_collection_publish": ("collection_id",),
    "my_collection_delete": ("collection_id",),
    "export_download": ("export_id",),
    "answer_offer": ("offered_id",),
}


def state() -> list[object]:
    """Whatever a stranger might have changed."""
    tables = (Entry, Collection, Share, Export, Person, Credential)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(OF_ONE_THING))
def test_anothers_thing_is_a_page_that_never_was(acme: World, globex: World, credential: Credential, name: str, method: str) -> None:
    values = dict(passport.values(acme, credential)) | {"award_id": credential.award.public_id}
    before = state()
    given = {"audience": "public", "published": "1", "name": "Mine", "text": "Mine", "answer": "", "entry": credential.award.public_id}
    for person in (acme.steward_person, acme.manager_person, globex.member_person):
        visitor = Visitor(person)
        ask: Callable[..., HttpResponse] = getattr(visitor, method)
        real = ask(reverse(name, kwargs={part: values[part] for part in OF_ONE_THING[name]}), given)
        never = ask(reverse(name, kwargs=dict.fromkeys(OF_ONE_THING[name], "a" * 26)), given)
        assert real.status_code == never.status_code
        assert real.status_code in (404, 405)
        assert without_tokens(real.content) == without_tokens(never.content)
    assert state() == before


def test_every_address_of_one_thing_is_tried_above() -> None:
    from hexmark.web.urls.passport import urlpatterns

    own = {str(pattern.name) for pattern in urlpatterns if "<" in str(pattern.pattern) and str(pattern.pattern).startswith("me/")}
    assert own - {"seen_as"} == set(OF_ONE_THING)


def test_what_waits_stands_on_top_and_is_answered_on_its_page(acme: World, waiting: Entry, ben: Person) -> None:
    Person.objects.filter(pk=ben.pk).update(account=acme.member_person.account)
    visitor = Visitor(acme.member_person)
    assert "Waiting for your answer" in text_of(visitor.get("/me"))
    page = text_of(visitor.get(f"/me/badges/{waiting.public_id}"))
    assert "Accept it" in page
    visitor.post(f"/me/badges/{waiting.public_id}/accept", {"audience": "organisation"})
    waiting.refresh_from_db()
    assert (waiting.is_kept, waiting.audience) == (True, "organisation")
    assert visitor.post(f"/me/badges/{waiting.public_id}/audience", {"audience": "everybody"}).status_code == 422


def test_a_new_one_is_marked_until_it_was_looked_at(acme: World, credential: Credential) -> None:
    visitor = Visitor(acme.member_person)
    assert " New " in text_of(visitor.get("/me"))
    visitor.get(f"/me/badges/{credential.award.public_id}")
    assert " New " not in text_of(visitor.get("/me"))


def test_what_was_declined_is_found_in_a_list_of_its_own(acme: World, entry: Entry) -> None:
    visitor = Visitor(acme.member_person)
    visitor.post(f"/me/badges/{entry.public_id}/decline")
    assert f"/me/badges/{entry.public_id}" not in visitor.get("/me").content.decode()
    assert "Declined by you" in text_of(visitor.get("/me?list=ended"))
    assert "You declined this" in text_of(visitor.get(f"/me/badges/{entry.public_id}"))


def test_a_thousand_fill_pages_of_24_and_are_found_by_name(
    acme: World, credential: Credential, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        award(acme.achievement(f"Subject {number:02}"), to=[acme.member_person], actor=acme.system)
    run_jobs()
    for one in Credential.objects.select_related("award__person"):
        accepted(one)
    visitor = Visitor(acme.member_person)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        page = visitor.get("/me").content.decode()
    assert page.count('class="card card-link') == 24
    assert " of 31" in page
    assert visitor.get("/me?page=2").content.decode().count('class="card card-link') == 7
    assert text_of(visitor.get("/me?q=subject+17")).count("Subject 17") == 1
    assert "Nothing found" in text_of(visitor.get("/me?q=nothing"))
    assert visitor.get("/me?list=nonsense&page=x").status_code == 200


def test_an_organisation_that_meant_somebody_else_is_told(acme: World, globex: World) -> None:
    namesake = add_person(globex.organisation, name="M. Member", email="member@acme.example", actor=globex.system)
    award(globex.achievement("Kiln Safety"), to=[namesake], actor=globex.system)
    run_jobs()
    enter(Credential.objects.filter(award__person=namesake))
    visitor = Visitor(acme.member_person)
    assert "Globex knows you as M. Member" in text_of(visitor.get("/me"))
    visitor.post(f"/me/offers/{namesake.public_id}", {"answer": "not_me"})
    namesake.refresh_from_db()
    assert namesake.account is None
    assert "belongs to somebody else" in Credential.objects.get(award__person=namesake).revocation_reason


def test_an_offer_is_for_whoever_verified_the_address_alone(acme: World, globex: World) -> None:
    namesake = add_person(globex.organisation, name="M. Member", email="member@acme.example", actor=globex.system)
    for person in (acme.manager_person, globex.steward_person):
        assert Visitor(person).post(f"/me/offers/{namesake.public_id}", {}).status_code == 404


def test_access_that_was_granted_before_works_after_joining_and_ends_with_leaving(acme: World) -> None:
    person = acme.person("Ann New")
    grant_access(person, access=Access.STEWARD, actor=acme.system)
    Person.objects.filter(pk=person.pk).update(account=acme.member_person.account)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at="2026-03-31T00:00:00Z")
    visitor = Visitor(acme.member_person)
    assert visitor.get("/awards").status_code == 200
    Person.objects.filter(pk=person.pk).update(left_at="2026-03-31T00:00:00Z")
    assert visitor.get("/awards").status_code == 404
    assert visitor.get("/me").status_code == 200


def test_what_is_told_twice_changes_nothing_the_second_time(acme: World, credential: Credential, waiting: Entry) -> None:
    tell()
    before = state()
    tell()
    assert state() == before
