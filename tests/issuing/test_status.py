"""Revoking, pausing and lifting: who may, what is recorded, what verifiers see, and that no change is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.awarding.models import Award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, DomainError, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing import documents
from hexmark.issuing.actions import lift, pause, publish_status_list, revoke, unpublished_status_lists
from hexmark.issuing.models import Credential, Purpose, StatusList
from hexmark.issuing.queries import stale_status_lists
from hexmark.issuing.registers import draw_indexes
from hexmark.keys import signer
from hexmark.openbadges import status_list, strict_json
from hexmark.openbadges.report import Verdict
from hexmark.people.actions import grant_access
from hexmark.people.queries import actor_for
from hexmark.verification import verify

REASON = "Awarded in error: the observation belonged to somebody else."


def verdict(credential: Credential) -> tuple[Verdict, list[str]]:
    """What a stranger finds: the verdict, and the axes that failed."""
    report = verify(credential.document, fetch=served, at=timezone.now())
    return report.verdict, report.failed


def events(kind: str) -> list[Event]:
    """The events of this type."""
    return list(Event.objects.filter(event_type=kind))


def test_a_revoked_credential_fails_its_status_check(acme: World, credential: Credential) -> None:
    assert verdict(credential) == (Verdict.VERIFIED, [])
    revoke(credential, actor=acme.steward, reason=REASON)
    run_jobs()
    assert verdict(credential) == (Verdict.NOT_VALID, ["status"])


def test_a_paused_credential_fails_until_it_is_lifted(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason="The reports are looked at again.")
    run_jobs()
    assert verdict(credential) == (Verdict.NOT_VALID, ["status"])
    lift(credential, actor=acme.steward)
    run_jobs()
    assert verdict(credential) == (Verdict.VERIFIED, [])


def test_only_the_credential_itself_is_touched(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.person(f"Colleague {n}") for n in range(5)], actor=acme.system)
    run_jobs()
    first, second, *others = Credential.objects.select_related("award").order_by("pk")
    revoke(first, actor=acme.steward, reason=REASON)
    pause(second, actor=acme.steward, reason=REASON)
    run_jobs()
    assert [verdict(one)[0] for one in (first, second)] == [Verdict.NOT_VALID] * 2
    assert [verdict(one)[0] for one in others] == [Verdict.VERIFIED] * 3


def test_the_signed_bytes_stay_as_they_are_whatever_happens_to_the_status(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason=REASON)
    revoke(credential, actor=acme.steward, reason=REASON)
    run_jobs()
    kept = Credential.objects.get(pk=credential.pk)
    assert (kept.document, kept.document_sha256) == (credential.document, credential.document_sha256)


def test_each_act_is_recorded_with_its_reason_and_whom_it_concerns(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason="A doubt.")
    lift(credential, actor=acme.steward)
    revoke(credential, actor=acme.steward, reason=f"  {REASON}\n")
    award_id = credential.award.public_id
    [paused], [lifted], [revoked] = (events(f"credential.{act}") for act in ("paused", "lifted", "revoked"))
    assert paused.data == {"reason": "A doubt.", "award": award_id}
    assert lifted.data == {"award": award_id}
    assert revoked.data == {"reason": REASON, "award": award_id}
    assert {event.actor_label for event in (paused, lifted, revoked)} == {"Acme Steward"}


@pytest.mark.parametrize("act", [revoke, pause])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_reason_is_owed(act: Callable[..., None], reason: str, acme: World, credential: Credential) -> None:
    with pytest.raises(Invalid, match="Say why") as refused:
        act(credential, actor=acme.steward, reason=reason)
    assert refused.value.field == "reason"
    assert verdict(credential) == (Verdict.VERIFIED, [])


def test_a_reason_is_kept_up_to_500_characters(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason="é" * 600)
    credential.refresh_from_db()
    assert credential.revocation_reason == "é" * 500


def test_revoking_twice_is_refused_the_second_time(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason=REASON)
    with pytest.raises(Conflict, match="already revoked"):
        revoke(credential, actor=acme.steward, reason="Another reason")
    credential.refresh_from_db()
    assert credential.revocation_reason == REASON
    assert len(events("credential.revoked")) == 1


def test_what_is_not_signed_yet_is_told_apart_from_what_is_revoked(acme: World, credential: Credential) -> None:
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    with pytest.raises(Conflict, match="not signed yet"):
        revoke(credential, actor=acme.steward, reason=REASON)
    assert events("credential.revoked") == []


def test_what_is_revoked_can_be_neither_paused_nor_lifted(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason=REASON)
    revoke(credential, actor=acme.steward, reason=REASON)
    with pytest.raises(Conflict, match="not paused"):
        lift(credential, actor=acme.steward)
    with pytest.raises(Conflict, match="Only a valid award"):
        pause(credential, actor=acme.steward, reason=REASON)
    run_jobs()
    assert verdict(credential)[0] is Verdict.NOT_VALID


def test_what_is_not_paused_cannot_be_lifted_and_pausing_twice_is_refused(acme: World, credential: Credential) -> None:
    with pytest.raises(Conflict):
        lift(credential, actor=acme.steward)
    pause(credential, actor=acme.steward, reason=REASON)
    with pytest.raises(Conflict):
        pause(credential, actor=acme.steward, reason=REASON)


def test_what_is_not_signed_yet_can_be_neither_revoked_nor_paused(acme: World, credential: Credential) -> None:
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    for act in (revoke, pause):
        with pytest.raises(Conflict):
            act(credential, actor=acme.steward, reason=REASON)


def test_members_auditors_and_strangers_may_do_none_of_it(acme: World, globex: World, credential: Credential) -> None:
    auditor = acme.person("Ann Auditor")
    grant_access(auditor, access=Access.AUDITOR, actor=acme.system)
    for actor in (acme.member, actor_for(auditor), globex.steward, globex.system):
        for act in (
            lambda by: revoke(credential, actor=by, reason=REASON),
            lambda by: pause(credential, actor=by, reason=REASON),
            lambda by: lift(credential, actor=by),
        ):
            with pytest.raises(NotPermitted):
                act(actor)
    run_jobs()
    assert verdict(credential) == (Verdict.VERIFIED, [])
    assert not [event for event in Event.objects.all() if event.event_type in ("credential.revoked", "credential.paused")]


def test_whose_credential_was_revoked_can_be_awarded_again(acme: World, credential: Credential) -> None:
    version = credential.award.version
    with pytest.raises(Invalid, match="holds this already"):
        award(version, to=[acme.member_person], actor=acme.system)
    revoke(credential, actor=acme.steward, reason=REASON)
    assert award(version, to=[acme.member_person], actor=acme.system).made == 1
    run_jobs()
    again = Credential.objects.exclude(pk=credential.pk).get()
    assert verdict(again) == (Verdict.VERIFIED, [])
    assert again.status_index != credential.status_index
    assert Award.objects.get(pk=credential.award_id).closed_at is not None


def test_whose_credential_is_only_paused_holds_it_still(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason=REASON)
    with pytest.raises(Invalid, match="holds this already"):
        award(credential.award.version, to=[acme.member_person], actor=acme.system)


@pytest.mark.parametrize("purpose", Purpose.values)
def test_both_lists_are_published_before_the_first_credential_is(purpose: str, credential: Credential) -> None:
    listed = StatusList.objects.get(purpose=purpose)
    assert listed.published_at is not None
    assert credential.issued_at is not None
    assert listed.published_at <= credential.issued_at


@pytest.mark.parametrize("purpose", Purpose.values)
def test_a_list_is_a_signed_credential_of_the_same_issuer(purpose: str, credential: Credential) -> None:
    document = strict_json.parse(StatusList.objects.get(purpose=purpose).document)
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["issuer"] == credential.organisation.did
    assert document["id"] == f"https://badges.acme.example/o/acme/status/{purpose}/1"
    subject = document["credentialSubject"]
    assert subject["statusPurpose"] == purpose
    assert len(status_list.decode(subject["encodedList"])) == 131_072 // 8
    [proof] = document["proof"]
    assert proof["verificationMethod"].startswith(credential.organisation.did)


def test_the_list_sets_the_bit_of_the_credential_and_no_other(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason=REASON)
    run_jobs()
    bits = bits_of("revocation")
    assert status_list.bit(bits, credential.status_index)
    assert sum(byte.bit_count() for byte in bits) == 1
    assert not any(bits_of("suspension"))


def test_revoking_moves_the_revision_of_the_revocation_list_alone(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason=REASON)
    assert dict(StatusList.objects.values_list("purpose", "revision")) == {"revocation": 2, "suspension": 1}
    assert [listed.purpose for listed in unpublished_status_lists()] == ["revocation"]
    run_jobs()
    assert unpublished_status_lists() == []


def test_a_list_that_is_as_published_is_not_published_again(credential: Credential) -> None:
    listed = StatusList.objects.get(purpose="revocation")
    assert publish_status_list(listed) is False
    assert len(events("status_list.published")) == 2


def test_each_publication_is_recorded_with_its_revision(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason=REASON)
    run_jobs()
    assert sorted(event.data["revision"] for event in events("status_list.published")) == [1, 1, 2]


@pytest.fixture
def while_signing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], Any]]]:
    """What is put into this list happens once, just after the bits of a list were read and before it is written down."""
    waiting: list[Callable[[], Any]] = []

    def builder(row_ids: Sequence[int]) -> Iterator[Any]:
        for unsigned in list(documents.unsigned_status_lists(row_ids)):
            while waiting:
                waiting.pop()()
            yield unsigned

    monkeypatch.setitem(signer._BUILDERS, "status list", builder)
    return waiting


def test_a_change_while_a_list_is_being_published_is_published_again(
    acme: World, version: AchievementVersion, while_signing: list[Callable[[], Any]]
) -> None:
    award(version, to=[acme.member_person, acme.manager_person], actor=acme.system)
    run_jobs()
    first, second = Credential.objects.select_related("award").order_by("pk")
    revoke(first, actor=acme.steward, reason=REASON)
    connection.run_on_commit = []
    while_signing.append(lambda: revoke(second, actor=acme.steward, reason=REASON))
    listed = StatusList.objects.get(purpose="revocation")
    publish_status_list(listed)
    assert verdict(second)[0] is Verdict.VERIFIED, "its bits were read before"
    assert unpublished_status_lists() == [listed]
    run_jobs()
    assert [verdict(one)[0] for one in (first, second)] == [Verdict.NOT_VALID] * 2


def test_an_older_list_never_replaces_a_newer_one(acme: World, credential: Credential, while_signing: list[Callable[[], Any]]) -> None:
    listed = StatusList.objects.get(purpose="revocation")
    pause(credential, actor=acme.steward, reason=REASON)
    revoke(credential, actor=acme.steward, reason=REASON)
    connection.run_on_commit = []

    def overtake() -> None:
        StatusList.objects.filter(pk=listed.pk).update(revision=9)
        assert publish_status_list(listed)

    while_signing.append(overtake)
    assert publish_status_list(listed) is False
    listed.refresh_from_db()
    assert (listed.revision, listed.published_revision) == (9, 9)


def test_an_act_that_is_refused_changes_no_revision(acme: World, credential: Credential) -> None:
    for act in (lambda: revoke(credential, actor=acme.member, reason=REASON), lambda: lift(credential, actor=acme.steward)):
        with pytest.raises(DomainError):
            act()
    assert set(StatusList.objects.values_list("revision", flat=True)) == {1}


def bits_of(purpose: str) -> bytes:
    """The bits of the published list."""
    document = strict_json.parse(StatusList.objects.get(purpose=purpose).document)
    return bytes(status_list.decode(document["credentialSubject"]["encodedList"]))


# Lists that nobody publishes


def ago(minutes: int) -> datetime:
    """So many minutes before now."""
    return timezone.now() - timedelta(minutes=minutes)


def test_a_list_that_shows_every_change_is_never_stale(acme: World, credential: Credential) -> None:
    StatusList.objects.update(changed_at=ago(600), published_at=ago(599))
    assert not stale_status_lists(timezone.now()).exists()


def test_a_list_is_stale_when_nobody_published_its_change(acme: World, credential: Credential) -> None:
    StatusList.objects.update(changed_at=ago(600), published_at=ago(599))
    revoke(credential, actor=acme.steward, reason=REASON)
    assert not stale_status_lists(ago(5)).exists()
    assert [one.purpose for one in stale_status_lists(timezone.now())] == ["revocation"]
    run_jobs()
    assert not stale_status_lists(timezone.now()).exists()


def test_later_changes_do_not_make_the_first_look_younger(acme: World, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason=REASON)
    paused_at = ago(6)
    StatusList.objects.update(changed_at=paused_at, published_at=ago(60))
    lift(credential, actor=acme.steward)
    assert StatusList.objects.get(purpose="suspension").changed_at == paused_at
    assert [one.purpose for one in stale_status_lists(ago(5))] == ["suspension"]


def test_a_list_that_is_published_again_and_again_is_not_stale(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason=REASON)
    StatusList.objects.update(changed_at=ago(6), published_at=ago(1))
    assert not stale_status_lists(ago(5)).exists()


def test_a_register_whose_first_lists_were_never_published_has_stale_lists(acme: World) -> None:
    with transaction.atomic():
        draw_indexes(acme.organisation, 1)
    assert not stale_status_lists(ago(5)).exists()
    assert stale_status_lists(timezone.now()).count() == 2
