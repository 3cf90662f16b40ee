"""Forms of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory

from hexmark.catalogue.models import AchievementVersion, Alignment

LONGEST_TAG = 40
MOST_TAGS = 20


class NewAchievementForm(forms.Form):
    """A name is enough to begin."""

    name = forms.CharField(label="Name", max_length=120, help_text="What the badge says, for instance “Safety Champion”.")


class TagsField(forms.CharField):
    """Tags as people type them, separated by commas; a list of up to 20 in the model."""

    def prepare_value(self, value: Any) -> Any:
        """Commas between."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Each tag once, in order, without blanks at its ends."""
        tags = list(dict.fromkeys(tag.strip() for tag in super().clean(value).split(",") if tag.strip()))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(f"Up to {MOST_TAGS} tags of at most {LONGEST_TAG} characters each.")
        return tags


class VersionForm(forms.ModelForm[AchievementVersion]):
    """The text of a draft."""

    tags = TagsField(required=False, help_text="Separated by commas.")
    picture = forms.FileField(
        required=False,
        label="A picture of your own",
        help_text="PNG or JPEG, square, at least 400 pixels. Without one, a badge is drawn from the name, level and tags.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    class Meta:
        model = AchievementVersion
        fields = ("name", "description", "criteria", "assurance", "level", "achievement_type", "validity_months", "tags", "language")
        labels = {
            "description": "What it stands for",
            "criteria": "How to earn it",
            "assurance": "How it is shown",
            "level": "Level",
            "achievement_type": "Type in the open standard",
            "validity_months": "Valid for how many months",
            "language": "Language of this text",
        }
        help_texts = {
            "description": "One or two sentences for somebody who has never heard of it.",
            "criteria": "What somebody must do or show. You may use Markdown for lists and emphasis.",
            "assurance": "How surely it is shown, from somebody's own word to an examination.",
            "validity_months": "Empty: for ever. The last day counts.",
            "level": "1 to 5 on a ladder; it decides the metal. 0: no ladder.",
            "language": "A code such as en, cy or de-AT.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), "criteria": forms.Textarea(attrs={"rows": 8})}


class AlignmentForm(forms.ModelForm[Alignment]):
    """One skill that the achievement shows."""

    class Meta:
        model = Alignment
        fields = ("target_name", "target_url", "target_code", "target_framework")


AlignmentFormSet: type[BaseInlineFormSet[Alignment, AchievementVersion, AlignmentForm]] = inlineformset_factory(
    AchievementVersion, Alignment, form=AlignmentForm, extra=1, max_num=20, validate_max=True
)
