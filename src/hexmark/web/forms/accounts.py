"""Forms of signing in and of passwords: the sign-in library's, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms

HINT_FOR_A_NEW_ONE = "At least 12 characters. A few words are better than a riddle."


def _label(form: forms.Form, **labels: str) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    for name, label in labels.items():
        form.fields[name].label = label


def _one_new_password(form: forms.Form) -> None:
    """Browsers show what is typed: typing it twice only teaches people to copy it."""
    del form.fields["password2"]
    _label(form, password1="New password")
    form.fields["password1"].help_text = HINT_FOR_A_NEW_ONE


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password, in our words."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _label(self, login="E-mail address")


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _one_new_password(self)
        _label(self, oldpassword="Current password")


class FirstPassword(SetPasswordForm):  # type: ignore[misc]
    """A password for an account that had none."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _one_new_password(self)


class ForgottenPassword(ResetPasswordForm):  # type: ignore[misc]
    """Where the link goes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _label(self, email="E-mail address")


class NewPassword(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password by the link of a mail."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _one_new_password(self)


class ConfirmWithPassword(ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something that matters."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _label(self)
        self.fields["password"].label = "Password"


class DetailsForm(forms.Form):
    """What a human says about themselves."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label="Language of mails", help_text="Mails to you are written in this language.")

    def __init__(self, *arguments: Any, languages: dict[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(languages.items())


class ElsewhereForm(forms.Form):
    """An address, to find where its organisation signs in."""

    email = forms.EmailField(
        label="Your e-mail address at work", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
