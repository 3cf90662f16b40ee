"""Forms of people and teams."""

from __future__ import annotations

from typing import Any

from django import forms

from hexmark.access import Actor
from hexmark.files.tables import MOST_BYTES
from hexmark.mail.letters import LANGUAGES
from hexmark.people.listing import Wanted, job_roles, open_teams, person_called
from hexmark.people.models import PeopleImport, Person, Team
from hexmark.people.records import Facts
from hexmark.people.rules import LONGEST_EMPLOYEE_ID, LONGEST_LABEL, LONGEST_NAME

LANGUAGE_CHOICES = list(LANGUAGES.items())
NO_TEAM = ("none", "No team")


class DayInput(forms.DateInput):
    """The browser's own calendar; without one, a day as 2026-03-31."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str, hint: str = "", *, required: bool = False) -> forms.DateField:
    """A day."""
    invalid = "Write the day as 2026-03-31."
    return forms.DateField(label=label, required=required, help_text=hint, widget=DayInput(), error_messages={"invalid": invalid})


class PersonChoice(forms.CharField):
    """Somebody here, typed as address or employee id; a list of thousands would be no choice."""

    actor: Actor

    def clean(self, value: Any) -> Any:
        """The person, or None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = person_called(self.actor, text)
        if found is None:
            raise forms.ValidationError(f"Nobody here has “{text[:80]}” as address or employee id.")
        return found


class SearchForm(forms.Form):
    """What the list of people is narrowed to."""

    team = forms.ChoiceField(label="Team", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Everybody"), *Person.Kind.choices])
    role = forms.ChoiceField(label="Job role", required=False)
    state = forms.ChoiceField(label="Here", required=False, choices=[("", "Who is here"), ("left", "Who left"), ("all", "Both")])

    def __init__(self, given: Any, *, actor: Actor) -> None:
        super().__init__(given)
        teams = [(team.public_id, team.name) for team in open_teams(actor)]
        self._choices("team", [("", "All teams"), NO_TEAM, *teams])
        self._choices("role", [("", "All roles"), *((str(role.pk), role.name) for role in job_roles(actor))])

    def wanted(self, search: str) -> Wanted:
        """What was asked for; a choice that is not offered narrows nothing."""
        given = {name: str(self.cleaned_data.get(name, "")) for name in self.fields} if self.is_valid() else {}
        return Wanted(search=search, **given)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class PersonForm(forms.Form):
    """What is noted of a person."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME, error_messages={"required": "A name is needed."})
    email = forms.EmailField(label="E-mail address", error_messages={"required": "An address is needed: it says who somebody is."})
    kind = forms.ChoiceField(label="Kind", choices=Person.Kind.choices, initial=Person.Kind.STAFF)
    employee_id = forms.CharField(label="Employee id", max_length=LONGEST_EMPLOYEE_ID, required=False)
    language = forms.ChoiceField(label="Language of mails", initial="en")
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        required=False,
        empty_label="No team",
        to_field_name="public_id",
        error_messages={"invalid_choice": "This team is not there any more. Choose another."},
    )
    manager = PersonChoice(label="Manager", required=False, help_text="Their address or employee id. Managers see what their people hold.")
    started_on = day_field("First day")
    ends_on = day_field("Last day", "It counts. When it is over they have left, and their access ends.")
    #: Which version the page showed: a form that was open for long must not undo what others changed.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, actor: Actor, person: Person | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        team, manager, language = self.fields["team"], self.fields["manager"], self.fields["language"]
        assert isinstance(team, forms.ModelChoiceField)
        assert isinstance(manager, PersonChoice)
        assert isinstance(language, forms.ChoiceField)
        team.queryset = Team.objects.visible_to(actor).open().order_by("name")
        manager.actor = actor
        kept = person.language if person else ""
        # What came with a list may be a language that no mail is written in yet; it is kept.
        language.choices = [*LANGUAGE_CHOICES, *([(kept, kept)] if kept and kept not in LANGUAGES else [])]
        if person is not None and person.left_at is not None:
            del self.fields["ends_on"]

    def facts(self, person: Person | None = None) -> Facts:
        """What was typed."""
        given = self.cleaned_data
        return Facts(
            name=given["name"],
            email=given["email"],
            kind=given["kind"],
            employee_id=given["employee_id"],
            language=given["language"],
            started_on=given["started_on"],
            ends_on=given.get("ends_on", person.ends_on if person else None),
        )


class NewPersonForm(PersonForm):
    """Somebody new, with a job role at once."""

    role = forms.CharField(label="Job role", max_length=LONGEST_LABEL, required=False)
    field_order = ("name", "email", "kind", "role", "team", "manager", "employee_id", "language", "started_on", "ends_on")


class RoleForm(forms.Form):
    """A job role that somebody is given."""

    role = forms.CharField(label="Job role", max_length=LONGEST_LABEL, error_messages={"required": "Name the job role."})
    starts_on = day_field("From", required=True)
    ends_on = day_field("To", "Empty for no end.")


class TeamForm(forms.Form):
    """A team."""

    name = forms.CharField(label="Name", max_length=LONGEST_LABEL, error_messages={"required": "A team needs a name."})
    parent = forms.ModelChoiceField(
        label="Within",
        queryset=Team.objects.none(),
        required=False,
        empty_label="No other team",
        to_field_name="public_id",
        error_messages={"invalid_choice": "This team is not there any more. Choose another."},
    )
    lead = PersonChoice(label="Lead", required=False, help_text="Their address or employee id. The lead sees what its people hold.")

    def __init__(self, *arguments: Any, actor: Actor, team: Team | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        parent, lead = self.fields["parent"], self.fields["lead"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(lead, PersonChoice)
        others = Team.objects.visible_to(actor).open().order_by("name")
        parent.queryset = others.exclude(pk=team.pk) if team else others
        lead.actor = actor


class UploadForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label="Drop a CSV or Excel file here, or choose one",
        help_text="Up to 20 MB and 100,000 rows. Nothing is changed before you have seen what every row would do.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"required": "Choose the file with the list.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        """A file that is not too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES >> 20} MB. Split the list.")
        return file


class DateOrderForm(forms.Form):
    """How days in the list are meant."""

    date_order = forms.ChoiceField(
        label="How are its dates meant?",
        choices=PeopleImport.DateOrder.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say which of both it is."},
    )
