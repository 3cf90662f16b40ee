"""Second factors: their secrets sealed at rest, their codes drawn, and who needs one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from hexmark.keys.sealing import Sealed, seal, unseal
from hexmark.keys.store import key_encryption_key
from hexmark.people.models import Account

_BOUND_TO = b"hexmark second factor"
#: Recovery codes alone are no factor: they only stand in for one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """How the sign-in library keeps and shows second factors here."""

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows beside the code: where it belongs."""
        return urlsplit(settings.PUBLIC_URL).hostname or "Hexmark"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the address from the settings, whatever host the request named."""
        host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        return {"id": host, "name": host}

    def build_totp_svg(self, url: str) -> str:
        """A code with a light ground of its own, so that it can be read on dark pages too."""
        output = io.BytesIO()
        segno.make(url, error="m").save(output, kind="svg", scale=5, border=4, light="#ffffff", dark="#000000")
        return output.getvalue().decode("utf-8")

    def encrypt(self, text: str) -> str:
        """The secret, sealed with the key-encryption key: a copy of the database opens no account."""
        sealed = seal(text.encode(), key_encryption_key=key_encryption_key(), bound_to=_BOUND_TO)
        return json.dumps([base64.b64encode(part).decode("ascii") for part in (sealed.ciphertext, sealed.wrapped_data_key)])

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        ciphertext, wrapped = (base64.b64decode(part) for part in json.loads(encrypted_text))
        sealed = Sealed(ciphertext=ciphertext, wrapped_data_key=wrapped)
        return unseal(sealed, key_encryption_key=key_encryption_key(), bound_to=_BOUND_TO).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002  # its name is the library's
        """A first name for a new passkey, which its owner may change."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Passkey" if not count else f"Passkey {count + 1}"


def has_factor(account: Account) -> bool:
    """Whether an app or a passkey protects the account."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists())


def accounts_with_factor(account_ids: Iterable[int]) -> set[int]:
    """Those of these accounts that an app or a passkey protects."""
    found = Authenticator.objects.filter(user_id__in=list(account_ids), type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))
