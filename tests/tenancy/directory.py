"""The public directory."""

from tests.tenancy.area import Area

AREA = Area(
    public=frozenset(
        """
        directory directory_json catalog_json directory_atom issuer_atom achievement_atom site_map site_map_part robots
        earners register
        """.split()
    )
)
