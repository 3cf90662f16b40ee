"""What was given to somebody, and what they say to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.passport.actions import accept, catch_up, decline, disown, enter, see, show_to
from hexmark.passport.audience import Audience
from hexmark.passport.collections import make_collection, put_into
from hexmark.passport.models import Entry
from hexmark.passport.queries import entries_of, in_force, waiting_for
from hexmark.passport.shares import make_share, shared_entries
from hexmark.people.joining import join_link, person_of_link, reader_of
from hexmark.people.models import Account, Person


def test_who_has_an_account_has_accepted_and_shows_it_to_whoever_has_the_link(credential: Credential, account: Account) -> None:
    enter([credential])
    entry = Entry.objects.get(credential=credential)
    assert (entry.account, entry.audience, entry.is_kept) == (account, Audience.LINK, True)


def test_what_was_given_to_somebody_without_an_account_waits(waiting: Entry) -> None:
    assert waiting.is_waiting
    assert waiting.account is None


def test_entering_twice_changes_nothing(credential: Credential) -> None:
    Entry.objects.all().delete()
    assert len(enter([credential])) == 1
    before = list(Entry.objects.values())
    assert enter([credential]) == []
    assert list(Entry.objects.values()) == before


def test_what_is_not_signed_is_not_entered(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.steward)
    assert enter(Credential.objects.all()) == []


def test_many_are_entered_with_few_queries(acme: World, version: AchievementVersion, django_assert_max_num_queries: object) -> None:
    award(version, to=[acme.person(f"Colleague {n}") for n in range(60)], actor=acme.system)
    run_jobs()
    Entry.objects.all().delete()
    credentials = list(Credential.objects.only("pk"))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(enter(credentials)) == 60


def test_the_passport_catches_up_with_what_it_was_not_told(credential: Credential, account: Account, waiting: Entry, ben: Person) -> None:
    Entry.objects.filter(credential=credential).delete()
    catch_up(account)
    assert [entry.credential for entry in entries_of(account)] == [credential]
    Person.objects.filter(pk=ben.pk).update(account=account)
    catch_up(account)
    waiting.refresh_from_db()
    assert (waiting.account, waiting.is_waiting) == (account, True)


def test_the_holder_accepts_with_an_audience_of_their_choice(acme: World, waiting: Entry, ben: Person) -> None:
    assert accept([waiting], actor=reader_of(ben), audience=Audience.ONLY_ME) == 1
    waiting.refresh_from_db()
    assert (waiting.is_kept, waiting.audience) == (True, Audience.ONLY_ME)
    assert Event.objects.filter(event_type="entry.accepted", organisation_id=acme.organisation.pk).count() == 1


def test_accepting_twice_keeps_the_first_answer(waiting: Entry, ben: Person) -> None:
    accept([waiting], actor=reader_of(ben), audience=Audience.ONLY_ME)
    assert accept([waiting], actor=reader_of(ben), audience=Audience.PUBLIC) == 0
    waiting.refresh_from_db()
    assert waiting.audience == Audience.ONLY_ME


def test_declining_revokes_in_the_issuers_name_and_takes_it_out_of_everything(
    acme: World, credential: Credential, entry: Entry, account: Account
) -> None:
    collection = make_collection(account, name="Mine", actor=acme.member)
    put_into(collection, [entry], actor=acme.member)
    share = make_share(account, entries=[entry], name="Somebody", days=3, actor=acme.member)
    decline(entry, actor=acme.member)
    credential.refresh_from_db()
    assert credential.revocation_reason == "Declined by the person to whom it was awarded."
    assert not collection.items.exists()
    assert not shared_entries(share).exists()
    assert Event.objects.filter(event_type="entry.declined").count() == 1
    assert Event.objects.get(event_type="credential.revoked").actor_kind == "system"


def test_declining_what_was_revoked_before_is_no_error(acme: World, credential: Credential, entry: Entry) -> None:
    revoke(credential, actor=acme.steward, reason="Awarded in error.")
    decline(entry, actor=acme.member)
    credential.refresh_from_db()
    assert credential.revocation_reason == "Awarded in error."


def test_declining_twice_is_refused_the_second_time(acme: World, entry: Entry) -> None:
    decline(entry, actor=acme.member)
    with pytest.raises(Conflict):
        decline(entry, actor=acme.member)


def test_who_was_meant_for_somebody_else_gets_nothing_more(acme: World, waiting: Entry, ben: Person) -> None:
    token = join_link(ben, actor=acme.steward).rsplit("/", 1)[1]
    assert disown(ben, actor=reader_of(ben)) == 1
    waiting.refresh_from_db()
    waiting.credential.refresh_from_db()
    assert "belongs to somebody else" in waiting.credential.revocation_reason
    assert waiting.disowned_email == ben.email
    assert person_of_link(token) is None


def test_nobody_answers_for_another(acme: World, globex: World, entry: Entry, waiting: Entry, ben: Person) -> None:
    for actor in (acme.steward, acme.manager, globex.member, acme.system, reader_of(ben)):
        for act in (
            lambda actor=actor: accept([entry], actor=actor),
            lambda actor=actor: decline(entry, actor=actor),
            lambda actor=actor: show_to(entry, Audience.PUBLIC, actor=actor),
        ):
            with pytest.raises(NotPermitted):
                act()
    for actor in (acme.steward, acme.member, globex.steward):
        with pytest.raises(NotPermitted):
            decline(waiting, actor=actor)
        with pytest.raises(NotPermitted):
            disown(ben, actor=actor)
    entry.refresh_from_db()
    assert entry.is_kept


def test_an_audience_is_chosen_for_what_was_accepted_only(waiting: Entry, ben: Person) -> None:
    with pytest.raises(Conflict, match="Accept it first"):
        show_to(waiting, Audience.PUBLIC, actor=reader_of(ben))


def test_what_is_no_longer_public_is_no_longer_pinned(acme: World, entry: Entry) -> None:
    show_to(entry, Audience.PUBLIC, actor=acme.member)
    Entry.objects.update(pinned=True)
    entry.refresh_from_db()
    show_to(entry, Audience.LINK, actor=acme.member)
    entry.refresh_from_db()
    assert not entry.pinned


def test_looking_at_it_once_makes_it_no_longer_new(acme: World, entry: Entry) -> None:
    see(entry, actor=acme.steward)
    entry.refresh_from_db()
    assert entry.seen_at is None
    see(entry, actor=acme.member)
    entry.refresh_from_db()
    assert entry.seen_at is not None


def test_in_force_are_those_kept_in_date_and_neither_revoked_nor_paused(entry: Entry, account: Account) -> None:
    now = timezone.now()
    assert list(in_force(entries_of(account), now)) == [entry]
    for change in ({"revoked_at": now}, {"paused_at": now}, {"valid_until": now - timedelta(seconds=1)}):
        Credential.objects.update(**{"revoked_at": None, "paused_at": None, "valid_until": None} | change)
        assert not in_force(entries_of(account), now).exists()


def test_what_waits_is_listed_for_the_person_alone(waiting: Entry, ben: Person, acme: World) -> None:
    assert waiting_for(ben) == [waiting]
    assert waiting_for(acme.manager_person) == []
    accepted(waiting.credential)
    assert waiting_for(ben) == []
