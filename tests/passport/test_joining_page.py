"""The page behind a link from a mail: accept, decline, or say that it is somebody else. Nothing happens without a form."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import PASSWORD, World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.passport.actions import enter
from hexmark.passport.models import Entry
from hexmark.people.actions import open_account
from hexmark.people.joining import join_link
from hexmark.people.models import Account, OneTimeLink, Person

MINE = {"name": "Ben Lund", "password": "five plain words of mine", "audience": "link"}


@pytest.fixture
def link(acme: World, waiting: Entry, ben: Person) -> str:
    """The path of a link that Ben was sent."""
    return join_link(ben, actor=acme.steward).removeprefix("https://badges.acme.example")


def test_looking_changes_nothing(link: str, waiting: Entry) -> None:
    for method in ("get", "head"):
        assert getattr(Visitor(), method)(link).status_code == 200
    waiting.refresh_from_db()
    assert waiting.is_waiting
    assert not Account.objects.filter(email="ben.lund@acme.example").exists()
    assert OneTimeLink.objects.filter(used_at__isnull=True).exists()


def test_the_page_is_kept_by_no_cache_and_no_search_engine(link: str) -> None:
    answer = Visitor().get(link)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_audience_is_chosen_before_anything_can_be_seen(link: str, waiting: Entry) -> None:
    visitor = Visitor()
    visitor.post(link, MINE | {"audience": "only_me"})
    waiting.refresh_from_db()
    assert waiting.audience == "only_me"
    assert Visitor().get(f"/a/{waiting.public_id}").status_code == 404
    assert visitor.get(f"/a/{waiting.public_id}").status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"password": "short"}, "id_password"),
        ({"password": "ben lund lund"}, "id_password"),
        ({"name": ""}, "id_name"),
        ({"name": "\u200b"}, "id_name"),
    ],
)
def test_what_was_typed_is_kept_and_nothing_is_opened(link: str, given: dict[str, str], field: str) -> None:
    page = Visitor().post(link, MINE | {"audience": "public"} | given)
    assert page.status_code == 422
    assert errors_beside(page, field)
    assert 'value="public" checked' in page.content.decode()
    assert "five plain words" not in page.content.decode()
    assert not Account.objects.filter(email="ben.lund@acme.example").exists()


def test_who_has_an_account_signs_in_and_comes_back_to_accept(link: str, ben: Person, waiting: Entry) -> None:
    account = open_account(email="ben@home.example", name="Ben at home", password=PASSWORD)
    visitor = Visitor()
    assert f"/sign-in?next={link}" in visitor.get(link).content.decode()
    assert visitor.post("/sign-in", {"login": "ben@home.example", "password": PASSWORD, "next": link}).headers["Location"] == link
    page = visitor.get(link)
    assert "You are signed in as Ben at home" in text_of(page)
    assert 'name="password"' not in page.content.decode()
    visitor.post(link, {"audience": "link"})
    ben.refresh_from_db()
    waiting.refresh_from_db()
    assert ben.account == waiting.account == account
    assert EmailAddress.objects.filter(user=account, email=ben.email, verified=True).exists()


def test_signing_in_alone_links_nothing(link: str, ben: Person) -> None:
    account = open_account(email="ben@home.example", name="Ben at home", password=PASSWORD)
    visitor = Visitor()
    visitor.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    visitor.get(link)
    ben.refresh_from_db()
    assert ben.account is None


def test_a_link_that_somebody_sent_on_adds_no_address_without_the_password(globex: World, link: str, ben: Person) -> None:
    visitor = Visitor(globex.member_person)
    assert "whoever reads its mail can sign in to this account" in text_of(visitor.get(link))
    answer = visitor.post(link, {"audience": "link"})
    assert answer.headers["Location"].startswith("/me/settings/confirm?next=")
    ben.refresh_from_db()
    assert ben.account is None
    assert not EmailAddress.objects.filter(email=ben.email).exists()
    assert visitor.post("/me/settings/confirm", {"password": PASSWORD, "next": link}).headers["Location"] == link
    visitor.post(link, {"audience": "link"})
    ben.refresh_from_db()
    assert ben.account == globex.member_person.account


def test_who_joins_with_an_account_is_told_at_every_other_address(globex: World, link: str, ben: Person) -> None:
    visitor = Visitor()
    visitor.post("/sign-in", {"login": "member@globex.example", "password": PASSWORD})
    visitor.post(link, {"audience": "link"})
    letter = Message.objects.get(template="address_changed")
    assert letter.to == "member@globex.example"
    assert ben.email in letter.text


def test_an_address_with_an_account_is_not_opened_a_second_one(link: str, ben: Person) -> None:
    open_account(email=ben.email, name="Ben Lund", password=PASSWORD)
    page = Visitor().post(link, MINE)
    assert page.status_code == 422
    assert "has an account. Sign in" in text_of(page)
    assert Account.objects.filter(email__iexact=ben.email).count() == 1


def test_a_stranger_signed_in_elsewhere_cannot_take_the_address_of_an_account(link: str, globex: World, ben: Person) -> None:
    owner = open_account(email=ben.email, name="Ben Lund", password=PASSWORD)
    visitor = Visitor()
    visitor.post("/sign-in", {"login": "member@globex.example", "password": PASSWORD})
    page = visitor.post(link, {"audience": "link"})
    assert page.status_code == 422
    assert "belongs to another account" in text_of(page)
    ben.refresh_from_db()
    assert ben.account is None
    assert EmailAddress.objects.get(email=ben.email).user == owner


def test_a_used_an_old_and_an_invented_link_are_answered_alike(link: str, ben: Person, acme: World) -> None:
    old = join_link(ben, actor=acme.steward).removeprefix("https://badges.acme.example")
    OneTimeLink.objects.filter(token_sha256=OneTimeLink.digest(old.rsplit("/", 1)[1])).update(expires_at="2026-01-01T00:00:00Z")
    Visitor().post(link, MINE)
    answers = [Visitor().get(path) for path in (link, old, "/join/invented")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_guessing_links_is_slowed_down_and_good_ones_still_open(link: str) -> None:
    answers = [Visitor().get(f"/join/{number}").status_code for number in range(25)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert Visitor().get(link).status_code == 200


def test_a_form_with_one_link_is_not_sent_without_end(link: str) -> None:
    answers = [Visitor().post(link, MINE | {"password": "short"}).status_code for _ in range(32)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_one_of_two_is_declined_and_the_other_kept(acme: World, ben: Person, link: str, waiting: Entry) -> None:
    award(acme.achievement("First Aid"), to=[ben], actor=acme.system)
    run_jobs()
    enter(Credential.objects.all())
    visitor = Visitor()
    assert "Acme awards you 2 badges" in text_of(visitor.get(link))
    answer = visitor.post(f"{link}/decline/{waiting.public_id}")
    assert "Back to what else waits" in text_of(answer)
    assert visitor.post(f"{link}/decline/{waiting.public_id}").status_code == 404
    visitor.post(link, MINE)
    assert list(Entry.objects.kept().filter(credential__award__person=ben).values_list("credential__award__version__name", flat=True)) == [
        "First Aid"
    ]


def test_a_link_declines_nothing_of_others(link: str, credential: Credential) -> None:
    entry = accepted(credential)
    Entry.objects.filter(pk=entry.pk).update(accepted_at=None)
    assert Visitor().post(f"{link}/decline/{entry.public_id}").status_code == 404
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_somebody_else_says_so_and_the_issuer_sees_it(acme: World, link: str, waiting: Entry) -> None:
    answer = Visitor().post(f"{link}/not-me")
    assert "it meant somebody else" in text_of(answer)
    assert Visitor().get(link).status_code == 404
    assert "belongs to somebody else" in text_of(Visitor(acme.steward_person).get(f"/awards/{waiting.public_id}"))


def test_an_invitation_without_an_award_uses_the_same_page(acme: World) -> None:
    colleague = acme.person("Ann New")
    path = join_link(colleague, actor=acme.steward).removeprefix("https://badges.acme.example")
    visitor = Visitor()
    page = text_of(visitor.get(path))
    assert "Acme invites you" in page
    assert "Who may see" not in page
    visitor.post(path, {"name": "Ann New", "password": "five plain words of mine"})
    colleague.refresh_from_db()
    assert colleague.account is not None


def test_the_organisations_word_is_used(acme: World, ben: Person, link: str) -> None:
    acme.organisation.word_badge_plural = "attestations"
    acme.organisation.save()
    award(acme.achievement("First Aid"), to=[ben], actor=acme.system)
    run_jobs()
    enter(Credential.objects.all())
    assert "Acme awards you 2 attestations" in text_of(Visitor().get(link))
