"""The catalogue."""

from collections.abc import Mapping

from hexmark.catalogue.actions import begin_version
from hexmark.issuing.models import Credential
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A published achievement with an open draft."""
    achievement = credential.award.version.achievement
    begin_version(achievement, actor=acme.steward)
    return {"slug": achievement.slug}


AREA = Area(
    of_the_organisation=frozenset(
        {"catalogue", "catalogue_new", "catalogue_health", "catalogue_import", "catalogue_export", "organisation"}
    ),
    of_a_thing=frozenset(
        """
        catalogue_edit catalogue_picture catalogue_retire catalogue_discard catalogue_new_version
        catalogue_preview catalogue_changes catalogue_duplicate catalogue_listing
        """.split()
    ),
    members_may=frozenset({("get", "catalogue"), ("get", "catalogue_edit"), ("get", "catalogue_picture"), ("get", "catalogue_changes")}),
    values=values,
)
