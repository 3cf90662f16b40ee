"""The addresses of an account: proved before they count, and never another's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import PASSWORD, World, make_world

from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.mail.models import Message
from hexmark.passport.addresses import ask_address, confirm_address, leave_behind, make_primary, remove_address, standing_of
from hexmark.passport.models import AccountLink
from hexmark.people.actions import open_account
from hexmark.people.models import Account, OneTimeLink, Person

HOME = "priya@home.example"


def token_of_last_letter() -> str:
    found = re.search(r"/account-link/(\S+)", Message.objects.order_by("-pk")[0].text)
    assert found
    return found[1]


def add(account: Account, world: World, email: str = HOME) -> None:
    """The address is one of the account's, asked for and confirmed."""
    ask_address(account, email=email, actor=world.member)
    confirm_address(token_of_last_letter(), actor=world.member)


def addresses(account: Account) -> set[str]:
    return set(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True))


def test_an_address_counts_once_its_link_was_opened(acme: World, account: Account) -> None:
    ask_address(account, email="Priya@Home.example", actor=acme.member)
    assert addresses(account) == {"member@acme.example"}
    [letter] = Message.objects.filter(template="address_confirmation")
    assert (letter.to, letter.secret) == ("Priya@home.example", True)
    confirm_address(token_of_last_letter(), actor=acme.member)
    assert addresses(account) == {"member@acme.example", HOME}


def test_the_owner_is_told_of_a_new_address_at_the_old_ones(acme: World, account: Account) -> None:
    add(account, acme)
    [letter] = Message.objects.filter(template="address_changed")
    assert letter.to == "member@acme.example"
    assert f"{HOME} now belongs to your account" in letter.text


def test_only_the_hash_of_a_token_is_kept_and_it_works_once_within_a_day(acme: World, account: Account) -> None:
    ask_address(account, email=HOME, actor=acme.member)
    token = token_of_last_letter()
    link = AccountLink.objects.get()
    assert link.token_sha256 == OneTimeLink.digest(token)
    assert abs(link.expires_at - timezone.now() - timedelta(hours=24)) < timedelta(minutes=1)
    confirm_address(token, actor=acme.member)
    with pytest.raises(NotPermitted):
        confirm_address(token, actor=acme.member)
    ask_address(account, email="other@home.example", actor=acme.member)
    AccountLink.objects.update(expires_at=timezone.now())
    with pytest.raises(NotPermitted):
        confirm_address(token_of_last_letter(), actor=acme.member)


def test_a_link_that_a_stranger_asked_for_gives_the_stranger_nothing(acme: World, globex: World, account: Account) -> None:
    """Somebody asks to add my address to their account; I read the mail and open the link in my browser."""
    victim = open_account(email="victim@home.example", name="Victim", password=PASSWORD)
    ask_address(account, email="other@home.example", actor=acme.member)
    path = f"/account-link/{token_of_last_letter()}"
    browser = Visitor()
    assert browser.get(path).headers["Location"].startswith("/sign-in?next=/account-link/")
    browser.force_login(victim, backend="allauth.account.auth_backends.AuthenticationBackend")
    for answer in (browser.get(path), browser.post(path)):
        assert answer.status_code == 403
        assert "Another account asked for this" in text_of(answer)
    assert addresses(account) == {"member@acme.example"}
    assert addresses(victim) == {"victim@home.example"}


def test_a_verified_address_of_another_account_cannot_be_taken(acme: World, account: Account) -> None:
    owner = open_account(email=HOME, name="Owner", password=PASSWORD)
    ask_address(account, email=HOME, actor=acme.member)
    with pytest.raises(Conflict, match="belongs to another account"):
        confirm_address(token_of_last_letter(), actor=acme.member)
    assert addresses(owner) == {HOME}
    assert addresses(account) == {"member@acme.example"}


def test_asking_does_not_tell_whether_an_address_has_an_account(acme: World, account: Account) -> None:
    open_account(email=HOME, name="Owner", password=PASSWORD)
    visitor = Visitor(acme.member_person)
    answers = [visitor.post("/me/settings/addresses", {"email": email, "password": PASSWORD}) for email in (HOME, "no@home.example")]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/me/settings/addresses")}


def test_the_last_address_stays(acme: World, account: Account) -> None:
    with pytest.raises(Conflict, match="only confirmed address"):
        remove_address(account, email="member@acme.example", actor=acme.member)


def test_removing_the_preferred_address_prefers_another(acme: World, account: Account) -> None:
    add(account, acme)
    remove_address(account, email="MEMBER@acme.example", actor=acme.member)
    account.refresh_from_db()
    assert (account.email, addresses(account)) == (HOME, {HOME})
    assert EmailAddress.objects.get(user=account).primary
    assert Visitor().post("/sign-in", {"login": "member@acme.example", "password": PASSWORD}).status_code == 200
    assert Visitor().post("/sign-in", {"login": HOME, "password": PASSWORD}).status_code == 302


def test_mail_goes_to_the_address_that_was_chosen(acme: World, account: Account) -> None:
    add(account, acme)
    make_primary(account, email=HOME, actor=acme.member)
    account.refresh_from_db()
    assert account.email == HOME
    assert EmailAddress.objects.filter(user=account, primary=True).count() == 1
    with pytest.raises(Invalid):
        make_primary(account, email="no@home.example", actor=acme.member)


def test_nobody_changes_anothers_addresses(acme: World, account: Account) -> None:
    for actor in (acme.steward, acme.system):
        for act in (ask_address, make_primary, remove_address):
            with pytest.raises(NotPermitted):
                act(account, email="member@acme.example", actor=actor)


def test_who_leaves_with_another_address_no_longer_signs_in_with_the_works(acme: World, account: Account) -> None:
    add(account, acme)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert leave_behind(Person.objects.get(pk=acme.member_person.pk))
    assert addresses(account) == {HOME}


@pytest.mark.parametrize("kind", ["customer", "registrant", "partner", "guest"])
def test_who_never_worked_there_keeps_the_address_when_the_organisation_parts_with_them(acme: World, account: Account, kind: str) -> None:
    add(account, acme)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now(), kind=kind)
    assert not leave_behind(Person.objects.get(pk=acme.member_person.pk))
    assert addresses(account) == {HOME, "member@acme.example"}


def test_who_leaves_with_no_other_address_keeps_it_and_is_asked_for_one(acme: World, account: Account) -> None:
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert not leave_behind(Person.objects.get(pk=acme.member_person.pk))
    assert "Add a personal address" in text_of(Visitor(acme.member_person).get("/me"))


def test_who_has_work_addresses_only_is_asked_for_a_personal_one(acme: World, account: Account) -> None:
    assert standing_of(account).needs_personal
    add(account, acme)
    assert not standing_of(account).needs_personal


@pytest.mark.parametrize("given", [{"email": HOME, "password": "wrong wrong wrong"}, {"email": "nonsense", "password": PASSWORD}])
def test_an_address_is_not_asked_for_without_the_password(acme: World, given: dict[str, str]) -> None:
    page = Visitor(acme.member_person).post("/me/settings/addresses", given)
    assert page.status_code == 422
    assert errors_beside(page, "id_password") or errors_beside(page, "id_email")
    assert not Message.objects.filter(template="address_confirmation").exists()


def test_guessing_the_own_password_in_a_browser_left_open_is_slowed_down(acme: World) -> None:
    visitor = Visitor(acme.member_person)
    answers = [visitor.post("/me/settings/addresses", {"email": HOME, "password": f"wrong {n}"}) for n in range(12)]
    assert answers[-1].status_code == 429


def test_removing_asks_for_the_password_on_the_page(acme: World, account: Account) -> None:
    add(account, acme)
    visitor = Visitor(acme.member_person)
    refused = visitor.post("/me/settings/addresses/remove", {"email": HOME, "password": "wrong"})
    assert refused.status_code == 422
    assert "That is not your password" in text_of(refused)
    visitor.post("/me/settings/addresses/remove", {"email": HOME, "password": PASSWORD})
    assert addresses(account) == {"member@acme.example"}


def test_wrong_links_are_answered_alike_and_slowed_down(acme: World) -> None:
    answers = [Visitor().get(f"/account-link/{'x' * n}").status_code for n in range(1, 25)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_page_says_which_organisation_reads_an_address(db: None) -> None:
    acme = make_world("acme")
    assert "member@acme.example Mail goes here Acme" in text_of(Visitor(acme.member_person).get("/me/settings/addresses"))


def test_a_new_password_ends_every_other_session(acme: World, account: Account) -> None:
    elsewhere = Visitor(acme.member_person)
    assert elsewhere.get("/me").status_code == 200
    account.set_password("five other plain words here")
    account.save()
    assert elsewhere.get("/me").status_code == 302
