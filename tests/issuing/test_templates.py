"""Awards are signed through templates: the bytes are those of the plain path, whatever differs from award to award."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.documents import unsigned_credentials
from hexmark.issuing.models import Credential, StatusList
from hexmark.keys import signer
from hexmark.keys.store import make_key, open_active_key
from hexmark.openbadges import strict_json
from hexmark.openbadges.proofs import add_proof
from hexmark.openbadges.template import BadgeTemplate, BadgeTemplates, Watch, fill
from hexmark.verification import verify


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[BadgeTemplate]:
    """A signer without any template yet, and every template that is compiled."""
    monkeypatch.setattr(signer, "_TEMPLATES", BadgeTemplates(watch=Watch(alarm=signer._alarm)))
    found: list[BadgeTemplate] = []
    compile_ = BadgeTemplate.compile

    def noted(document: dict[str, Any], **given: Any) -> BadgeTemplate:
        found.append(compile_(document, **given))
        return found[-1]

    monkeypatch.setattr(BadgeTemplate, "compile", noted)
    return found


def unsign() -> list[int]:
    """Every credential is as it was before it was signed; returns their keys in order."""
    Credential.objects.update(issued_at=None)
    return list(Credential.objects.order_by("pk").values_list("pk", flat=True))


def plainly(row_ids: list[int]) -> dict[int, str]:
    """What the plain path signs for these rows."""
    signed = {}
    for row in unsigned_credentials(row_ids):
        key = open_active_key(row.organisation_id)
        method = signer.verification_method(row.controller, key.public.multibase)
        document = add_proof(fill(row.document, row.values), key=key, verification_method=method, created=row.created)
        signed[row.row_id] = strict_json.dump(document).decode()
    return signed


def assert_signed_as_plainly() -> None:
    stored = dict(Credential.objects.values_list("pk", "document"))
    row_ids = unsign()
    assert plainly(row_ids) == stored
    assert {row_id: signed.text for row_id, signed in signer.sign("credential", row_ids)} == stored


def test_many_awards_of_one_run_are_the_bytes_of_the_plain_path(acme: World, version: AchievementVersion, compiled: list[BadgeTemplate]):
    award(version, to=[acme.person(f"Colleague {n}") for n in range(25)], actor=acme.system, narrative='Led "every" talk.\nIn rain, too.')
    run_jobs()
    assert Credential.objects.issued().count() == 25
    assert len(compiled) == 1
    assert_signed_as_plainly()


def test_each_outline_of_an_award_is_the_bytes_of_the_plain_path(acme: World, version: AchievementVersion) -> None:
    kiln = acme.achievement("Kiln Safety", validity_months=24, tags=["kiln", "heat"])
    for number, (badge, narrative) in enumerate(
        [(version, ""), (version, "Well done."), (kiln, ""), (kiln, "Well done."), (kiln, "Safety Champion")]
    ):
        award(badge, to=[acme.person(f"Colleague {number}")], actor=acme.system, narrative=narrative)
    run_jobs()
    backdated = Credential.objects.order_by("pk")[0]
    Credential.objects.filter(pk=backdated.pk).update(valid_from=backdated.valid_from - timedelta(days=3))
    row_ids = unsign()
    assert {row_id: signed.text for row_id, signed in signer.sign("credential", row_ids)} == plainly(row_ids)


def test_a_narrative_that_says_what_the_badge_says_is_signed_all_the_same(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.system, narrative=version.description)
    run_jobs()
    [document] = Credential.objects.values_list("document", flat=True)
    assert strict_json.parse(document)["credentialSubject"]["narrative"] == version.description
    assert_signed_as_plainly()


def test_a_narrative_that_looks_like_a_slot_stays_as_it_was_written(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.system, narrative="urn:x-hexmark-slot:salt:")
    run_jobs()
    [document] = Credential.objects.values_list("document", flat=True)
    assert strict_json.parse(document)["credentialSubject"]["narrative"] == "urn:x-hexmark-slot:salt:"
    assert verify(document, fetch=served, at=timezone.now()).ok


def test_two_organisations_and_two_badges_do_not_mix(acme: World, globex: World, compiled: list[BadgeTemplate]) -> None:
    for world in (acme, globex):
        for name in ("First Aid", "Kiln Safety"):
            award(world.achievement(name), to=[world.member_person, world.manager_person], actor=world.system)
    run_jobs()
    assert len(compiled) == 4
    for document in Credential.objects.values_list("document", flat=True):
        report = verify(document, fetch=served, at=timezone.now())
        assert report.ok, report.to_json()
    assert_signed_as_plainly()


def test_after_a_new_key_awards_are_signed_with_it_by_the_same_template(
    acme: World, version: AchievementVersion, compiled: list[BadgeTemplate]
):
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    make_key(acme.organisation, actor=acme.system)
    award(version, to=[acme.manager_person], actor=acme.system)
    run_jobs()
    documents = [strict_json.parse(text) for text in Credential.objects.order_by("pk").values_list("document", flat=True)]
    methods = {document["proof"][0]["verificationMethod"] for document in documents}
    assert len(methods) == 2
    assert len(compiled) == 1
    assert all(verify(document, fetch=served, at=timezone.now()).ok for document in documents)


def test_a_changed_profile_of_the_issuer_is_a_template_of_its_own(acme: World, version: AchievementVersion, compiled: list[BadgeTemplate]):
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    type(acme.organisation).objects.filter(pk=acme.organisation.pk).update(name="Acme Works")
    award(version, to=[acme.manager_person], actor=acme.system)
    run_jobs()
    names = [strict_json.parse(text)["issuer"]["name"] for text in Credential.objects.order_by("pk").values_list("document", flat=True)]
    assert names == ["Acme", "Acme Works"]
    assert len(compiled) == 2


def test_a_status_list_is_signed_without_a_template(credential: Credential, compiled: list[BadgeTemplate]) -> None:
    compiled.clear()
    [status_list] = StatusList.objects.filter(purpose="revocation")
    [(row_id, signed)] = signer.sign("status list", [status_list.pk])
    assert row_id == status_list.pk
    assert strict_json.parse(signed.text) == signed.document
    assert compiled == []


def test_what_is_signed_reads_as_a_document_and_keeps_its_text(acme: World, credential: Credential) -> None:
    [row_id] = unsign()
    [(signed_id, signed)] = signer.sign("credential", [row_id])
    assert signed_id == row_id
    assert signed.document == strict_json.parse(signed.text)
    assert strict_json.dump(signed.document).decode() == signed.text == credential.document


def test_a_wrong_template_is_noticed_logged_and_not_asked_again(acme: World, version: AchievementVersion, monkeypatch, caplog) -> None:
    monkeypatch.setattr(signer, "_TEMPLATES", BadgeTemplates(watch=Watch(alarm=signer._alarm, every=1)))
    sign = BadgeTemplate.sign
    monkeypatch.setattr(BadgeTemplate, "sign", lambda *given, **named: sign(*given, **named).replace("Safety", "Danger"))
    with caplog.at_level(logging.CRITICAL, logger="hexmark.keys"):
        award(version, to=[acme.member_person, acme.manager_person], actor=acme.system)
        run_jobs()
    assert len(caplog.records) == 1
    assert "switched off" in caplog.records[0].getMessage()
    assert not signer._TEMPLATES._watch.trusted
    assert_signed_as_plainly()
