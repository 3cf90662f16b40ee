"""What the sign-in library asks of us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from hexmark.mail.actions import queue
from hexmark.mail.letters import Letter
from hexmark.people.accounts import language_of
from hexmark.people.models import Account
from hexmark.web.confirmation import was_confirmed_lately

#: What the mail says happened, by the library's own name of the notice.
NOTICES = {
    "account/email/password_changed": "password",
    "account/email/password_set": "password",
    "account/email/password_reset": "password",
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by set-up and by claiming, never by a sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To one's own badges."""
        return reverse("me")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To the front page."""
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the settings, where one came from."""
        return reverse("my_settings")

    def add_message(self, request: HttpRequest, *arguments: object, **named: object) -> None:
        """What happened can be seen by itself: no message."""

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whoever signed in a moment ago is not asked a second time."""
        return not was_confirmed_lately(self.request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail: at the address from the settings, whatever host the request named."""
        uidb36, _, token = key.partition("-")
        return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """A letter with a link that works once waits in the outbox."""
        assert isinstance(user, Account)
        given = {"email": email, "link": context["password_reset_url"]}
        queue(Letter(email, "password_reset", language_of(user), given, organisation_id=None, about="password reset", secret=True))

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Whoever holds the account hears that how it is signed in to was changed."""
        assert isinstance(user, Account)
        address = email or EmailAddress.objects.get_primary_email(user)
        if address:
            given = {"email": user.email, "what": NOTICES.get(template_prefix, "")}
            queue(Letter(address, "sign_in_changed", language_of(user), given, organisation_id=None, about="sign-in changed"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing else is sent: the library's own texts know nothing of our outbox."""
