"""Forms of keys for programs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from hexmark.access import Scope
from hexmark.organisations.rules import LONGEST_KEY_LABEL

#: What a scope is for, in words of the page.
SCOPE_WORDS = {
    Scope.BADGE_READ: ("Read awards", "The catalogue, what was awarded, signed files and their state."),
    Scope.BADGE_AWARD: ("Award", "Without the ten minutes in which a person can undo it."),
    Scope.BADGE_REVOKE: ("Revoke and pause", "With a reason, which the person is told."),
    Scope.CATALOGUE_WRITE: ("Edit the catalogue", "Begin, edit, publish and retire."),
    Scope.PEOPLE_READ: ("Read people", "Names, addresses and teams."),
    Scope.PEOPLE_WRITE: ("Change people", "Add them, change their records, mark them as left. It gives nobody access."),
    Scope.MEASURES_READ: ("Read figures", "What is measured, its values, and the records that they are counted from."),
    Scope.MEASURES_WRITE: ("Bring figures", "Values and records. Earlier ones stay to be read."),
    Scope.TARGETS_READ: ("Read targets", "What was agreed with whom, and what became of it."),
    Scope.TARGETS_WRITE: ("Set targets", "Propose them, comment and withdraw. Only people agree."),
    Scope.OPPORTUNITIES_READ: ("Read opportunities", "What is offered, and who is interested."),
    Scope.OPPORTUNITIES_WRITE: ("Offer opportunities", "Write them, open and close them, and decide about who is interested."),
    Scope.EVENTS_READ: ("Follow events", "Everything that the log says."),
    Scope.VERIFY: ("Verify more often", "Anybody may verify; a key may do it more often."),
    Scope.VC_API: ("Have documents signed (VC-API)", "Whatever it writes is signed in your name, where “Signing” opens that."),
}
DAYS = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "No end")]


class NewKeyForm(forms.Form):
    """A key is for one program, and can do as little as that program needs."""

    label = forms.CharField(
        label="What it is for", max_length=LONGEST_KEY_LABEL, help_text="The program and where it runs, such as “Course platform, live”."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, SCOPE_WORDS[scope][0]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that the key may do."},
    )
    days = forms.ChoiceField(label="Ends after", choices=DAYS, required=False, initial="365")

    def scope_cards(self) -> list[dict[str, Any]]:
        """Each scope with what it means, the chosen ones marked."""
        chosen = self["scopes"].value() or []
        return [
            {"value": scope.value, "title": title, "hint": hint, "chosen": scope.value in chosen}
            for scope, (title, hint) in SCOPE_WORDS.items()
        ]

    def scopes_chosen(self) -> list[Scope]:
        """The scopes of a form that is valid."""
        return [Scope(value) for value in self.cleaned_data["scopes"]]

    def expires_at(self) -> datetime | None:
        """The last moment of the key."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None
