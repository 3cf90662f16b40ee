"""The set-up form."""

from django import forms

from hexmark.organisations.models import slug_validator


class SetUpForm(forms.Form):
    """The first organisation and its first badge administrator."""

    organisation = forms.CharField(label="Organisation", max_length=200, help_text="As it should stand on badges.")
    slug = forms.CharField(
        label="Short name",
        max_length=60,
        validators=[slug_validator],
        help_text="Small letters, digits and hyphens. It becomes part of the organisation's signing identity and cannot be changed.",
    )
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label="Password",
        max_length=128,
        strip=False,
        help_text="At least 12 characters. A few words are better than a riddle.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
