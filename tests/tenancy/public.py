"""Pages that need no account, and signing in."""

from tests.tenancy.area import Area

AREA = Area(
    public=frozenset(
        """
        home award award_file achievement achievement_version achievement_image achievement_picture issuer did_document status_list
        verify setup
        account_login account_logout account_signup account_inactive styleguide health
        """.split()
    )
)
