"""Share codes: exactly what was chosen, for as long as was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.issuing.models import Credential
from hexmark.passport import shares
from hexmark.passport.actions import decline
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry, Share, ShareOpening
from hexmark.passport.shares import code_of_share, link_of_share, make_share, note_opening, revoke_share, share_of_code, shared_entries
from hexmark.people.models import Account


@pytest.fixture
def share(acme: World, account: Account, entry: Entry) -> Share:
    """A code for what acme's member holds."""
    return make_share(account, entries=[entry], name="Northgate", days=30, actor=acme.member)


def address(share: Share) -> str:
    return f"/s/{code_of_share(share)}"


def test_the_database_holds_no_code_and_the_holder_sees_it_again(acme: World, share: Share) -> None:
    code = code_of_share(share)
    assert code is not None
    assert all(code not in str(row) and code.replace("-", "") not in str(row) for row in Share.objects.values())
    assert code in Visitor(acme.member_person).get(f"/me/shares/{share.public_id}").content.decode()
    assert share_of_code(code.lower().replace("-", "")) == share


def test_with_another_secret_the_code_still_works_but_is_not_shown(acme: World, share: Share, settings: object) -> None:
    code = code_of_share(share)
    settings.SECRET_KEY = "another secret, long enough to be taken seriously"  # type: ignore[attr-defined]
    assert link_of_share(share) is None
    assert share_of_code(str(code)) == share


def test_even_what_is_only_mine_is_shown_with_a_code_and_nowhere_else(acme: World, credential: Credential, share: Share) -> None:
    accepted(credential, audience=Audience.ONLY_ME)
    page = Visitor().get(address(share))
    assert "Safety Champion" in text_of(page)
    assert f"/a/{credential.award.public_id}" not in page.content.decode()
    assert Visitor().get(f"/a/{credential.award.public_id}").status_code == 404
    assert Visitor().get(f"{address(share)}/{credential.award.public_id}.json").content.decode() == credential.document


def test_nobody_keeps_the_page(share: Share) -> None:
    answer = Visitor().get(address(share))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_code_ends_when_it_was_said_and_as_if_it_had_never_been(share: Share) -> None:
    never = Visitor().get("/s/never")
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    over = Visitor().get(address(share))
    assert (over.status_code, over.content) == (404, never.content)


def test_a_code_of_a_closed_account_shows_nothing(share: Share, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert Visitor().get(address(share)).status_code == 404


def test_what_was_declined_since_is_not_shown(acme: World, share: Share, entry: Entry) -> None:
    decline(entry, actor=acme.member)
    assert "Safety Champion" not in text_of(Visitor().get(address(share)))


def test_the_holders_own_look_is_not_in_the_log(acme: World, share: Share) -> None:
    Visitor(acme.member_person).get(address(share))
    assert not ShareOpening.objects.exists()
    Visitor().get(address(share))
    assert ShareOpening.objects.count() == 1
    assert {field.name for field in ShareOpening._meta.get_fields()} == {"id", "share", "opened_at", "what"}


def test_a_log_does_not_grow_without_end(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_OPENINGS", 3)
    for number in range(7):
        note_opening(share, f"Look {number}")
    assert list(share.openings.values_list("what", flat=True)) == ["Look 6", "Look 5", "Look 4"]


def test_guessing_codes_is_slowed_down(share: Share) -> None:
    answers = [Visitor().get(f"/s/{'0' * 15}{n:05}").status_code for n in range(25)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert Visitor().get(address(share)).status_code == 200


def test_revoking_twice_is_refused_the_second_time(acme: World, share: Share) -> None:
    revoke_share(share, actor=acme.member)
    with pytest.raises(Conflict):
        revoke_share(share, actor=acme.member)


@pytest.mark.parametrize(
    ("given", "error"), [({"entries": []}, Invalid), ({"days": 0}, Invalid), ({"days": 366}, Invalid), ({"name": " "}, Invalid)]
)
def test_a_code_needs_something_to_show_a_term_and_a_name(
    acme: World, account: Account, entry: Entry, given: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        make_share(account, **{"entries": [entry], "name": "Somebody", "days": 3} | given, actor=acme.member)  # type: ignore[arg-type]


def test_nobody_shares_or_revokes_what_is_anothers(acme: World, globex: World, account: Account, entry: Entry, share: Share) -> None:
    assert globex.member_person.account is not None
    with pytest.raises(NotPermitted):
        make_share(account, entries=[entry], name="Mine", days=3, actor=acme.steward)
    with pytest.raises(NotPermitted):
        make_share(globex.member_person.account, entries=[entry], name="Mine", days=3, actor=globex.member)
    with pytest.raises(NotPermitted):
        revoke_share(share, actor=acme.steward)
    stranger = Visitor(globex.member_person)
    assert stranger.get(f"/me/shares/{share.public_id}").status_code == 404
    assert stranger.post("/me/shares", {"entry": [entry.public_id], "name": "Mine", "days": "3"}).status_code == 422


def test_what_was_not_accepted_is_not_shared(acme: World, account: Account, waiting: Entry) -> None:
    Entry.objects.filter(pk=waiting.pk).update(account=account)
    waiting.refresh_from_db()
    with pytest.raises(Conflict, match="accepted"):
        make_share(account, entries=[waiting], name="Somebody", days=3, actor=acme.member)


def test_what_was_typed_is_kept_when_something_is_wrong(acme: World, entry: Entry) -> None:
    page = Visitor(acme.member_person).post("/me/shares", {"entry": [entry.public_id], "name": "Northgate", "days": "4000"})
    assert page.status_code == 422
    assert errors_beside(page, "id_days")
    assert 'value="Northgate"' in page.content.decode()
    assert f'value="{entry.public_id}" checked' in page.content.decode()


def test_a_code_shows_many_with_a_bounded_number_of_queries(acme: World, account: Account, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        award(acme.achievement(f"Subject {number}"), to=[acme.member_person], actor=acme.system)
    run_jobs()
    entries = [accepted(one) for one in Credential.objects.select_related("award__person")]
    share = make_share(account, entries=entries, name="Somebody", days=3, actor=acme.member)
    assert shared_entries(share).count() == 12
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        assert text_of(Visitor().get(address(share))).count("Verified") == 12


def test_an_account_has_so_many_codes_that_work_and_no_more(
    acme: World, account: Account, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST_SHARES", 2)
    made = [make_share(account, entries=[entry], name=name, days=30, actor=acme.member) for name in ("One", "Two")]
    with pytest.raises(Conflict, match="2 codes that work"):
        make_share(account, entries=[entry], name="Three", days=30, actor=acme.member)
    revoke_share(made[0], actor=acme.member)
    make_share(account, entries=[entry], name="Three", days=30, actor=acme.member)
