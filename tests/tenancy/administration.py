"""Running the installation, and one's own sign-in."""

from collections.abc import Mapping

from hexmark.issuing.models import Credential
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A link of a mail, and somebody's session and passkey."""
    return {"uidb36": "1", "key": "never-was", "session_id": "1", "pk": "1"}


AREA = Area(
    public=frozenset(
        """
        mfa_authenticate mfa_login_webauthn account_reset_password account_reset_password_done account_reset_password_from_key
        account_reset_password_from_key_done
        """.split()
    ),
    own=frozenset(
        """
        my_settings my_session_end my_sessions_end account_change_password account_set_password account_reauthenticate
        mfa_reauthenticate mfa_reauthenticate_webauthn mfa_index mfa_activate_totp mfa_deactivate_totp mfa_list_webauthn
        mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn mfa_view_recovery_codes mfa_download_recovery_codes
        mfa_generate_recovery_codes
        """.split()
    ),
    values=values,
)
