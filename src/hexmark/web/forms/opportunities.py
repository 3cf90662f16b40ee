"""Forms of opportunities."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from hexmark.opportunities.interest_tables import LONGEST_NOTE, LONGEST_REASON, Interest
from hexmark.opportunities.models import LONGEST_TEXT, LONGEST_TITLE, Opportunity
from hexmark.opportunities.offering import LONGEST_LINE, MOST_PLACES, Offer
from hexmark.organisations.models import Organisation
from hexmark.web.forms.people import day_field

_ADDRESS = re.compile(r"^https?://[^/]+/o/([a-z0-9-]+)/?$")
MOST_SHARED = 50


def _words(label: str, hint: str = "", *, required: bool = False, longest: int = LONGEST_REASON, rows: int = 3) -> forms.CharField:
    missing = {"required": "Give a reason: it is told to whom it concerns, and kept."}
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=longest, widget=area, error_messages=missing)


class OfferForm(forms.Form):
    """What an opening is. Who can apply has a page of its own."""

    kind = forms.ChoiceField(label="Kind", choices=Opportunity.Kind.choices, initial=Opportunity.Kind.POST)
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE, error_messages={"required": "A title is needed."})
    text = forms.CharField(
        label="What it is",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Markdown: **strong**, *emphasis*, lists with hyphens, links in brackets.",
    )
    place = forms.CharField(label="Where", required=False, max_length=LONGEST_LINE)
    effort = forms.CharField(label="How much", required=False, max_length=LONGEST_LINE, help_text="“Two days a week for three months”.")
    starts_on = day_field("Starts on")
    ends_on = day_field("Ends on")
    places = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=MOST_PLACES, help_text="Empty where nobody has said."
    )
    contact = forms.CharField(label="Who answers questions", required=False, max_length=LONGEST_LINE)
    open_from = day_field("Takes interest from", "Empty: from the moment at which you open it.")
    closes_on = day_field("Takes interest until", "The last day, which counts, where your organisation is.")
    audience = forms.ChoiceField(label="Who sees it", choices=Opportunity.Audience.choices, initial=Opportunity.Audience.STAFF)
    shared = forms.CharField(
        label="Other organisations whose people see it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A line for each: their name here, or the address of their page (/o/…). Counts for “Staff and our network”.",
    )

    def __init__(self, *arguments: Any, own: Organisation, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._own = own

    def clean_shared(self) -> list[Organisation]:
        """The organisations that were named."""
        lines = [line.strip() for line in self.cleaned_data["shared"].splitlines() if line.strip()]
        if len(lines) > MOST_SHARED:
            raise forms.ValidationError(f"At most {MOST_SHARED} organisations.")
        return [self._organisation(line) for line in dict.fromkeys(lines)]

    def offer(self) -> Offer:
        """What was written."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "shared"}
        return Offer(**given)

    def _organisation(self, line: str) -> Organisation:
        address = _ADDRESS.match(line)
        found = Organisation.objects.filter(slug=address[1]) if address else Organisation.objects.filter(name__iexact=line)
        one = found.first() or Organisation.objects.filter(slug=line.lower()).first()
        if one is None or one.pk == self._own.pk:
            raise forms.ValidationError(f"No other organisation here is called “{line[:80]}”.")
        return one


def initial_of(opportunity: Opportunity) -> dict[str, Any]:
    """What the form shows of an opening that there is."""
    offer = Offer.of(opportunity)
    shared = Organisation.objects.filter(offered_opportunities__opportunity=opportunity).order_by("name")
    return {name: getattr(offer, name) for name in offer.__slots__} | {"shared": "\n".join(one.name for one in shared)}


class RaiseForm(forms.Form):
    """A hand, with what its owner wants to say."""

    note = _words("What you would like to say", "Whoever offers it reads this. You need not write anything.", longest=LONGEST_NOTE)
    shows = forms.BooleanField(
        label="Show them this", required=False, widget=forms.CheckboxInput(), error_messages={"required": "Agree to what is shown first."}
    )


class AskConsentForm(forms.Form):
    """A question to one's manager."""

    note = _words("What you would like to say to your manager", "You need not write anything.")


class AskWaiverForm(forms.Form):
    """A part that somebody asks not to have to meet."""

    part = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    reason = _words("Why it should not be asked of you", "Whoever offers it reads this and decides.", required=True)


class AnswerWaiverForm(forms.Form):
    """Waived or not, and why."""

    granted = forms.ChoiceField(label="Answer", choices=[("yes", "Waive it"), ("no", "Do not waive it")])
    answer = _words("Why", "The person is told these words.", required=True, rows=2)


class DecideForm(forms.Form):
    """Chosen or not, and why."""

    decision = forms.ChoiceField(label="Decision", choices=Interest.Decision.choices)
    reason = _words("Why", "The person is told these words, in ten minutes.", required=True, rows=2)


class AnswerConsentForm(forms.Form):
    """A manager's answer."""

    answer = forms.ChoiceField(label="Your answer", choices=[("give", "I agree"), ("refuse", "I do not agree")])
    reason = _words("Reason", "The person is told these words. Needed where you do not agree.", rows=2)
