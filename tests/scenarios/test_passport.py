"""MS-5, MS-6 and the part of IBM-8 that is a claim: what one holds, takes along, and shows to whom."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from tests.passport.telling import tell
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.passport.models import Entry, Share
from hexmark.people.actions import add_person, link_account, open_account
from hexmark.people.joining import prove_address
from hexmark.people.models import Account, Person
from hexmark.people.records import leave


@pytest.fixture(autouse=True)
def _no_memory_of_other_visitors(db: None) -> None:
    """Rate limits count in the cache."""
    cache.clear()


def given(world: World, person: Person, *names: str) -> list[Credential]:
    """Signed credentials of achievements of these names, which the person holds."""
    for name in names:
        award(world.achievement(name), to=[person], actor=world.system)
    run_jobs()
    held = Credential.objects.filter(award__person=person, award__version__name__in=names).order_by("pk")
    return list(held.select_related("award__person", "award__version"))


def link_in(body: str, path: str) -> str:
    """The path of the first link of this kind in a letter or page."""
    found = re.search(rf"https://badges\.acme\.example({path}/[^\s\"<]+)", body)
    assert found, body
    return found[1]


def test_MS_5_share_code_shows_exactly_what_was_chosen_as_it_stands_today(acme: World) -> None:  # noqa: N802
    names = ("First Aid", "Kiln Safety", "Crane Signals", "Night Watch")
    credentials = given(acme, acme.member_person, *names)
    holder, employer = Visitor(acme.member_person), Visitor()
    chosen = [credential.award.public_id for credential in credentials[:3]]
    made = holder.post("/me/shares", {"entry": chosen, "name": "Northgate", "days": "30"})
    page = holder.get(made.headers["Location"]).content.decode()
    link = link_in(page, "/s")
    share = Share.objects.get()
    assert abs(share.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)

    shown = text_of(employer.get(link))
    assert [name in shown for name in names] == [True, True, True, False]
    assert shown.count("Verified") == 3

    revoke(credentials[1], actor=acme.steward, reason="Awarded in error.")
    run_jobs()
    today = employer.get(link)
    assert (text_of(today).count("Verified"), today.content.count(b'data-state="revoked"')) == (2, 1)
    assert "Awarded in error" not in text_of(today)
    assert employer.get(f"{link}/{chosen[0]}.json").content.decode() == credentials[0].document
    assert employer.get(f"{link}/{credentials[3].award.public_id}.json").status_code == 404

    log = text_of(holder.get(f"/me/shares/{share.public_id}"))
    assert log.count("Looked at") == 2
    assert "Signed file of “First Aid”" in log

    never = employer.get("/s/AAAAA-AAAAA-AAAAA-AAAAA")
    holder.post(f"/me/shares/{share.public_id}/revoke")
    gone = employer.get(link)
    assert gone.status_code == never.status_code == 404
    assert gone.content == never.content
    assert employer.get(f"{link}/{chosen[0]}.json").status_code == 404


def test_MS_6_leave_with_your_record(acme: World, globex: World) -> None:  # noqa: N802
    priya = acme.member_person
    credentials = given(acme, priya, "First Aid", "Kiln Safety")
    at_work = Visitor(priya)
    at_work.post("/me/settings/addresses", {"email": "priya@home.example", "password": PASSWORD})
    letter = Message.objects.get(template="address_confirmation")
    assert at_work.post(link_in(letter.text, "/account-link")).status_code == 302

    leave(priya, actor=acme.steward)
    tell("passport.left")

    assert Visitor().post("/sign-in", {"login": priya.email, "password": PASSWORD}).status_code == 200
    at_home = Visitor()
    assert at_home.post("/sign-in", {"login": "priya@home.example", "password": PASSWORD}).headers["Location"] == "/me"
    assert at_home.get("/catalogue").status_code == 404
    mine = text_of(at_home.get("/me"))
    assert "First Aid" in mine
    assert "Kiln Safety" in mine
    for credential in credentials:
        assert at_home.get(f"/me/badges/{credential.award.public_id}").status_code == 200
        assert Visitor().get(f"/a/{credential.award.public_id}").status_code == 200

    at_home.post("/me/export")
    archive = at_home.get(link_to_archive(at_home))
    with zipfile.ZipFile(io.BytesIO(b"".join(archive))) as taken:
        index = json.loads(taken.read("index.json"))
        assert {line["name"] for line in index["credentials"]} == {"First Aid", "Kiln Safety"}
        assert taken.read(index["credentials"][0]["credential"]).decode() == credentials[0].document


def link_to_archive(visitor: Visitor) -> str:
    found = re.search(r'href="(/me/export/[a-z2-7]{26})"', visitor.get("/me/export").content.decode())
    assert found
    return found[1]


def test_MS_6_two_accounts_become_one_without_duplicates(acme: World, globex: World) -> None:  # noqa: N802
    [of_acme] = given(acme, acme.member_person, "First Aid")
    [of_globex] = given(globex, globex.member_person, "Kiln Safety")
    one, other = Visitor(acme.member_person), Visitor(globex.member_person)
    for visitor, credential in ((one, of_acme), (other, of_globex)):
        accepted(credential)
        visitor.get("/me")
    merged = one.post("/me/settings/merge", {"email": "member@globex.example", "password": PASSWORD})
    assert merged.headers["Location"] == "/me"
    entries = Entry.objects.filter(account=acme.member_person.account)
    assert sorted(entries.values_list("credential__award__version__name", flat=True)) == ["First Aid", "Kiln Safety"]
    mine = one.get("/me").content.decode()
    for name in ("First Aid", "Kiln Safety"):
        assert len(re.findall(rf">{name}</a>", mine)) == 1
    # The other account is closed: its session is over, and both addresses sign in to the one that is left.
    assert other.get("/me").status_code == 302
    back = Visitor()
    assert back.post("/sign-in", {"login": "member@globex.example", "password": PASSWORD}).status_code == 302
    assert "First Aid" in text_of(back.get("/me"))


def test_IBM_8_issue_outside(acme: World, version: AchievementVersion) -> None:  # noqa: N802
    partner = add_person(acme.organisation, name="Ben Lund", email="ben@partner.example", actor=acme.system, kind=Person.Kind.PARTNER)
    award(version, to=[partner], actor=acme.system, narrative="Led the exercise.")
    run_jobs()
    tell()
    [credential] = Credential.objects.filter(award__person=partner)
    path = f"/a/{credential.award.public_id}"
    # Nothing public before acceptance: byte-equal to what never was, in every form.
    for form in ("", ".json", ".png", ".svg"):
        hidden, never = Visitor().get(path + form), Visitor().get(f"/a/{'a' * 26}{form}")
        assert (hidden.status_code, hidden.content) == (never.status_code, never.content)
        assert hidden.status_code == 404

    [letter] = Message.objects.filter(to=partner.email)
    visitor = Visitor()
    claim = link_in(letter.text, "/join")
    page = visitor.get(claim)
    shown = text_of(page)
    for word in ("Acme", "Safety Champion", "Led the exercise.", "Accept", "Decline", "This is not me", "Only me"):
        assert word in shown
    # Minimal data: a name and a password, and no more is asked.
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page.content.decode()))
    assert asked == {"csrfmiddlewaretoken", "audience", "name", "password"}

    answer = visitor.post(claim, {"name": "Ben Lund", "password": "five plain words of mine", "audience": "link"})
    assert answer.headers["Location"] == "/me"
    assert "Safety Champion" in text_of(visitor.get("/me"))
    assert Visitor().get(path).status_code == 200
    # What follows comes in directly.
    given(acme, partner, "First Aid")
    assert "First Aid" in text_of(visitor.get("/me"))


def test_IBM_8_decline_without_an_account(acme: World, version: AchievementVersion) -> None:  # noqa: N802
    partner = acme.person("Ben Lund")
    award(version, to=[partner], actor=acme.system)
    run_jobs()
    tell()
    [credential] = Credential.objects.filter(award__person=partner)
    claim = link_in(Message.objects.get(to=partner.email).text, "/join")
    answer = Visitor().post(f"{claim}/decline/{credential.award.public_id}")
    assert "sees that you declined it" in text_of(answer)
    credential.refresh_from_db()
    assert "Declined" in credential.revocation_reason
    assert not Account.objects.filter(email__iexact=partner.email).exists()
    # The issuer sees it, and whoever declined is not written to again about their own decision.
    assert "Declined" in text_of(Visitor(acme.steward_person).get(f"/awards/{credential.award.public_id}"))
    tell()
    assert Message.objects.filter(to=partner.email).count() == 1


def test_an_account_of_one_organisation_is_asked_before_another_gives_it_something(acme: World, globex: World) -> None:
    account = open_account(email="priya@home.example", name="Priya Shah", password=PASSWORD)
    known = add_person(acme.organisation, name="Priya S.", email="work@acme.example", actor=acme.system)
    link_account_with(known, account, acme)
    there = add_person(globex.organisation, name="P. Shah", email="priya@home.example", actor=globex.system)
    given(globex, there, "Kiln Safety")
    tell()
    visitor = Visitor(known)
    page = text_of(visitor.get("/me"))
    assert "Globex knows you as P. Shah" in page
    assert "1 waits for priya@home.example: Kiln Safety." in page
    there.refresh_from_db()
    assert there.account is None
    visitor.post(f"/me/offers/{there.public_id}", {"audience": "only_me"})
    there.refresh_from_db()
    assert there.account == account
    assert Entry.objects.get(credential__award__person=there).audience == "only_me"


def link_account_with(person: Person, account: Account, world: World) -> None:
    """The account has verified the person's address, and stands behind them."""
    prove_address(account, person.email)
    link_account(person, account=account, actor=world.system)
