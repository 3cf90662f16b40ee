"""Forms of the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms import BaseInlineFormSet, inlineformset_factory

from hexmark.catalogue.effort import effort_in_words, minutes_of
from hexmark.catalogue.models import MOST_EFFORT_MINUTES, AchievementVersion, Alignment
from hexmark.catalogue.skill_links import link_to
from hexmark.errors import Invalid
from hexmark.openbadges.limits import IMAGE_BYTES
from hexmark.organisations.assurance import Assurance
from hexmark.skills.models import Skill
from hexmark.skills.needs import named_skill

LONGEST_TAG = 40
MOST_TAGS = 20
MOST_SKILLS = 20
SKILL_LEVELS = [(0, "None claimed"), *((level, f"Level {level} of 5") for level in range(1, 6))]
LEVELS = [(0, "No level"), (1, "1, steel"), (2, "2, bronze"), (3, "3, silver"), (4, "4, gold"), (5, "5, platinum")]
#: What each step of assurance asks for, for whoever has to choose one.
ASSURANCE_HINTS = {
    Assurance.STATED: "Their own word, nobody looked.",
    Assurance.TOOK_PART: "They were there.",
    Assurance.COMPLETED: "They finished it.",
    Assurance.JUDGED: "Somebody judged what they handed in or did.",
    Assurance.EXAMINED: "They passed an examination or a practical test.",
}


class NewAchievementForm(forms.Form):
    """A name is enough to begin."""

    name = forms.CharField(label="Name", max_length=120, help_text="What stands on it, for instance “Fire Warden”.")


class TagsField(forms.CharField):
    """Words as people type them, separated by commas; a list of up to 20 in the model."""

    #: What they are called when there are too many.
    what = "tags"

    def prepare_value(self, value: Any) -> Any:
        """Commas between."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Each tag once, in order, without blanks at its ends."""
        tags = list(dict.fromkeys(tag.strip() for tag in super().clean(value).split(",") if tag.strip()))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(f"Up to {MOST_TAGS} {self.what} of at most {LONGEST_TAG} characters each.")
        return tags


class RolesField(TagsField):
    """Roles, written as tags are."""

    what = "roles"


class SubjectsField(TagsField):
    """Subjects, written as tags are."""

    what = "subjects"


class EffortField(forms.CharField):
    """How long it takes, as people write it; whole minutes in the model."""

    def prepare_value(self, value: Any) -> Any:
        """“2 h 30 min”."""
        return effort_in_words(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Whole minutes, or None for nothing."""
        try:
            minutes = minutes_of(super().clean(value))
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error
        if minutes and minutes > MOST_EFFORT_MINUTES:
            raise forms.ValidationError(f"At most {MOST_EFFORT_MINUTES // 60:,} hours.")
        return minutes


@dataclass(frozen=True, slots=True)
class AssuranceCard:
    """One step to choose."""

    value: str
    title: str
    hint: str
    chosen: bool


class VersionForm(forms.ModelForm[AchievementVersion]):
    """The text of a draft."""

    level = forms.TypedChoiceField(choices=LEVELS, coerce=int, label="Level", help_text="On a ladder of five. It decides the metal.")
    tags = TagsField(required=False, help_text="Separated by commas. They decide the symbol where the name gives no hint.")
    roles = RolesField(
        required=False, label="For which roles", help_text="Job roles, separated by commas, such as Field engineer. People filter by them."
    )
    subjects = SubjectsField(required=False, help_text="What it is about, separated by commas, such as Safety. People filter by them.")
    effort_minutes = EffortField(
        required=False,
        label="Usual effort",
        max_length=40,
        help_text="How long it takes altogether: 45 min, 2 h 30 min or 3 days of 8 hours.",
    )
    picture = forms.FileField(
        required=False,
        label="Drop a picture of your own, or choose one",
        help_text="PNG or JPEG, square, at least 400 pixels, at most 5 MB. Without one, a picture is drawn for you.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    draw_again = forms.BooleanField(required=False, label="Use the drawn picture again")

    class Meta:
        model = AchievementVersion
        fields = (
            *("name", "description", "criteria", "evidence", "assessment", "assurance", "level", "achievement_type"),
            *("validity_months", "tags", "roles", "subjects", "effort_minutes", "language"),
        )
        labels = {
            "description": "What it stands for",
            "criteria": "How to earn it",
            "evidence": "What to show",
            "assessment": "How it is judged",
            "assurance": "How surely it is shown",
            "achievement_type": "Type in the open standard",
            "validity_months": "Valid for how many months",
            "language": "Language of this text",
        }
        help_texts = {
            "description": "One or two sentences for somebody who has never heard of it.",
            "criteria": "What somebody must do or show. Begin a line with “-” for a list.",
            "evidence": "What somebody hands in or demonstrates, such as a report of 500 words.",
            "assessment": "Who looks at it, by which measure, and what happens if it is not enough yet.",
            "validity_months": "Leave empty if it never ends. The last day counts.",
            "achievement_type": "How other software sorts it. “Badge” is never wrong.",
            "language": "A code such as en, cy or de-AT.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "criteria": forms.Textarea(attrs={"rows": 6}),
            "evidence": forms.Textarea(attrs={"rows": 3}),
            "assessment": forms.Textarea(attrs={"rows": 3}),
            "validity_months": forms.NumberInput(attrs={"min": 1, "max": 600, "inputmode": "numeric"}),
        }

    def __init__(self, *arguments: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # An upload that was cut off does not arrive as a file at all.
        self.too_large = too_large
        # Both can be empty in a draft and are needed in the end, so neither is called optional.
        self.fields["description"].needed_later = self.fields["criteria"].needed_later = True  # type: ignore[attr-defined]
        kinds = self.fields["achievement_type"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [(value, _in_words(value)) for value, _ in AchievementVersion.TYPE_CHOICES]
        self.fields["language"].validators.append(
            RegexValidator(r"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", "Write a language code such as en, cy or de-AT.")
        )

    def text(self) -> dict[str, Any]:
        """What was typed, by field of the version; for a form that is valid."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def assurance_cards(self) -> list[AssuranceCard]:
        """The five steps with what they mean, the chosen one marked."""
        chosen = str(self["assurance"].value())
        return [AssuranceCard(step.value, step.label, ASSURANCE_HINTS[step], step.value == chosen) for step in Assurance]

    def clean_picture(self) -> Any:
        """Refused by its size before anything reads it."""
        picture = self.cleaned_data.get("picture")
        if self.too_large or (picture and picture.size > IMAGE_BYTES):
            raise forms.ValidationError("The picture is larger than 5 MB. Export a smaller one.")
        return picture


class PreviewForm(forms.ModelForm[AchievementVersion]):
    """What a drawing follows: to show a draft as it would look, without saving it."""

    tags = TagsField(required=False)
    level = forms.TypedChoiceField(choices=LEVELS, coerce=int, required=False, empty_value=None)

    class Meta:
        model = AchievementVersion
        fields = ("name", "level", "tags")

    def clean_level(self) -> int:
        """No level where none is given."""
        return self.cleaned_data["level"] or 0


class AlignmentForm(forms.ModelForm[Alignment]):
    """One skill that the achievement shows: one of the organisation's own by its name or code, or anybody's by its web address."""

    target_url = forms.URLField(
        label="Its web address", max_length=500, assume_scheme="https", required=False, help_text="Empty for one of your own skills."
    )
    # The library's stubs know text alone here.
    level = forms.TypedChoiceField(label="Skill level", choices=SKILL_LEVELS, coerce=int, required=False, empty_value=0)  # type: ignore[arg-type]

    class Meta:
        model = Alignment
        fields = ("target_name", "target_url", "level", "target_code", "target_framework")
        labels = {"target_name": "Skill", "target_code": "Its code", "target_framework": "Framework"}
        widgets = {"target_name": forms.TextInput(attrs={"list": "own-skills"})}

    def clean(self) -> dict[str, Any]:
        """A skill of the organisation's own says its own words; another one has an address, and no level of ours."""
        data = super().clean() or {}
        name, url, level = data.get("target_name", ""), data.get("target_url", ""), data.get("level") or 0
        if not name or "target_url" in self.errors:
            return data
        organisation = self.instance.version.achievement.organisation
        own = Skill.objects.open().filter(organisation=organisation).select_related("framework")
        skill = own.filter(url=url).first() if url else None
        if not url:
            try:
                skill = named_skill(organisation, name)
            except Invalid as error:
                raise forms.ValidationError({"target_url": f"{error} Or give the address of somebody else's skill."}) from error
        if skill is not None:
            link_to(self.instance, skill, level)
            texts = ("target_name", "target_url", "target_code", "target_framework")
            return data | {text: getattr(self.instance, text) for text in texts} | {"level": level}
        self.instance.skill, self.instance.target_description = None, f"Level {level} of 5" if level else ""
        return data


AlignmentFormSet: type[BaseInlineFormSet[Alignment, AchievementVersion, AlignmentForm]] = inlineformset_factory(
    AchievementVersion, Alignment, form=AlignmentForm, extra=1, max_num=MOST_SKILLS, validate_max=True
)


def _in_words(value: str) -> str:
    """`CommunityService` as “Community service”."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", value.removeprefix("ext:"))
    return words[:1] + words[1:].lower() if not words.isupper() else words
