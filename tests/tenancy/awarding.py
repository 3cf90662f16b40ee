"""Awarding, and what was awarded."""

from collections.abc import Mapping

from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A run that waits, and a signed award."""
    waiting = award(credential.award.version, to=[acme.manager_person], actor=acme.steward).run
    return {"run_id": waiting.public_id, "award_id": credential.award.public_id}


AREA = Area(
    of_the_organisation=frozenset({"award_new", "awards"}),
    of_a_thing=frozenset("run run_undo run_release manage_award revoke pause lift".split()),
    values=values,
)
