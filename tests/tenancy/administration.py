"""Running the installation, and one's own sign-in."""

from collections.abc import Mapping

from hexmark.issuing.models import Credential
from hexmark.mail.actions import queue
from hexmark.mail.letters import Letter
from hexmark.organisations.sign_in import add_provider
from tests.tenancy.area import Area
from tests.world import World

PROVIDER = {"label": "Acme login", "issuer": "https://login.acme.example", "client_id": "hexmark", "secret": "s", "domains": "acme.example"}


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A link of a mail, somebody's session and passkey, a message that waits, and a provider."""
    context = {"sender": "Acme", "name": "Ben"}
    message = queue(Letter("ben@acme.example", "test", "en", context, organisation_id=acme.organisation.pk))
    provider = add_provider(acme.organisation, **PROVIDER, actor=acme.steward)
    return {
        "uidb36": "1",
        "key": "never-was",
        "session_id": "1",
        "pk": "1",
        "message_id": message.public_id,
        "provider_id": provider.public_id,
    }


AREA = Area(
    public=frozenset(
        """
        mfa_authenticate mfa_login_webauthn account_reset_password account_reset_password_done account_reset_password_from_key
        account_reset_password_from_key_done sign_in_with sign_in_back sign_in_connect
        sign_in_elsewhere sign_in_organisation ready version
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
    of_the_organisation=frozenset(
        """
        administration administration_access administration_sign_in administration_provider_add
        administration_keys administration_signing administration_mail administration_letters administration_jobs administration_audit
        administration_audit_csv
        """.split()
    ),
    of_a_thing=frozenset(
        """
        administration_message administration_message_preview administration_message_again administration_message_cancel
        administration_provider administration_provider_domains administration_provider_remove
        administration_check administration_access_end administration_invite
        """.split()
    ),
    values=values,
)
