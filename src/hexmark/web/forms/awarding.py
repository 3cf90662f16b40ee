"""Forms of awarding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from hexmark.access import Actor, Permission
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.people.rules import Addressee, parse_addressees

PLACEHOLDER = "amara@example.org\nBen Lund <ben@example.org>"


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """What to award, of what is published."""

    def __init__(self, **named: Any) -> None:
        errors = {"required": "Choose what to award.", "invalid_choice": "This cannot be awarded any more. Choose another."}
        usual = {"label": "What", "queryset": AchievementVersion.objects.none(), "empty_label": "Choose …", "error_messages": errors}
        super().__init__(**usual | named)

    def offer(self, versions: Sequence[AchievementVersion]) -> None:
        """These can be chosen."""
        self.queryset = AchievementVersion.objects.filter(pk__in=[version.pk for version in versions]).order_by("name")

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name)


class AwardForm(forms.Form):
    """Awarding in three fields: whom, what, why."""

    to = forms.CharField(
        label="Who",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": PLACEHOLDER, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One e-mail address a line. Put a name in front for somebody new.",
        error_messages={"required": "Name at least one person by e-mail address."},
    )
    version = VersionField()
    narrative = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What they did, in a sentence or two. It stands in the signed file, and everybody in this list gets the same words.",
    )

    def __init__(self, *arguments: object, versions: Sequence[AchievementVersion], actor: Actor, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        field = self.fields["version"]
        assert isinstance(field, VersionField)
        field.offer(versions)
        if not actor.may(Permission.EDIT_PEOPLE):
            self.fields["to"].help_text = "One e-mail address a line, of people who are known here."

    def clean_to(self) -> list[Addressee]:
        """The addressees, each once."""
        try:
            return parse_addressees(self.cleaned_data["to"])
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


class ReasonForm(forms.Form):
    """A reason that the person is told."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="The person is told by mail, in these words.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. The person is told, in these words."},
    )
