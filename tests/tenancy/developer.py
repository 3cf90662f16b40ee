"""Keys for programs."""

from collections.abc import Mapping

from hexmark.access import Scope
from hexmark.issuing.models import Credential
from hexmark.organisations.actions import make_api_key
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A key that works."""
    made = make_api_key(acme.organisation, label="Course platform", scopes=[Scope.BADGE_READ], actor=acme.steward)
    return {"key_id": made.key.public_id}


AREA = Area(
    of_the_organisation=frozenset({"developer", "developer_key_new"}),
    of_a_thing=frozenset({"developer_key_revoke"}),
    values=values,
)
