"""Forms of second factors: the sign-in library's, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _code(form: forms.Form, label: str, hint: str) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, hint
    field.widget = forms.TextInput(attrs=CODE)


class Authenticate(AuthenticateForm):  # type: ignore[misc]
    """The code that the app shows, or one of the recovery codes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _code(self, "Code", "Six digits from your authenticator app, or one of your recovery codes.")


class Confirm(ReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _code(self, "Code", "Six digits from your authenticator app, or one of your recovery codes.")


class ActivateApp(ActivateTOTPForm):  # type: ignore[misc]
    """The first code proves that the app has the secret."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _code(self, "Code from the app", "Six digits. A new code comes every 30 seconds.")


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A name for it; the browser does the rest."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = "Name"
        self.fields["name"].help_text = "So that you know it again, such as “Work laptop”."
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without a password"
        passwordless.help_text = "It then asks for your finger, face or PIN."
        self.initial.setdefault("passwordless", True)
