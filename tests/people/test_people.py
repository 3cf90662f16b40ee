"""Accounts, persons, access and the first link: who can be known, who can sign in, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import PASSWORD, World, make_world

from hexmark.access import ANONYMOUS, Access, ActorKind, Permission, permissions_of
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.organisations.models import Organisation
from hexmark.people.actions import (
    add_person,
    end_access,
    grant_access,
    link_account,
    make_set_up_link,
    open_account,
    use_set_up_link,
    welcome_first_steward,
)
from hexmark.people.models import Account, Membership, OneTimeLink, Person
from hexmark.people.queries import actor_for, needs_set_up, people_by_email, persons_of, set_up_link_is_open

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


def test_a_person_who_left_is_not_among_those_of_the_account(acme: World) -> None:
    account = acme.member_person.account
    assert account is not None
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert persons_of(account) == []


# Access


def test_access_is_granted_and_recorded_once(acme: World) -> None:
    for _ in range(2):
        grant_access(acme.member_person, access=Access.HR, actor=acme.steward)
    assert Event.objects.filter(event_type="person.access_granted", data__access="hr").count() == 1
    assert actor_for(acme.member_person).permissions == permissions_of([Access.MEMBER, Access.HR])


def test_access_is_ended_and_recorded_once(acme: World) -> None:
    for _ in range(2):
        end_access(acme.member_person, access=Access.MEMBER, actor=acme.steward)
    assert Event.objects.filter(event_type="person.access_ended").count() == 1
    assert actor_for(acme.member_person).permissions == frozenset()


def test_only_a_badge_administrator_of_the_house_grants_or_ends_access(acme: World, globex: World) -> None:
    hr = acme.person("Hanna Hr")
    grant_access(hr, access=Access.HR, actor=acme.steward)
    for actor in (acme.member, actor_for(hr), globex.steward, ANONYMOUS):
        with pytest.raises(NotPermitted):
            grant_access(acme.member_person, access=Access.STEWARD, actor=actor)
        with pytest.raises(NotPermitted):
            end_access(acme.steward_person, access=Access.STEWARD, actor=actor)


def test_the_last_badge_administrator_stays(acme: World) -> None:
    with pytest.raises(Conflict, match="at least one badge administrator"):
        end_access(acme.steward_person, access=Access.STEWARD, actor=acme.steward)
    assert Membership.objects.filter(person=acme.steward_person, access=Access.STEWARD).exists()


def test_a_badge_administrator_may_go_when_there_is_another(acme: World) -> None:
    grant_access(acme.member_person, access=Access.STEWARD, actor=acme.steward)
    end_access(acme.steward_person, access=Access.STEWARD, actor=acme.steward)
    assert not actor_for(acme.steward_person).may(Permission.GRANT_ACCESS)


def test_one_who_left_is_no_other_badge_administrator(acme: World) -> None:
    grant_access(acme.member_person, access=Access.STEWARD, actor=acme.steward)
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    with pytest.raises(Conflict):
        end_access(acme.steward_person, access=Access.STEWARD, actor=acme.steward)


def test_a_badge_administrator_of_another_house_does_not_count(acme: World, globex: World) -> None:
    with pytest.raises(Conflict):
        end_access(globex.steward_person, access=Access.STEWARD, actor=globex.steward)


def test_other_access_of_the_last_badge_administrator_can_end(acme: World) -> None:
    grant_access(acme.steward_person, access=Access.HR, actor=acme.steward)
    end_access(acme.steward_person, access=Access.HR, actor=acme.steward)
    assert actor_for(acme.steward_person).may(Permission.GRANT_ACCESS)


def test_who_left_or_was_locked_out_may_do_nothing(acme: World) -> None:
    Person.objects.filter(pk=acme.steward_person.pk).update(left_at=timezone.now())
    assert actor_for(Person.objects.get(pk=acme.steward_person.pk)).permissions == frozenset()
    Person.objects.filter(pk=acme.steward_person.pk).update(left_at=None)
    Account.objects.filter(pk=acme.steward_person.account_id).update(is_active=False)
    assert actor_for(Person.objects.get(pk=acme.steward_person.pk)).permissions == frozenset()


def test_an_actor_is_the_person_as_the_log_will_show_them(acme: World) -> None:
    actor = actor_for(acme.steward_person)
    assert actor.kind is ActorKind.PERSON
    assert (actor.organisation_id, actor.person_id) == (acme.organisation.pk, acme.steward_person.pk)
    assert (actor.account_id, actor.label) == (acme.steward_person.account_id, "Acme Steward")


# The first link


def test_a_set_up_link_works_once(db: None) -> None:
    token = make_set_up_link()
    assert set_up_link_is_open(token)
    use_set_up_link(token)
    assert not set_up_link_is_open(token)
    with pytest.raises(NotPermitted, match="hexmark init"):
        use_set_up_link(token)


def test_used_expired_and_unknown_links_are_told_the_same(db: None) -> None:
    used, expired = make_set_up_link(), ""
    use_set_up_link(used)
    expired = make_set_up_link()
    OneTimeLink.objects.filter(used_at__isnull=True).update(expires_at=timezone.now() - timedelta(seconds=1))
    said = set()
    for token in (used, expired, "unknown", "", "x" * 10_000, "\x00"):
        assert not set_up_link_is_open(token)
        with pytest.raises(NotPermitted) as refused:
            use_set_up_link(token)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_new_link_replaces_the_one_before(db: None) -> None:
    first, second = make_set_up_link(), make_set_up_link()
    assert not set_up_link_is_open(first)
    assert set_up_link_is_open(second)


def test_a_link_lives_an_hour(db: None) -> None:
    make_set_up_link()
    remaining = OneTimeLink.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=59) < remaining <= timedelta(hours=1)


def test_only_the_hash_of_a_link_is_kept(db: None) -> None:
    token = make_set_up_link()
    row = OneTimeLink.objects.values().get()
    assert token not in str(row)
    assert row["token_sha256"] == OneTimeLink.digest(token)
    assert len(token) >= 32


def test_there_is_no_link_once_the_installation_is_set_up(acme: World) -> None:
    assert not needs_set_up()
    with pytest.raises(Conflict, match="set up already"):
        make_set_up_link()


def test_before_that_the_installation_needs_setting_up(db: None) -> None:
    assert needs_set_up()


def test_the_first_badge_administrator_is_welcomed_with_an_account_and_all_rights(db: None) -> None:
    acme = make_world("acme").organisation
    Membership.objects.all().delete()
    person = welcome_first_steward(acme, name="Amara", email="amara@new.example", password=PASSWORD)
    assert actor_for(person).may(Permission.GRANT_ACCESS)
    assert authenticate(email="amara@new.example", password=PASSWORD) == person.account


@pytest.mark.parametrize("wrong", [{"name": "\u200b"}, {"email": "no address"}, {"password": "short"}])
def test_a_welcome_that_is_refused_leaves_nobody_behind(wrong: dict[str, Any], acme: World) -> None:
    before = (Account.objects.count(), Person.objects.count(), Organisation.objects.count())
    given = {"name": "Amara", "email": "amara@new.example", "password": PASSWORD} | wrong
    with pytest.raises(Invalid):
        welcome_first_steward(acme.organisation, **given)
    assert (Account.objects.count(), Person.objects.count(), Organisation.objects.count()) == before
