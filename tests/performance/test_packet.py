"""The review packet: made at closing, for the two only, checkable without the database, false in every byte that was altered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.performance.reviewing import again, closed
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.issuing.reports import fetch_for_site
from hexmark.net import Fetched
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
from hexmark.people.models import Person
from hexmark.performance.packets import key_of, packet_for, sign_packet
from hexmark.performance.review_models import Packet, Review
from hexmark.performance.reviewing import Consent, reopen
from hexmark.verification import verify
from hexmark.verification.packets import check_packet, packet_of


def refuse(url: str, *, accept: Sequence[str]) -> Fetched:
    raise Unreachable("Nobody was asked.", code="OFFLINE")


def offline(document: str | bytes, *, key: str = "") -> Report:
    """What a machine without the database and without a network says."""
    data = document.encode() if isinstance(document, str) else document
    found = packet_of(data)
    if found is None:
        return verify(data, fetch=refuse, at=timezone.now())
    return check_packet(found, fetch=refuse, now=timezone.now(), trusted_key=key)


def online(document: str) -> Report:
    found = packet_of(document.encode())
    assert found is not None
    return check_packet(found, fetch=fetch_for_site, now=timezone.now())


def payload(packet: Packet) -> dict[str, object]:
    found = packet_of(packet.document.encode())
    assert found is not None
    return dict(found.payload)


def test_it_carries_the_credentials_of_the_period_byte_for_byte(acme: World, review: Review, credential: Credential) -> None:
    packet = closed(acme, review)
    carried = payload(packet)["credentials"]
    assert [one["document"] for one in carried] == [credential.document]  # type: ignore[attr-defined]
    assert [one["state"] for one in carried] == ["verified"]  # type: ignore[attr-defined]


def test_offline_with_the_key_of_the_letter_it_is_verified(acme: World, review: Review, credential: Credential) -> None:
    packet = closed(acme, review)
    report = offline(packet.document, key=key_of(packet.document))
    assert report.verdict is Verdict.VERIFIED, report.to_json()


def test_offline_without_a_key_nobody_can_know_whose_it_is(acme: World, review: Review, credential: Credential) -> None:
    report = offline(closed(acme, review).document)
    assert report.verdict is Verdict.UNKNOWN
    assert report.unknown == ["issuer"]


def test_online_it_is_verified_and_says_that_nothing_changed(acme: World, review: Review, credential: Credential) -> None:
    report = online(closed(acme, review).document)
    assert report.ok, report.to_json()
    assert report.warnings == ("Nothing changed since then: each credential stands as it did.",)


def test_online_it_names_what_was_taken_back_since(acme: World, review: Review, credential: Credential) -> None:
    packet = closed(acme, review)
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    report = online(packet.document)
    assert report.ok
    assert "verified on that day and is revoked now" in report.warnings[0]


def test_what_was_paused_on_that_day_is_carried_as_paused(acme: World, review: Review, credential: Credential) -> None:
    pause(credential, actor=acme.steward, reason="A question")
    packet = closed(acme, review)
    assert "was paused on" in offline(packet.document, key=key_of(packet.document)).check(Axis.STATUS).sentence


def test_a_packet_signed_by_somebody_else_is_refused_by_the_known_key(
    acme: World, globex: World, review: Review, credential: Credential
) -> None:
    packet = closed(acme, review)
    report = offline(packet.document, key="z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
    assert report.failed == ["issuer"]


def test_every_byte_that_is_altered_is_found(acme: World, review: Review, credential: Credential) -> None:
    packet = closed(acme, review)
    data, key = packet.document.encode(), key_of(packet.document)
    chosen = random.Random(26)
    header, body, _ = (len(part) for part in packet.document.split("."))
    # Half of the header, the whole signature, and a sample of the long middle.
    places = [*range(0, header + 1, 2), *chosen.sample(range(header + 1, header + body), 60), *range(header + body + 1, len(data))]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.\n "
    for place in places:
        other = chosen.choice([one for one in alphabet if one != data[place]])
        altered = data[:place] + bytes([other]) + data[place + 1 :]
        assert not _verified(altered, key), place


def _verified(data: bytes, key: str) -> bool:
    try:
        return offline(data, key=key).ok
    except FormatError:
        return False


def test_each_side_decides_what_of_theirs_goes_in(acme: World, review: Review) -> None:
    packet = closed(acme, review, person=Consent(includes_words=False), manager=Consent(includes_words=True))
    said = payload(packet)["review"]
    assert [one["part"] for one in said["words"]] == ["Manager's review"]  # type: ignore[index]
    assert said["agreement"] == "Lead the next move too."  # type: ignore[index]


def test_either_side_keeps_the_agreement_out(acme: World, review: Review) -> None:
    packet = closed(acme, review, person=Consent(includes_agreement=False))
    assert "agreement" not in payload(packet)["review"]  # type: ignore[operator]


def test_disagreement_cannot_be_left_out_by_the_other_side(acme: World, review: Review) -> None:
    packet = closed(acme, review, person=Consent(disagreement="The rig was late, not I."))
    confirmed = payload(packet)["review"]["confirmed"]  # type: ignore[index]
    assert [one.get("disagreement") for one in confirmed] == ["The rig was late, not I.", None]


def test_only_the_two_get_it(acme: World, review: Review) -> None:
    closed(acme, review)
    review = again(review)
    assert packet_for(review, acme.member) is not None
    assert packet_for(review, acme.manager) is not None
    assert packet_for(review, acme.steward) is None


def test_a_manager_who_moves_on_gets_it_no_more(acme: World, review: Review) -> None:
    closed(acme, review)
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    assert packet_for(again(review), acme.manager) is None
    # The new manager did not confirm it.
    assert packet_for(again(review), acme.steward) is None


def test_signing_twice_changes_nothing(acme: World, review: Review) -> None:
    packet = closed(acme, review)
    assert not sign_packet(packet.pk)
    assert Packet.objects.get(pk=packet.pk).document == packet.document


def test_closing_again_makes_another_packet_and_the_first_stays_true(acme: World, review: Review, credential: Credential) -> None:
    first = closed(acme, review)
    reopen(again(review), reason="A target was left out", actor=acme.member)
    assert packet_for(again(review), acme.member) is None
    second = closed(acme, again(review))
    assert second.pk != first.pk
    assert offline(first.document, key=key_of(first.document)).ok


def test_what_was_given_outside_of_the_period_is_not_in_it(acme: World, review: Review, version: AchievementVersion) -> None:
    given = award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    Credential.objects.filter(award__run=given.run).update(valid_from=timezone.now() - timedelta(days=900))
    assert payload(closed(acme, review))["credentials"] == []


def test_a_credential_is_no_packet_and_a_packet_no_credential(acme: World, review: Review, credential: Credential) -> None:
    packet = closed(acme, review)
    assert packet_of(credential.document.encode()) is None
    report = verify(packet.document, fetch=refuse, at=timezone.now())
    assert report.check(Axis.INTEGRITY).outcome is Outcome.FAILED


@pytest.mark.parametrize("data", [b"", b"ey", b"ey.ey.ey", b"{}", b"\x89PNG\r\n\x1a\n"])
def test_anything_else_is_left_to_others(data: bytes) -> None:
    assert packet_of(data) is None
