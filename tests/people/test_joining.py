"""Links with which an account comes to stand behind a person: what they prove, and what they never do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from tests.world import PASSWORD, World

from hexmark.errors import Conflict, NotPermitted
from hexmark.events.models import Event
from hexmark.people.actions import open_account
from hexmark.people.joining import close_join_links, join, join_link, person_of_link, prove_address, reader_of
from hexmark.people.models import Account, OneTimeLink, Person


@pytest.fixture
def ben(acme: World) -> Person:
    """Somebody whom acme knows, without an account."""
    return acme.person("Ben Lund")


@pytest.fixture
def account(db: None) -> Account:
    """An account of somebody who is known nowhere."""
    return open_account(email="ben@home.example", name="Ben Lund", password=PASSWORD)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_link_holds_a_token_that_the_database_does_not(acme: World, ben: Person) -> None:
    link = join_link(ben, actor=acme.steward)
    assert re.fullmatch(r"https://badges\.acme\.example/join/[\w-]{32}", link)
    kept = OneTimeLink.objects.get()
    assert kept.token_sha256 == OneTimeLink.digest(token_of(link))
    assert token_of(link) not in str(OneTimeLink.objects.values())


def test_who_joins_stands_behind_the_person_and_has_verified_the_address(acme: World, ben: Person, account: Account) -> None:
    assert join(token_of(join_link(ben, actor=acme.steward)), account=account) == ben
    ben.refresh_from_db()
    assert ben.account == account
    assert EmailAddress.objects.get(user=account, email="ben.lund@acme.example").verified
    assert Event.objects.filter(event_type="person.account_linked", subject_id=ben.public_id, actor_label="Ben Lund").exists()


def test_a_link_is_used_once(acme: World, ben: Person, account: Account) -> None:
    token = token_of(join_link(ben, actor=acme.steward))
    join(token, account=account)
    with pytest.raises(NotPermitted):
        join(token, account=open_account(email="other@home.example", name="Another", password=PASSWORD))


def test_earlier_links_stay_valid_and_are_good_for_nothing_once_somebody_joined(acme: World, ben: Person, account: Account) -> None:
    earlier, later = (token_of(join_link(ben, actor=acme.steward)) for _ in range(2))
    assert person_of_link(earlier) == person_of_link(later) == ben
    join(earlier, account=account)
    with pytest.raises(Conflict, match="Sign in with it"):
        join(later, account=open_account(email="other@home.example", name="Another", password=PASSWORD))


def test_a_link_ends_after_90_days(acme: World, ben: Person, account: Account) -> None:
    token = token_of(join_link(ben, actor=acme.steward))
    link = OneTimeLink.objects.get()
    assert abs(link.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert person_of_link(token) is None
    with pytest.raises(NotPermitted):
        join(token, account=account)


def test_a_link_of_another_purpose_does_not_join(acme: World, ben: Person) -> None:
    token = token_of(join_link(ben, actor=acme.steward))
    OneTimeLink.objects.update(purpose=OneTimeLink.Purpose.SET_UP)
    assert person_of_link(token) is None


def test_refused_links_do_not_work_any_more(acme: World, ben: Person) -> None:
    tokens = [token_of(join_link(ben, actor=acme.steward)) for _ in range(2)]
    close_join_links(ben)
    assert [person_of_link(token) for token in tokens] == [None, None]


def test_who_has_an_account_is_sent_no_link(acme: World) -> None:
    with pytest.raises(Conflict, match="has an account"):
        join_link(acme.member_person, actor=acme.steward)


def test_only_who_may_edit_people_makes_a_link(acme: World, globex: World, ben: Person) -> None:
    for actor in (acme.member, globex.steward):
        with pytest.raises(NotPermitted):
            join_link(ben, actor=actor)
    assert not OneTimeLink.objects.exists()


def test_an_address_that_another_account_has_verified_is_not_taken_from_it(acme: World, ben: Person, account: Account) -> None:
    owner = open_account(email=ben.email, name="Ben Lund", password=PASSWORD)
    with pytest.raises(Conflict, match="belongs to another account"):
        join(token_of(join_link(ben, actor=acme.steward)), account=account)
    ben.refresh_from_db()
    assert ben.account is None
    assert EmailAddress.objects.get(email=ben.email).user == owner


def test_an_address_that_somebody_only_claimed_is_taken(ben: Person, account: Account) -> None:
    claimer = open_account(email="claimer@home.example", name="Claimer", password=PASSWORD)
    EmailAddress.objects.create(user=claimer, email=ben.email, verified=False)
    prove_address(account, ben.email.upper())
    assert EmailAddress.objects.get(email=ben.email, verified=True).user == account
    with pytest.raises(Conflict):
        prove_address(claimer, ben.email)


def test_who_reads_a_persons_mail_has_no_permission(ben: Person) -> None:
    assert reader_of(ben).permissions == frozenset()
    assert reader_of(ben).account_id is None
