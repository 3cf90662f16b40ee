"""Forms of joining, and of what one holds."""

from __future__ import annotations

from typing import Any

from django import forms

from hexmark.passport import rules
from hexmark.passport.audience import Audience

#: What each audience means, for whoever chooses.
AUDIENCES = {
    Audience.PUBLIC: "Everybody, and it stands on your public page and in lists of holders.",
    Audience.LINK: "Nobody finds it, but whoever has its address can look at it.",
    Audience.ORGANISATION: "People who work at the organisation that gave it to you, once signed in. Not its customers or guests.",
    Audience.ONLY_ME: "You. The organisation still knows that it gave it to you.",
}
_ADVICE = "At least 12 characters. A few words are better than a riddle."


class JoinForm(forms.Form):
    """Who one is, for somebody who has no account yet: a name and a password, and nothing else."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        max_length=128,
        strip=False,
        help_text=_ADVICE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ShareForm(forms.Form):
    """For whom, and how long."""

    name = forms.CharField(
        label="For whom",
        max_length=rules.LONGEST_NAME,
        help_text="For your own list, for instance “Northgate, application”.",
        error_messages={"required": "Say for whom. Only you see it, in your list of codes."},
    )
    days = forms.IntegerField(
        label="Works for how many days",
        min_value=1,
        max_value=rules.LONGEST_TERM_DAYS,
        initial=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class CollectionForm(forms.Form):
    """A collection's name, and a text above it."""

    name = forms.CharField(label="Name", max_length=rules.LONGEST_NAME)
    text = forms.CharField(label="Text above it", required=False, max_length=rules.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))


class ProfileForm(forms.Form):
    """One's public page."""

    handle = forms.CharField(label="Its address", max_length=40, help_text="Small letters, digits and hyphens; it stands behind /p/.")
    headline = forms.CharField(
        label="A line about you", required=False, max_length=rules.LONGEST_HEADLINE, help_text="For instance “Test engineer in Hexham”."
    )
    published = forms.BooleanField(label="Show this page to everybody", required=False)


class AddressForm(forms.Form):
    """One more address."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="A personal one stays yours when you change employer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *arguments: Any, with_password: bool = True, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if with_password:
            self.fields["password"] = forms.CharField(
                label="Your password",
                strip=False,
                max_length=128,
                help_text="Because an address can sign in.",
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )


class MergeForm(forms.Form):
    """The other account."""

    email = forms.EmailField(label="Address of the other account", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label="Password of the other account",
        required=False,
        strip=False,
        max_length=128,
        help_text="Leave it empty to be sent a link to that address instead.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ObjectionForm(forms.Form):
    """What is wrong with it."""

    text = forms.CharField(
        label="What is not right?",
        max_length=rules.LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what is not right."},
    )


class AnswerForm(forms.Form):
    """What the organisation says to it."""

    answer = forms.CharField(
        label="Answer",
        max_length=rules.LONGEST_OBJECTION,
        help_text="They are sent these words. The award stays as it is: lift, or award anew, beside this.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write an answer."},
    )
