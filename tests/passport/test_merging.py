"""Two accounts of one human become one, and nobody else's does."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.passport.collections import make_collection, publish_collection, put_into, save_profile
from hexmark.passport.merging import ask_merge_by_mail, confirm_merge, merge, merge_by_password
from hexmark.passport.models import Collection, Entry, Profile
from hexmark.passport.shares import make_share
from hexmark.people.models import Account, Person

OTHER = "member@globex.example"


@pytest.fixture
def other(globex: World) -> Account:
    """The account of globex's member."""
    assert globex.member_person.account is not None
    return globex.member_person.account


@pytest.fixture
def theirs(globex: World) -> Entry:
    """What globex's member holds."""
    award(globex.achievement("Kiln Safety"), to=[globex.member_person], actor=globex.system)
    run_jobs()
    return accepted(Credential.objects.select_related("award__person").get(award__person=globex.member_person))


def token_of_last_letter() -> str:
    found = re.search(r"/account-link/(\S+)", Message.objects.filter(template="merge_confirmation").order_by("-pk")[0].text)
    assert found
    return found[1]


def test_the_other_password_merges(acme: World, account: Account, other: Account) -> None:
    merge_by_password(account, email=OTHER, password=PASSWORD, actor=acme.member)
    other.refresh_from_db()
    assert not other.is_active
    assert not other.has_usable_password()
    assert OTHER not in (other.email, other.name)


@pytest.mark.parametrize("given", [{"password": "wrong wrong wrong"}, {"email": "nobody@home.example"}])
def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    acme: World, account: Account, other: Account, given: dict[str, str]
) -> None:
    with pytest.raises(Invalid, match="do not belong together"):
        merge_by_password(account, **{"email": OTHER, "password": PASSWORD} | given, actor=acme.member)
    assert Account.objects.filter(is_active=True, pk=other.pk).exists()


def test_a_link_to_the_other_address_merges_for_who_asked_alone(acme: World, globex: World, account: Account, other: Account) -> None:
    ask_merge_by_mail(account, email=OTHER, actor=acme.member)
    token = token_of_last_letter()
    with pytest.raises(NotPermitted):
        confirm_merge(token, actor=globex.member)
    confirm_merge(token, actor=acme.member)
    with pytest.raises(NotPermitted):
        confirm_merge(token, actor=acme.member)
    other.refresh_from_db()
    assert not other.is_active


def test_asking_by_mail_does_not_tell_whether_there_is_an_account(acme: World, account: Account, other: Account) -> None:
    visitor = Visitor(acme.member_person)
    answers = [visitor.post("/me/settings/merge", {"email": email}) for email in (OTHER, "nobody@home.example")]
    assert [answer.headers["Location"] for answer in answers] == ["/me/settings/merge"] * 2
    assert Message.objects.filter(template="merge_confirmation").count() == 1


def test_a_link_for_an_address_does_not_merge(acme: World, account: Account, other: Account) -> None:
    visitor = Visitor(acme.member_person)
    visitor.post("/me/settings/addresses", {"email": OTHER, "password": PASSWORD})
    found = re.search(r"/account-link/(\S+)", Message.objects.get(template="address_confirmation").text)
    assert found
    with pytest.raises(NotPermitted):
        confirm_merge(found[1], actor=acme.member)
    assert visitor.post(f"/account-link/{found[1]}").status_code == 409
    assert EmailAddress.objects.get(email=OTHER).user == other


def test_everything_moves(acme: World, globex: World, account: Account, other: Account, theirs: Entry) -> None:
    make_share(other, entries=[theirs], name="Somebody", days=3, actor=globex.member)
    save_profile(other, handle="globex-member", headline="", published=True, actor=globex.member)
    merge(account, other)
    for thing in (theirs, other.shares.model.objects.get(), Profile.objects.get(), Person.objects.get(pk=globex.member_person.pk)):
        thing.refresh_from_db()
        assert thing.account == account
    assert set(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True)) == {"member@acme.example", OTHER}
    assert EmailAddress.objects.filter(user=account, primary=True).count() == 1
    assert not EmailAddress.objects.filter(user=other).exists()


def test_collections_of_one_name_become_one_in_which_each_stands_once(
    acme: World, globex: World, account: Account, other: Account, entry: Entry, theirs: Entry
) -> None:
    mine = make_collection(account, name="Safety", actor=acme.member)
    put_into(mine, [entry], actor=acme.member)
    same = make_collection(other, name="Safety", actor=globex.member)
    put_into(same, [theirs], actor=globex.member)
    # As after a merge that went half-way in the past: the same entry in both.
    Entry.objects.filter(pk=entry.pk).update(account=other)
    entry.refresh_from_db()
    put_into(same, [entry], actor=globex.member)
    Entry.objects.filter(pk=entry.pk).update(account=account)
    merge(account, other)
    assert Collection.objects.get() == mine
    assert list(mine.items.values_list("entry_id", flat=True)) == [entry.pk, theirs.pk]


def test_a_published_collection_keeps_its_address(acme: World, globex: World, account: Account, other: Account, theirs: Entry) -> None:
    make_collection(account, name="Safety", actor=acme.member)
    same = make_collection(other, name="Safety", actor=globex.member)
    put_into(same, [theirs], actor=globex.member)
    publish_collection(same, published=True, actor=globex.member)
    merge(account, other)
    assert Visitor().get(f"/c/{same.public_id}").status_code == 200


def test_one_page_about_oneself_is_kept(acme: World, globex: World, account: Account, other: Account) -> None:
    save_profile(account, handle="mine", headline="", published=True, actor=acme.member)
    save_profile(other, handle="other", headline="", published=True, actor=globex.member)
    merge(account, other)
    assert [profile.handle for profile in Profile.objects.all()] == ["mine"]


def test_an_account_is_not_merged_with_itself_nor_with_a_closed_one(acme: World, account: Account, other: Account) -> None:
    with pytest.raises(Conflict):
        merge(account, account)
    Account.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(Conflict, match="closed"):
        merge(account, other)


def test_a_second_step_cannot_be_gone_around(acme: World, account: Account, other: Account) -> None:
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(Conflict, match="second step"):
        merge_by_password(account, email=OTHER, password=PASSWORD, actor=acme.member)
    assert Account.objects.filter(pk=other.pk, is_active=True).exists()


def test_both_addresses_are_told(acme: World, account: Account, other: Account) -> None:
    merge(account, other)
    assert set(Message.objects.filter(template="accounts_merged").values_list("to", flat=True)) == {"member@acme.example", OTHER}


def test_passwords_of_another_account_cannot_be_tried_without_end(acme: World, other: Account) -> None:
    visitor = Visitor(acme.member_person)
    answers = [visitor.post("/me/settings/merge", {"email": OTHER, "password": f"wrong {n}"}) for n in range(12)]
    assert answers[0].status_code == 422
    assert "do not belong together" in text_of(answers[0])
    assert answers[-1].status_code == 429


def test_nobody_merges_into_anothers_account(acme: World, account: Account, other: Account) -> None:
    with pytest.raises(NotPermitted):
        merge_by_password(account, email=OTHER, password=PASSWORD, actor=acme.steward)
