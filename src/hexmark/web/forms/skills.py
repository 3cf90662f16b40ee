"""Forms of skills, and of what roles ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from hexmark.errors import Invalid
from hexmark.openbadges.limits import DOCUMENT_BYTES
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation
from hexmark.skills.drafts import LONGEST_LEVEL_TEXT, SkillDraft
from hexmark.skills.models import HIGHEST_LEVEL, Framework, RoleRequirement, Skill
from hexmark.skills.needs import Need, named_skill
from hexmark.web.forms.people import day_field

LEVELS = [(level, f"Level {level} of {HIGHEST_LEVEL}") for level in range(1, HIGHEST_LEVEL + 1)]


class FrameworkForm(forms.Form):
    """A framework's own words."""

    name = forms.CharField(label="Name", max_length=200)
    description = forms.CharField(label="What it is for", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    url = forms.URLField(label="Its web address", max_length=500, required=False, assume_scheme="https", help_text="Where others find it.")


class FrameworkImportForm(forms.Form):
    """A file with a framework: a table, or CASE."""

    file = forms.FileField(
        label="Drop a file, or choose one",
        help_text="CASE 1.1 JSON of at most 1 MB, or a table (CSV or .xlsx) with a column “name”.",
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx,application/json,text/csv"}),
    )
    name = forms.CharField(
        label="Name of the framework", max_length=200, required=False, help_text="For a table. A CASE file says its own name."
    )

    def clean_file(self) -> Any:
        """A file of a size that is read."""
        file = self.cleaned_data["file"]
        if file.size > DOCUMENT_BYTES:
            raise forms.ValidationError(f"The file is larger than {DOCUMENT_BYTES >> 20} MB. Split it.")
        return file


class NeedsImportForm(forms.Form):
    """A table of what roles ask for."""

    file = forms.FileField(
        label="Drop a table, or choose one",
        help_text="CSV or .xlsx with the columns role, skill and level.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    clean_file = FrameworkImportForm.clean_file


class SkillForm(forms.Form):
    """One skill with its levels."""

    name = forms.CharField(label="Name", max_length=200)
    code = forms.CharField(label="Code", max_length=60, required=False, help_text="As lists name it.")
    description = forms.CharField(label="What it is", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    parent = forms.CharField(label="A part of", max_length=200, required=False, help_text="Name or code of another one.")
    minimum_holders = forms.IntegerField(
        label="At risk below", min_value=0, max_value=1000, initial=2, help_text="So many people of a unit should be able to do it."
    )

    def __init__(self, *arguments: Any, framework: Framework, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.framework = framework
        for level in range(1, HIGHEST_LEVEL + 1):
            self.fields[f"level_{level}"] = forms.CharField(
                label=f"Level {level}", max_length=LONGEST_LEVEL_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def level_fields(self) -> list[Any]:
        """The texts of the levels."""
        return [self[f"level_{level}"] for level in range(1, HIGHEST_LEVEL + 1)]

    def clean_parent(self) -> Skill | None:
        """The skill of this name or code, or None."""
        text = self.cleaned_data["parent"]
        if not text:
            return None
        skills = Skill.objects.filter(framework=self.framework)
        found = skills.filter(code=text).first() or skills.filter(name__iexact=text).first()
        if found is None:
            raise forms.ValidationError(f"There is no skill “{text[:60]}” in this framework.")
        return found

    def draft(self) -> SkillDraft:
        """What was typed."""
        data = self.cleaned_data
        texts = tuple(data[f"level_{level}"] for level in range(1, HIGHEST_LEVEL + 1))
        return SkillDraft(
            key="1",
            name=data["name"],
            where="",
            code=data["code"],
            description=data["description"],
            level_texts=texts,
            minimum_holders=data["minimum_holders"],
        )


class NeedForm(forms.Form):
    """Something that a role asks for."""

    skill = forms.CharField(label="Skill", max_length=500, help_text="Name or code.", widget=forms.TextInput(attrs={"list": "own-skills"}))
    level = forms.TypedChoiceField(label="At least", choices=LEVELS, coerce=int)
    importance = forms.TypedChoiceField(label="Importance", choices=RoleRequirement.Importance.choices, coerce=int, initial=2)
    critical = forms.BooleanField(label="Critical: nobody is ready for the role without it", required=False)
    emerging = forms.BooleanField(label="Emerging: new in this role, so a gap is no failure", required=False)
    starts_on = day_field("From", "Empty for today.")
    ends_on = day_field("Until", "Empty for no end. The day counts.")
    assurance_at_least = forms.ChoiceField(label="Shown at least so surely", choices=Assurance.choices, initial=Assurance.STATED)
    max_age_months = forms.IntegerField(
        label="Shown within the last … months", min_value=1, max_value=600, required=False, help_text="Empty for however long ago."
    )
    issuers = forms.CharField(
        label="By these issuers only",
        required=False,
        max_length=6000,
        help_text="Their ids, such as did:web:example.org, with blanks between. Empty for your own organisation.",
    )

    def __init__(self, *arguments: Any, organisation: Organisation, today: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.organisation, self.today = organisation, today

    def clean_skill(self) -> Skill:
        """The skill of this name or code."""
        try:
            return named_skill(self.organisation, self.cleaned_data["skill"].strip())
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error

    def need(self) -> Need:
        """What was typed."""
        data = self.cleaned_data
        return Need(
            skill=data["skill"],
            level=data["level"],
            starts_on=data["starts_on"] or self.today,
            ends_on=data["ends_on"],
            importance=data["importance"],
            critical=data["critical"],
            emerging=data["emerging"],
            assurance_at_least=data["assurance_at_least"],
            issuers=tuple(data["issuers"].split()),
            max_age_months=data["max_age_months"],
        )


class ExpertsForm(forms.Form):
    """Who is looked for."""

    skill = forms.CharField(label="Skill", max_length=500, widget=forms.TextInput(attrs={"list": "own-skills"}))
    # The library's stubs know text alone here.
    level = forms.TypedChoiceField(label="At least", choices=LEVELS, coerce=int, required=False, empty_value=1)  # type: ignore[arg-type]
    country = forms.CharField(label="Country", max_length=2, required=False, help_text="Two letters, such as GB.")


class FindableForm(forms.Form):
    """A person's own say about being found."""

    findable = forms.BooleanField(label="Colleagues who look for a skill may find me", required=False)
    country = forms.CharField(
        label="Country where I work", max_length=2, required=False, help_text="Two letters, such as GB. Empty if it is nobody's business."
    )
