"""Examining every credential: what holds, what does not and why, each as its row says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.examination import Figures, examine
from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.restoring import close_registers
from hexmark.keys.models import StoredKey
from hexmark.organisations.actions import rotate_key


def found() -> Figures:
    """What examining everything finds."""
    return examine(progress=lambda done, total: None)


@pytest.fixture
def four(acme: World, version: AchievementVersion) -> list[Credential]:
    """Four signed credentials."""
    run = award(version, to=[acme.person(f"Earner {n}") for n in range(4)], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    return list(Credential.objects.select_related("award").order_by("pk"))


def test_each_holds_in_the_state_that_its_row_says(acme: World, four: list[Credential]) -> None:
    revoke(four[0], actor=acme.steward, reason="Awarded in error")
    pause(four[1], actor=acme.steward, reason="Looked at again")
    run_jobs()
    figures = found()
    assert (figures.examined, figures.hold, figures.valid, figures.revoked, figures.paused) == (4, 4, 2, 1, 1)
    assert figures.all_hold


def test_one_that_has_expired_holds_as_expired(acme: World) -> None:
    version = acme.achievement("First Aid", validity_months=12)
    decided_at = timezone.now() - timedelta(days=400)
    run = award(version, to=[acme.member_person], actor=acme.steward, decided_at=decided_at).run
    release_now(run, actor=acme.steward)
    run_jobs()
    assert found().expired == 1
    assert found().all_hold


def test_a_changed_byte_is_found_with_or_without_its_hash(four: list[Credential]) -> None:
    import hashlib

    Credential.objects.filter(pk=four[0].pk).update(document=four[0].document.replace("Safety", "safety", 1))
    forged = four[1].document.replace("Safety", "safety", 1)
    Credential.objects.filter(pk=four[1].pk).update(document=forged, document_sha256=hashlib.sha256(forged.encode()).hexdigest())
    figures = found()
    assert (figures.examined, figures.hold) == (4, 2)
    problems = dict(figures.problems)
    assert problems[four[0].award.public_id] == "The stored file is not the one that was signed."
    assert "not what was signed" in problems[four[1].award.public_id]


def test_what_an_older_key_signed_holds_and_a_key_that_is_lost_is_found(acme: World, four: list[Credential]) -> None:
    rotate_key(acme.organisation, actor=acme.steward)
    assert found().all_hold
    StoredKey.objects.filter(organisation_id=acme.organisation.pk, retired_at__isnull=False).delete()
    assert found().hold == 0


def test_a_revocation_that_nobody_can_see_yet_is_no_fault_but_one_that_is_forgotten_is(acme: World, four: list[Credential]) -> None:
    revoke(four[0], actor=acme.steward, reason="Awarded in error")
    assert found().all_hold, "the list is only to be published"
    run_jobs()
    Credential.objects.filter(pk=four[0].pk).update(revoked_at=None)
    figures = found()
    assert figures.hold == 3
    assert "Revoked" in figures.problems[0][1]


def test_a_status_list_that_is_missing_is_found(four: list[Credential]) -> None:
    StatusList.objects.update(document="")
    assert found().hold == 0


def test_only_some_problems_are_named_and_all_are_counted(four: list[Credential], monkeypatch: Any) -> None:
    monkeypatch.setattr("hexmark.issuing.examination.NAMED", 1)
    Credential.objects.update(document_sha256="0" * 64)
    figures = found()
    assert (len(figures.problems), figures.examined - figures.hold) == (1, 4)


def test_after_a_restore_no_index_of_an_open_register_is_given_out_again(
    acme: World, version: AchievementVersion, four: list[Credential]
) -> None:
    assert close_registers() == 1
    assert close_registers() == 0
    run = award(version, to=[acme.person("Later")], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    later = Credential.objects.latest("pk")
    assert later.register_id != four[0].register_id
    assert later.register.number == four[0].register.number + 1
    assert found().all_hold
