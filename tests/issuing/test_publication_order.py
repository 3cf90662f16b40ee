"""Status lists follow each other in time, whoever publishes them and whatever the clock does."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone
from tests.world import World, run_jobs

from hexmark.issuing.actions import _published, publish_status_list, revoke
from hexmark.issuing.models import Credential, StatusList
from hexmark.keys import signer
from hexmark.openbadges import timestamps


def test_a_list_never_begins_before_the_one_that_it_replaces(acme: World, credential: Credential) -> None:
    later = timezone.now().replace(microsecond=0) + timedelta(seconds=90)
    StatusList.objects.filter(purpose="revocation").update(published_at=later)
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    listed = StatusList.objects.get(purpose="revocation")
    assert listed.published_revision == listed.revision == 2
    assert timestamps.parse(json.loads(listed.document)["validFrom"]) == listed.published_at == later


def test_a_list_that_was_built_earlier_never_replaces_one_that_begins_later(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    listed = StatusList.objects.get(purpose="revocation")
    [(_, built_earlier)] = signer.sign("status list", [listed.pk])
    StatusList.objects.filter(pk=listed.pk).update(published_at=timezone.now().replace(microsecond=0) + timedelta(seconds=5))
    assert not _published(listed, listed.revision, built_earlier)
    assert publish_status_list(listed)
