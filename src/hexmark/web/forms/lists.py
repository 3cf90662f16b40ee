"""Forms of awarding many, and of changing many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from hexmark.access import Actor, Permission
from hexmark.awarding.row_rules import GivenRow
from hexmark.awarding.sources import rows_of_people, rows_of_table, rows_of_text
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.files.tables import MOST_BYTES, read_table
from hexmark.people.models import Person, Team
from hexmark.web.forms.awarding import PLACEHOLDER, VersionField

_ONE_WAY = "Say who in one way: paste, or choose a file, or choose a team."


class ListForm(forms.Form):
    """Whom, what and why, for many. `rows` and `source` are there once it is valid."""

    version = VersionField()
    narrative = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What they did. It stands in each signed file, except where a row of the list has words of its own.",
    )
    to = forms.CharField(
        label="Paste addresses",
        required=False,
        max_length=5_000_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": PLACEHOLDER, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One a line, with a name in front for somebody new; or rows copied from a spreadsheet with their headings.",
    )
    file = forms.FileField(
        label="Drop a CSV or Excel file here, or choose one",
        required=False,
        help_text="Columns: email, and if you like name, narrative and decided_on (2026-03-14). Up to 100,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    team = forms.ModelChoiceField(
        label="Everybody in a team",
        required=False,
        queryset=Team.objects.none(),
        empty_label="No team",
        to_field_name="public_id",
        error_messages={"invalid_choice": "This team is not there any more. Choose another."},
    )

    def __init__(self, *arguments: Any, versions: Sequence[AchievementVersion], actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.actor = actor
        self.rows: Any = []
        self.source = ""
        _field(self, "version").offer(versions)
        if not actor.may(Permission.EDIT_PEOPLE):
            self.fields["to"].help_text = "One a line, of people who are known here; or rows copied from a spreadsheet with their headings."
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.visible_to(actor).open().order_by("name")

    def clean_file(self) -> Any:
        """A file that is not too large to be read."""
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES >> 20} MB. Split the list.")
        return file

    def clean(self) -> dict[str, Any]:
        """Who, in one way; or nobody yet, where people are to be chosen by name."""
        given = super().clean() or {}
        ways = [way for way in ("to", "file", "team") if given.get(way)]
        if len(ways) > 1:
            self.add_error(ways[-1], _ONE_WAY)
        elif ways:
            self._read(ways[0], given[ways[0]])
        elif "choose" not in self.data and not {"to", "file", "team"} & set(self.errors):
            self.add_error("to", "Say who: paste addresses, choose a file or a team, or choose people by name.")
        return given

    def _read(self, way: str, given: Any) -> None:
        try:
            if way == "to":
                self.rows, self.source = rows_of_text(given), "Pasted"
            elif way == "file":
                table = read_table(given.read(), file_name=given.name or "")
                self.rows, self.source = rows_of_table(table), given.name or "A file"
            else:
                members = Person.objects.visible_to(self.actor).filter(team=given, left_at__isnull=True).order_by("name", "pk")
                self.rows, self.source = _somebody(list(rows_of_people(members))), f"Team {given.name}"
        except Invalid as error:
            self.add_error(way, str(error))


class RowForm(forms.Form):
    """One row as it is mended. Anything may be typed: what cannot be used is said when the row is checked."""

    email = forms.CharField(required=False, max_length=10_000, strip=False)
    name = forms.CharField(required=False, max_length=10_000, strip=False)
    narrative = forms.CharField(required=False, max_length=20_000, strip=False)
    decided_on = forms.CharField(required=False, max_length=100, strip=False)

    def texts(self) -> dict[str, str]:
        """What was typed, of the fields that the page had."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


def _somebody(rows: list[GivenRow]) -> list[GivenRow]:
    if not rows:
        raise Invalid("Nobody is in this team.")
    return rows


def _field(form: forms.Form, name: str) -> VersionField:
    field = form.fields[name]
    assert isinstance(field, VersionField)
    return field
