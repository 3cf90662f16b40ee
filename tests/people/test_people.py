"""Accounts, persons, access and the first link: who can be known, who can sign in, and who may do what."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import PASSWORD, World

from hexmark.access import ANONYMOUS
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.people.actions import (
    add_person,
    link_account,
    open_account,
)
from hexmark.people.models import Account, Person
from hexmark.people.queries import people_by_email, persons_of

# Accounts


@pytest.mark.parametrize("typed", ["Amara.Okafor@Example.org", "amara.okafor@example.org", "AMARA.OKAFOR@EXAMPLE.ORG"])
def test_an_account_signs_in_whatever_the_case_of_its_address(typed: str, db: None) -> None:
    account = open_account(email="Amara.Okafor@Example.org", name="Amara", password=PASSWORD)
    client = Client()
    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_wrong_password_opens_nothing(db: None) -> None:
    open_account(email="amara@example.org", name="Amara", password=PASSWORD)
    assert authenticate(email="amara@example.org", password=PASSWORD + "x") is None


@pytest.mark.parametrize("again", ["amara@example.org", "AMARA@example.org", " amara@EXAMPLE.org "])
def test_an_address_has_one_account_whatever_its_case(again: str, db: None) -> None:
    open_account(email="amara@example.org", name="Amara", password=PASSWORD)
    with pytest.raises(Conflict, match="Sign in instead"):
        open_account(email=again, name="Amara again", password=PASSWORD)
    assert Account.objects.count() == EmailAddress.objects.count() == 1


def test_a_further_address_that_somebody_verified_opens_no_second_account(db: None) -> None:
    account = open_account(email="amara@example.org", name="Amara", password=PASSWORD)
    EmailAddress.objects.create(user=account, email="okafor@example.org", verified=True)
    with pytest.raises(Conflict):
        open_account(email="Okafor@example.org", name="Somebody", password=PASSWORD)
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "too short"),
        ("eleven char", "too short"),
        ("passwordpassword"[:8], "too short"),
        ("password1234", "common"),
        ("x" * 129, "at most 128"),
        ("amara okafor", "similar"),
    ],
)
def test_a_weak_password_is_refused_and_says_why(password: str, said: str, db: None) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        open_account(email="amara.okafor@example.org", name="Amara Okafor", password=password)
    assert refused.value.field == "password"
    assert not Account.objects.exists()


@pytest.mark.parametrize("password", [" four  plain words ", "пароль из слов", "🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄", "x y" * 42])
def test_a_password_may_hold_anything_and_is_taken_as_it_is(password: str, db: None) -> None:
    open_account(email="amara@example.org", name="Amara", password=password)
    assert authenticate(email="amara@example.org", password=password) is not None
    assert authenticate(email="amara@example.org", password=password + " ") is None


def test_outside_tests_passwords_are_hashed_with_argon2id() -> None:
    hashed = make_password(PASSWORD, hasher="argon2")
    assert hashed.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, hashed)


def test_a_password_is_stored_only_as_its_hash(db: None) -> None:
    account = open_account(email="amara@example.org", name="Amara", password=PASSWORD)
    assert PASSWORD not in str(Account.objects.filter(pk=account.pk).values().get())


# Persons


def test_a_person_is_known_by_name_address_and_kind(acme: World) -> None:
    person = add_person(acme.organisation, name=" Amara ", email="Amara@ACME.example", actor=acme.steward, employee_id=" H7 ", kind="guest")
    assert (person.name, person.email, person.employee_id, person.kind) == ("Amara", "Amara@acme.example", "H7", "guest")
    event = Event.objects.get(event_type="person.added", subject_id=person.public_id)
    # The log is kept for ever, so it holds no personal data that could not be erased.
    assert "Amara" not in str(event.data)


@pytest.mark.parametrize("email", ["member@acme.example", "MEMBER@acme.example"])
def test_an_address_is_one_person_in_an_organisation(email: str, acme: World) -> None:
    with pytest.raises(Conflict, match="already has the address"):
        add_person(acme.organisation, name="Double", email=email, actor=acme.steward)


def test_an_employee_id_is_one_person_but_many_may_have_none(acme: World) -> None:
    for number, employee_id in enumerate(["", "", "H7"]):
        add_person(acme.organisation, name="Somebody", email=f"{number}@acme.example", actor=acme.steward, employee_id=employee_id)
    with pytest.raises(Conflict, match="employee id"):
        add_person(acme.organisation, name="Double", email="double@acme.example", actor=acme.steward, employee_id="H7")


def test_two_organisations_may_know_the_same_human(acme: World, globex: World) -> None:
    add_person(globex.organisation, name="Same Human", email="member@acme.example", actor=globex.steward)
    assert Person.objects.filter(email="member@acme.example").count() == 2


def test_members_and_strangers_add_nobody(acme: World, globex: World) -> None:
    for actor in (acme.member, globex.steward, ANONYMOUS):
        with pytest.raises(NotPermitted):
            add_person(acme.organisation, name="Nobody", email="nobody@acme.example", actor=actor)


def test_people_are_found_by_address_in_any_case_and_only_at_home(acme: World, globex: World) -> None:
    found = people_by_email(acme.organisation, ["MEMBER@acme.example", "member@globex.example", "nobody@acme.example"])
    assert found == {"member@acme.example": acme.member_person}


def test_a_long_list_of_addresses_is_looked_up_too(acme: World) -> None:
    many = [f"nobody{n}@acme.example" for n in range(40_000)]
    assert set(people_by_email(acme.organisation, [*many, "Member@acme.example"])) == {"member@acme.example"}


def test_who_is_seen_depends_on_who_asks(acme: World, globex: World) -> None:
    assert Person.objects.visible_to(acme.steward).count() == 3
    assert list(Person.objects.visible_to(acme.member)) == [acme.member_person]
    assert not Person.objects.visible_to(globex.steward).filter(organisation=acme.organisation).exists()
    assert not Person.objects.visible_to(ANONYMOUS).exists()


# Accounts behind persons


def test_an_account_stands_behind_a_person_whose_address_it_verified(acme: World) -> None:
    person = add_person(acme.organisation, name="Amara", email="Amara@acme.example", actor=acme.steward)
    account = open_account(email="amara@ACME.example", name="Amara", password=PASSWORD)
    link_account(person, account=account, actor=acme.steward)
    assert Person.objects.get(pk=person.pk).account == account
    assert persons_of(account) == [person]


def test_an_account_with_another_or_an_unverified_address_is_not_linked(acme: World) -> None:
    person = add_person(acme.organisation, name="Amara", email="amara@acme.example", actor=acme.steward)
    account = open_account(email="other@acme.example", name="Other", password=PASSWORD)
    EmailAddress.objects.create(user=account, email="amara@acme.example", verified=False)
    with pytest.raises(Conflict, match="not verified"):
        link_account(person, account=account, actor=acme.steward)


def test_a_second_account_does_not_take_a_persons_place(acme: World) -> None:
    account = open_account(email="second@acme.example", name="Second", password=PASSWORD)
    EmailAddress.objects.create(user=account, email="member+2@acme.example", verified=True)
    Person.objects.filter(pk=acme.member_person.pk).update(email="member+2@acme.example")
    acme.member_person.refresh_from_db()
    with pytest.raises(Conflict, match="already has an account"):
        link_account(acme.member_person, account=account, actor=acme.steward)


def test_one_account_may_stand_behind_persons_of_several_organisations(acme: World, globex: World) -> None:
    account = acme.member_person.account
    assert account is not None
    abroad = add_person(globex.organisation, name="Acme's Member", email="member@acme.example", actor=globex.steward)
    link_account(abroad, account=account, actor=globex.steward)
    assert persons_of(account) == [acme.member_person, abroad]


def test_where_somebody_works_comes_before_where_they_are_a_guest(acme: World, globex: World) -> None:
    account = globex.member_person.account
    assert account is not None
    guest = add_person(acme.organisation, name="A Guest", email="member@globex.example", kind="guest", actor=acme.steward)
    link_account(guest, account=account, actor=acme.steward)
    assert persons_of(account) == [globex.member_person, guest]


def test_a_person_who_left_is_not_among_those_of_the_account(acme: World) -> None:
    account = acme.member_person.account
    assert account is not None
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert persons_of(account) == []
