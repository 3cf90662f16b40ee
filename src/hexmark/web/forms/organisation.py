"""What an organisation says of itself, and its words."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms

from hexmark.organisations.assurance import Assurance
from hexmark.organisations.editing import LONGEST_WORD, SETTINGS
from hexmark.organisations.models import Organisation
from hexmark.organisations.rules import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_WEBSITE


def _zones() -> list[tuple[str, str]]:
    """Regions only: the others are old names of the same."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")]


def _word(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_WORD, help_text=hint)


class OrganisationForm(forms.Form):
    """Every setting that the organisation changes itself."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME, help_text="As it stands in what is signed from now on.")
    description = forms.CharField(
        label="What it is",
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences for the public page.",
    )
    website = forms.URLField(label="Website", max_length=LONGEST_WEBSITE, required=False, assume_scheme="https")
    email = forms.EmailField(label="Contact", required=False, help_text="Public: it stands in what is signed and on the public page.")
    time_zone = forms.ChoiceField(label="Time zone", choices=_zones, help_text="Days begin and end here: the last valid day, too.")
    assessed_from = forms.ChoiceField(
        label="Counts as assessed from",
        choices=Assurance.choices,
        help_text="For what is published from now on. What is published already keeps its word.",
    )
    word_badge = _word("One of either kind", "“New …”, “Who holds this …”")
    word_badge_plural = _word("Several of either kind", "“My …”")
    word_unassessed = _word("One that nobody judged")
    word_unassessed_plural = _word("Several that nobody judged")
    word_assessed = _word("One that was judged")
    word_assessed_plural = _word("Several that were judged")

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data, initial={name: getattr(organisation, name) for name in SETTINGS})
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        if organisation.time_zone not in dict(_zones()):
            # An old name that was chosen elsewhere is kept until somebody chooses another.
            zones.choices = [(organisation.time_zone, organisation.time_zone), *_zones()]
