"""Signing what is due: in batches, each award once, one that cannot be signed holding back nobody, workers racing each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.faults.installation import installation
from tests.issuing.served import served
from tests.world import World, make_world, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.awarding.models import Award, AwardRun
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import NotConfigured
from hexmark.events.models import Event
from hexmark.issuing import documents, signing
from hexmark.issuing.jobs import wake_for_due_awards
from hexmark.issuing.models import Credential, StatusList, StatusRegister
from hexmark.issuing.queries import issued_credentials, manageable_credential, public_credential
from hexmark.issuing.signing import BATCH_SIZE, sign_batch
from hexmark.keys import signer
from hexmark.keys.models import StoredKey
from hexmark.organisations.models import Organisation
from hexmark.people.actions import end_access, grant_access
from hexmark.people.queries import actor_for
from hexmark.verification import verify


def due(world: World, version: AchievementVersion, count: int) -> AwardRun:
    """So many awards are due, and nobody was woken."""
    run = award(version, to=[world.person(f"Colleague {n}") for n in range(count)], actor=world.system).run
    connection.run_on_commit = []
    return run


def issued_events() -> list[str]:
    """The keys of the credentials of which it was recorded that they were issued."""
    return list(Event.objects.filter(event_type="credential.issued").values_list("subject_id", flat=True))


def test_nothing_due_is_nothing_done(acme: World) -> None:
    assert sign_batch(acme.organisation.pk) == 0
    assert not StatusRegister.objects.exists()


def test_a_batch_signs_at_most_a_hundred_and_says_how_many(acme: World, version: AchievementVersion) -> None:
    due(acme, version, BATCH_SIZE + 30)
    assert [sign_batch(acme.organisation.pk) for _ in range(3)] == [BATCH_SIZE, 30, 0]
    assert Credential.objects.issued().count() == BATCH_SIZE + 30


def test_the_job_goes_on_until_nothing_is_due(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.person(f"Colleague {n}") for n in range(BATCH_SIZE * 2 + 1)], actor=acme.system)
    run_jobs()
    assert Credential.objects.issued().count() == BATCH_SIZE * 2 + 1


def test_each_credential_is_recorded_once_with_its_hash(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 7)
    sign_batch(acme.organisation.pk)
    assert sorted(issued_events()) == sorted(str(pk) for pk in Credential.objects.values_list("pk", flat=True))
    for event in Event.objects.filter(event_type="credential.issued"):
        credential = Credential.objects.get(pk=event.subject_id)
        assert event.data == {"award": credential.award.public_id, "sha256": credential.document_sha256}
        assert event.actor_kind == "system"


def test_one_organisation_is_signed_without_touching_another(acme: World, globex: World) -> None:
    for world in (acme, globex):
        due(world, world.achievement(f"{world.organisation.name} Safety"), 2)
    sign_batch(acme.organisation.pk)
    assert set(Credential.objects.values_list("organisation_id", flat=True)) == {acme.organisation.pk}


def test_an_organisation_without_a_key_does_not_hold_back_another(acme: World, globex: World) -> None:
    for world in (acme, globex):
        due(world, world.achievement(f"{world.organisation.name} Safety"), 2)
    StoredKey.objects.filter(organisation_id=acme.organisation.pk).delete()
    wake_for_due_awards()
    with pytest.raises(AssertionError, match=r"issuing\.sign"):
        run_jobs()
    assert set(Credential.objects.issued().values_list("organisation_id", flat=True)) == {globex.organisation.pk}
    with pytest.raises(NotConfigured):
        sign_batch(acme.organisation.pk)


# One that cannot be signed


def spoil(version: AchievementVersion) -> None:
    """As if a rule of the format had been made stricter after the publication: these words can no longer be signed."""
    AchievementVersion.objects.filter(pk=version.pk).update(description="Looks after\uffff safety.")


def test_one_award_that_cannot_be_signed_does_not_hold_back_the_others(acme: World, version: AchievementVersion) -> None:
    spoilt = acme.achievement("Kiln Safety")
    people = [acme.person(f"Colleague {n}") for n in range(6)]
    award(version, to=people[:3], actor=acme.system)
    award(spoilt, to=people[2:4], actor=acme.system)
    award(version, to=people[3:], actor=acme.system)
    spoil(spoilt)
    run_jobs()
    assert Credential.objects.issued().count() == Credential.objects.count() == 6
    refused = Award.objects.filter(version=spoilt)
    assert [one.closed_at is not None for one in refused] == [True, True]
    assert all("could not be signed" in one.refusal for one in refused)
    assert Event.objects.filter(event_type="award.refused").count() == 2


def test_the_status_index_of_what_could_not_be_signed_is_not_used_again(acme: World, version: AchievementVersion) -> None:
    spoilt = acme.achievement("Kiln Safety")
    award(spoilt, to=[acme.member_person], actor=acme.system)
    spoil(spoilt)
    run_jobs()
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    assert StatusRegister.objects.get().drawn == 2
    assert Credential.objects.count() == 1


def test_who_was_refused_for_that_can_be_awarded_again_when_it_is_mended(acme: World) -> None:
    spoilt = acme.achievement("Kiln Safety")
    award(spoilt, to=[acme.member_person], actor=acme.system)
    spoil(spoilt)
    run_jobs()
    AchievementVersion.objects.filter(pk=spoilt.pk).update(description="Looks after safety.")
    spoilt.refresh_from_db()
    assert award(spoilt, to=[acme.member_person], actor=acme.system).made == 1
    run_jobs()
    assert verify(Credential.objects.get().document, fetch=served, at=timezone.now()).ok


def test_giving_up_what_another_worker_gave_up_is_no_error(acme: World, version: AchievementVersion, credential: Credential) -> None:
    signing._give_up(987_654_321, reason="Another worker was faster.")
    signing._give_up(credential.pk, reason="It is signed already.")
    assert Credential.objects.issued().filter(pk=credential.pk).exists()


def test_more_refused_awards_than_a_batch_do_not_keep_the_others_waiting(acme: World, version: AchievementVersion) -> None:
    second = acme.person("Second Steward")
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    people = [acme.person(f"Colleague {n}") for n in range(BATCH_SIZE + 5)]
    lost = award(version, to=people, actor=actor_for(second)).run
    end_access(second, access=Access.STEWARD, actor=acme.steward)
    kept = award(acme.achievement("Kiln Safety"), to=people[:3], actor=acme.steward).run
    for run in (lost, kept):
        Award.objects.filter(run=run).update(release_at=timezone.now())
    connection.run_on_commit = []
    wake_for_due_awards()
    run_jobs()
    assert Award.objects.exclude(refusal="").count() == BATCH_SIZE + 5
    assert Credential.objects.issued().count() == 3


@pytest.mark.parametrize("year", [9998, 9999])
def test_an_award_that_would_be_valid_beyond_the_calendar_is_refused_and_holds_back_nobody(
    year: int, acme: World, version: AchievementVersion
) -> None:
    # West of Greenwich the last evening of 9999 is a moment of the year 10000, which no calendar here knows.
    Organisation.objects.filter(pk=acme.organisation.pk).update(time_zone="America/New_York")
    late = acme.achievement("Kiln Safety", validity_months=12)
    award(version, to=[acme.member_person], actor=acme.system)
    award(late, to=[acme.member_person, acme.manager_person], actor=acme.system)
    award(version, to=[acme.manager_person], actor=acme.system)
    Award.objects.filter(version=late).update(awarded_at=datetime(year, 12, 31, 12, tzinfo=UTC))
    run_jobs()
    assert Credential.objects.issued().count() == Credential.objects.count() == StatusRegister.objects.get().drawn == 2
    assert all("could not be signed" in one.refusal for one in Award.objects.filter(version=late))
    assert Event.objects.filter(event_type="award.refused").count() == 2


def test_an_award_under_a_time_zone_that_is_not_known_is_signed_by_the_days_of_utc(acme: World) -> None:
    Organisation.objects.filter(pk=acme.organisation.pk).update(time_zone="Middle/Earth")
    limited = acme.achievement("Kiln Safety", validity_months=12)
    award(limited, to=[acme.member_person], actor=acme.system)
    run_jobs()
    assert Award.objects.get().refusal == ""
    ends = Credential.objects.get().valid_until
    assert ends is not None
    assert (ends.hour, ends.minute) == (23, 59)


def test_an_error_that_the_format_has_no_name_for_refuses_that_award_alone(acme: World, version: AchievementVersion) -> None:
    people = [acme.person(f"Colleague {n}") for n in range(3)]
    award(version, to=people, actor=acme.system)
    odd = Award.objects.get(person=people[1])

    def build(row_ids: Sequence[int]) -> Iterator[signer.Unsigned]:
        for unsigned in documents.unsigned_credentials(row_ids):
            if Credential.objects.filter(pk=unsigned.row_id, award=odd).exists():
                raise ValueError("year 10000 is out of range")
            yield unsigned

    signer.register_builder("credential", build)
    try:
        run_jobs()
    finally:
        signer.register_builder("credential", documents.unsigned_credentials)
    odd.refresh_from_db()
    assert odd.refusal == "It could not be signed: year 10000 is out of range"
    assert Credential.objects.issued().count() == Credential.objects.count() == 2


def test_a_missing_key_refuses_no_award_even_where_each_is_tried_alone(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 3)
    rows, _ = signing._reserve(acme.organisation.pk)
    StoredKey.objects.filter(organisation_id=acme.organisation.pk).delete()
    with pytest.raises(NotConfigured):
        signing._signed_alone(rows[0])
    assert (Credential.objects.count(), Award.objects.exclude(refusal="").count()) == (3, 0)


# Crashes and races


def end_leases() -> None:
    """The worker that had taken up what is unsigned has been silent for too long."""
    Credential.objects.filter(issued_at__isnull=True).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_rows_that_a_crash_left_unsigned_are_signed_first_when_their_lease_is_over(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 5)
    left, refused = signing._reserve(acme.organisation.pk)
    assert (len(left), refused) == (5, 0)
    end_leases()
    award(acme.achievement("Kiln Safety"), to=[acme.member_person], actor=acme.system)
    sign_batch(acme.organisation.pk)
    assert sorted(Credential.objects.issued().values_list("pk", flat=True)) == left
    assert StatusRegister.objects.get().drawn == 5


def test_workers_of_one_organisation_take_up_different_rows(acme: World, version: AchievementVersion) -> None:
    due(acme, version, BATCH_SIZE + 20)
    theirs, _ = signing._reserve(acme.organisation.pk)
    assert sign_batch(acme.organisation.pk) == 20
    assert sign_batch(acme.organisation.pk) == 0
    assert set(Credential.objects.filter(issued_at__isnull=True).values_list("pk", flat=True)) == set(theirs)


def test_the_sweep_leaves_alone_what_a_worker_is_at_work_on(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 3)
    signing._reserve(acme.organisation.pk)
    wake_for_due_awards()
    assert connection.run_on_commit == []
    end_leases()
    wake_for_due_awards()
    run_jobs()
    assert Credential.objects.issued().count() == 3


def test_what_another_worker_finished_meanwhile_is_passed_over(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 4)
    rows, _ = signing._reserve(acme.organisation.pk)
    signing._publish_first_lists(acme.organisation.pk)
    signed = signing._signed(rows)
    assert signing._signed(rows) == signed
    signing._finish(acme.organisation.pk, signed[:2])
    signing._finish(acme.organisation.pk, signed)
    signing._finish(acme.organisation.pk, signed)
    assert len(issued_events()) == len(set(issued_events())) == 4
    assert Credential.objects.issued().count() == 4


def test_nothing_is_out_before_its_lists_are(acme: World, version: AchievementVersion) -> None:
    due(acme, version, 1)
    signing._reserve(acme.organisation.pk)
    assert set(StatusList.objects.values_list("document", flat=True)) == {""}
    signing._publish_first_lists(acme.organisation.pk)
    assert "" not in StatusList.objects.values_list("document", flat=True)
    assert not Credential.objects.issued().exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's threads share one connection in memory; see the test with processes")
def test_threads_that_race_sign_each_award_once(transactional_db: None) -> None:
    acme = make_world("acme")
    version = acme.achievement()
    award_ids = award(version, to=[acme.person(f"Colleague {n}") for n in range(250)], actor=acme.steward).run.awards
    award_ids.update(release_at=timezone.now())

    def work() -> None:
        try:
            while sign_batch(acme.organisation.pk):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for racing in [pool.submit(work) for _ in range(4)]:
            racing.result()
    assert Credential.objects.issued().count() == len(set(issued_events())) == len(issued_events()) == 250
    assert StatusRegister.objects.get().drawn == 250


def test_processes_that_race_sign_each_award_once(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        here.ask("build", "400")
        workers = [here.start("-m", "tests.faults.scene", "sign") for _ in range(3)]
        ended = [worker.communicate(timeout=120) for worker in workers]
        assert [worker.returncode for worker in workers] == [0, 0, 0], ended
        found = here.ask("judge", "20")
    clean = ("lost", "unsigned", "doubled", "other_bytes", "indexes_used_twice", "events_of_other_bytes")
    assert {name: found[name] for name in clean} == dict.fromkeys(clean, 0)
    assert (found["credentials"], found["drawn"], found["events"], found["verified"]) == (400, 400, 400, 20)


# Reading


def test_who_sees_which_credentials(acme: World, globex: World, credential: Credential) -> None:
    for actor, seen in ((acme.steward, 1), (acme.member, 1), (acme.manager, 1), (globex.steward, 0)):
        assert issued_credentials(actor).count() == seen
        assert (manageable_credential(actor, credential.award.public_id) is not None) is bool(seen)
    assert issued_credentials(acme.steward, search="safety").count() == 1
    assert issued_credentials(acme.steward, search="nobody").count() == 0


def test_the_world_reads_a_credential_by_its_unguessable_id_once_it_is_signed(acme: World, credential: Credential) -> None:
    assert public_credential(credential.award.public_id) == credential
    assert public_credential("a" * 26) is None
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    assert public_credential(credential.award.public_id) is None
