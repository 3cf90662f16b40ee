"""Forms about many that were signed: which ones, and what is to be done to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Subquery

from hexmark.access import Actor
from hexmark.awarding.models import Award
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.issuing.models import StatusChange
from hexmark.issuing.selecting import STATES, Selection
from hexmark.people.models import Team

#: Above this many, revoking asks for the number to be typed.
TYPED_ABOVE = 10
_STATES = [("", "Any state"), *((state, state.capitalize()) for state in STATES)]


class SelectionForm(forms.Form):
    """Which awards. Whatever cannot be understood says nothing, so that an old address still shows a list."""

    q = forms.CharField(label="Person or name", required=False, max_length=100)
    what = forms.ChoiceField(label="What", required=False)
    team = forms.ChoiceField(label="Team", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=_STATES)
    since = forms.DateField(label="Awarded from", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="Awarded until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *arguments: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        awarded = Achievement.objects.visible_to(actor).filter(Exists(Award.objects.filter(version__achievement=OuterRef("pk"))))
        latest = AchievementVersion.objects.filter(achievement=OuterRef("pk")).order_by("-number").values("name")[:1]
        what = awarded.annotate(name=Subquery(latest)).order_by("name").values_list("slug", "name")
        teams = Team.objects.visible_to(actor).open().order_by("name")
        _choices(self, "what", [("", "Everything"), *what])
        _choices(self, "team", [("", "Everybody"), *((team.public_id, team.name) for team in teams)])

    @property
    def selection(self) -> Selection:
        """What is asked for."""
        self.is_valid()
        given = self.cleaned_data
        return Selection(
            text=given.get("q", "").strip(),
            achievement=given.get("what", ""),
            team=given.get("team", ""),
            state=given.get("state", ""),
            since=given.get("since"),
            until=given.get("until"),
        )


class ChangeForm(forms.Form):
    """One reason for all of them, and for revoking many the number typed out."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Everybody who holds one of them is told by mail, in these words.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. Everybody who holds one of them is told, in these words."},
    )
    typed = forms.CharField(label="How many", required=False, max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    def __init__(self, *arguments: Any, act: str, count: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.count = count
        if act == StatusChange.Act.REVOKE and count > TYPED_ABOVE:
            self.fields["typed"].help_text = f"Revoking is for good. Type {count} to say that you mean all of them."
        else:
            del self.fields["typed"]

    def clean_typed(self) -> str:
        """The number, as it is."""
        typed = str(self.cleaned_data["typed"]).strip().replace(",", "").replace(" ", "")
        if typed != str(self.count):
            raise forms.ValidationError(f"Type {self.count} to go on, or go back and choose fewer.")
        return typed


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
