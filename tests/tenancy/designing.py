"""Badge art and press-out sheets."""

from collections.abc import Mapping

from hexmark.issuing.models import Credential
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A picture of the first version, and the sheet of somebody who is not the member."""
    return {"number": "1", "name": "96", "form": "webp", "kind": "full"}


AREA = Area(
    public=frozenset({"glyph_sprite"}),
    own=frozenset({"my_sheet"}),
    of_a_thing=frozenset({"person_sheet", "team_sheet", "catalogue_design", "catalogue_glyphs", "art_preview"}),
    values=values,
)
