"""Access in an organisation, and the first link of an installation: who may do what, and how the first of them begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from tests.world import PASSWORD, World, make_world

from hexmark.access import ANONYMOUS, Access, ActorKind, Permission, permissions_of
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.organisations.models import Organisation
from hexmark.people.actions import (
    end_access,
    grant_access,
    make_set_up_link,
    use_set_up_link,
    welcome_first_steward,
)
from hexmark.people.models import Account, Membership, OneTimeLink, Person
from hexmark.people.queries import actor_for, needs_set_up, set_up_link_is_open

# Accounts


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
