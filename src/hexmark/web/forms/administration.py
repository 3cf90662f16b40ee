"""Forms of administration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from hexmark.access import Access
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.sign_in import LONGEST_LABEL, LONGEST_TEXT
from hexmark.people.models import Membership

#: Beyond these, a day more or less would be no date at all.
_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class AccessForm(forms.Form):
    """Somebody, by address, and the access they get."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Of somebody who is in People already.",
    )
    access = forms.ChoiceField(label="Access", choices=[choice for choice in Membership.ACCESS_CHOICES if choice[0] != Access.MEMBER])


class ProviderForm(forms.Form):
    """An identity provider."""

    label = forms.CharField(label="Name on the button", max_length=LONGEST_LABEL, help_text="Such as “Sign in with Example”.")
    issuer = forms.CharField(
        label="Issuer",
        max_length=LONGEST_TEXT,
        widget=forms.URLInput(attrs={"placeholder": "https://login.example.org/realm"}),
        help_text="The address that the provider calls itself by. It cannot be changed afterwards.",
    )
    client_id = forms.CharField(label="Client id", max_length=LONGEST_TEXT, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(
        label="Client secret",
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="It is kept encrypted and never shown again.",
    )
    domains = forms.CharField(
        label="E-mail domains",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text="The provider is believed only about addresses in these, and only once you proved that they are yours.",
    )
    active = forms.BooleanField(label="People can sign in with it", required=False, initial=True)

    def __init__(self, data: Any = None, *, provider: IdentityProvider | None = None) -> None:
        initial = {}
        if provider is not None:
            initial = {"label": provider.label, "client_id": provider.client_id, "active": provider.active}
            initial["domains"] = "\n".join(provider.domains)
        super().__init__(data, initial=initial)
        if provider is None:
            del self.fields["active"]
        else:
            del self.fields["issuer"]
            self.fields["secret"].required = False
            self.fields["secret"].help_text = "Leave it empty to keep the one that is there."


class AuditForm(forms.Form):
    """What is looked for in the log."""

    kind = forms.ChoiceField(label="What happened", required=False)
    actor = forms.CharField(label="Who", required=False, max_length=200)
    thing = forms.CharField(label="About what", required=False, max_length=64, help_text="An id.")
    since = forms.DateField(label="From", required=False, validators=_DAYS, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, validators=_DAYS, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Anything"), *kinds]
