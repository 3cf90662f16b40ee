"""Forms of figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from hexmark.measures.definitions import LONGEST, Definition
from hexmark.measures.models import Measure, Observation
from hexmark.measures.rules import read_number
from hexmark.measures.values import Value
from hexmark.web.forms.targets import NumberField

_LIST = "CSV (UTF-8) or Excel (.xlsx). Every row is tried first; nothing is changed before you run it."


class MeasureForm(forms.Form):
    """What a figure is."""

    name = forms.CharField(label="Name", max_length=LONGEST["name"])
    unit = forms.CharField(label="Unit", required=False, max_length=LONGEST["unit"], help_text="Calls, %, hours, GBP …")
    per = forms.ChoiceField(label="Kept of", choices=Measure.Per.choices, initial=Measure.Per.TEAM)
    form = forms.ChoiceField(label="How values are put together", choices=Measure.Form.choices, initial=Measure.Form.AMOUNT)
    multiplier = NumberField(label="Shown times", required=False, help_text="Of a rate: 100 for per cent, 1000 for “of 1,000 visits”.")
    direction = forms.ChoiceField(label="Which way is better", choices=Measure.Direction.choices, initial=Measure.Direction.UP)
    description = forms.CharField(
        label="What it says", required=False, max_length=LONGEST["description"], widget=forms.Textarea(attrs={"rows": 2})
    )
    purpose = forms.CharField(
        label="Purpose",
        required=False,
        max_length=LONGEST["purpose"],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Of single people: what it is kept for, in a sentence. Without it, it cannot be switched on.",
    )
    notice = forms.CharField(
        label="Notice",
        required=False,
        max_length=LONGEST["notice"],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Of single people: what they are told, and who sees it.",
    )
    record_source = forms.CharField(
        label="Counted from records of",
        required=False,
        max_length=LONGEST["record_source"],
        help_text="The name of a list of records. Empty: values are brought.",
    )
    record_count = forms.ChoiceField(label="What is done with them", required=False, choices=[("", "Choose …"), *Measure.Count.choices])
    stages = forms.CharField(label="Only in these stages", required=False, max_length=500, help_text="With commas between: Won, Signed.")
    amount_from = NumberField(label="Only from this amount on", required=False)

    def definition(self) -> Definition:
        """As it was typed."""
        given = {name: self.cleaned_data[name] for name in self.fields if name not in ("stages", "amount_from", "multiplier")}
        conditions: list[dict[str, Any]] = []
        if stages := [word.strip() for word in self.cleaned_data["stages"].split(",") if word.strip()]:
            conditions.append({"field": "stage", "is": stages})
        if self.cleaned_data["amount_from"] is not None:
            conditions.append({"field": "amount", "at_least": str(self.cleaned_data["amount_from"])})
        multiplier = self.cleaned_data["multiplier"]
        return Definition(**given, multiplier=Decimal(1) if multiplier is None else multiplier, record_filter=conditions)


class ValuesForm(forms.Form):
    """A list of values."""

    file = forms.FileField(label="List", help_text=_LIST, error_messages={"required": "Choose a file."})


class RecordsForm(forms.Form):
    """A list of records."""

    source = forms.CharField(label="Where they come from", max_length=LONGEST["record_source"], help_text="The same name each time: CRM.")
    file = forms.FileField(label="List", help_text=_LIST, error_messages={"required": "Choose a file."})


class ObjectionForm(forms.Form):
    """Why somebody does not want to be measured; they need not say it."""

    reason = forms.CharField(
        label="Why", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="You need not say."
    )


class CorrectionForm(forms.Form):
    """The right value in place of a wrong one."""

    value = forms.CharField(label="Right value", max_length=30, required=False)
    numerator = forms.CharField(label="So many", max_length=30, required=False)
    denominator = forms.CharField(label="Of so many", max_length=30, required=False)
    reason = forms.CharField(label="Why the earlier one was wrong", max_length=300)

    def __init__(self, *arguments: Any, measure: Measure, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.measure = measure
        for name in ("value",) if measure.form == Measure.Form.RATE else ("numerator", "denominator"):
            del self.fields[name]

    def corrected(self, wrong: Observation) -> Value:
        """The value that takes its place.

        Raises:
            Invalid: what was typed is no number.
        """
        numbers = {
            name: read_number(self.cleaned_data[name], field=name) for name in ("value", "numerator", "denominator") if name in self.fields
        }
        return Value(on=wrong.on, person=wrong.person, team=wrong.team, reason=self.cleaned_data["reason"], **numbers)


def as_typed(found: Measure) -> dict[str, Any]:
    """The form of a figure as it stands."""
    shown = {name: getattr(found, name) for name in MeasureForm.base_fields if hasattr(found, name)}
    stages: list[str] = next((one["is"] for one in found.record_filter if one["field"] == "stage"), [])
    amount = next((one["at_least"] for one in found.record_filter if one["field"] == "amount" and "at_least" in one), None)
    return shown | {"multiplier": found.multiplier.normalize(), "stages": ", ".join(stages), "amount_from": amount}
