"""Reading credentials: what a list of them brings along."""

from __future__ import annotations

from typing import Any

from tests.world import World

from hexmark.issuing.models import Credential
from hexmark.issuing.queries import issued_credentials, manageable_credential


def test_lists_leave_the_signed_text_where_it_is(acme: World, credential: Credential) -> None:
    assert [one.get_deferred_fields() for one in issued_credentials(acme.steward)] == [{"document"}]
    managed: Any = manageable_credential(acme.steward, credential.award.public_id)
    assert managed.get_deferred_fields() == set()
    assert managed.document == credential.document
