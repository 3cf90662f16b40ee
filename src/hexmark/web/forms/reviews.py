"""Forms of cycles, reviews, feedback and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from hexmark.organisations.models import Organisation
from hexmark.people.models import JobRole, Team
from hexmark.performance.cycle_models import Cycle, Phase
from hexmark.performance.cycles import CycleText
from hexmark.performance.review_models import Feedback, Note, Review, Words
from hexmark.performance.review_rules import LONGEST_AGREEMENT, LONGEST_NOTE, LONGEST_WORDS, Dates, marks_of

_DAY = {"type": "date"}


class WordsForm(forms.Form):
    """One side's view, and its mark where the cycle has marks."""

    text = forms.CharField(
        label="What you want to say",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="A draft is yours alone. Once you hand it in, the other side reads it.",
        error_messages={"required": "Write at least a sentence first."},
    )
    mark = forms.ChoiceField(label="Mark", required=False)

    def __init__(self, *arguments: object, cycle: Cycle, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        steps = marks_of(cycle.rating_scale)
        field = self.fields["mark"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "No mark"), *((step.value, str(step)) for step in steps)]
        field.help_text = "You choose it, or none. Nothing is worked out from badges, targets or figures."
        if not steps:
            del self.fields["mark"]


class AgreementForm(forms.Form):
    """What both hold fast."""

    agreement = forms.CharField(
        label="What you agreed",
        max_length=LONGEST_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Either of you may write it. A change asks both to confirm anew.",
        error_messages={"required": "Write down what you agreed."},
    )
    read_version = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """Standing by the agreement, or saying what one sees differently, and what of it may leave in the file."""

    read_version = forms.IntegerField(widget=forms.HiddenInput)
    disagreement = forms.CharField(
        label="What I see differently",
        required=False,
        max_length=LONGEST_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands beside the agreement in your words, here and in the file. The other side cannot leave it out.",
    )
    includes_agreement = forms.BooleanField(
        label="Put the agreement into the file", required=False, help_text="It goes in only if both of you tick this."
    )
    includes_words = forms.BooleanField(
        label="Put what I wrote into the file", required=False, help_text="Your own text and mark. Both of you can take the file away."
    )


class ReopenForm(forms.Form):
    """Why a closed review is opened again."""

    reason = forms.CharField(
        label="Why is it opened again?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is opened again. Both sides read this."},
    )


class AskForm(forms.Form):
    """Who is asked for feedback, what about, and who will see it."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="Of a colleague, who signs in, or of somebody outside, who gets a link.",
        error_messages={"required": "Give the address of whoever you ask.", "invalid": "This is no e-mail address."},
    )
    name = forms.CharField(label="Name", required=False, max_length=200, help_text="Only for somebody outside.")
    question = forms.CharField(label="Your question", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    audience = forms.ChoiceField(label="Who will see the answer", help_text="They read this before they write.", widget=forms.RadioSelect)

    def __init__(self, *arguments: object, review: Review, side: Words.Part, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        audience, field = Feedback.Audience, self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        alone = (
            (audience.PERSON, "Only you")
            if side == Words.Part.SELF
            else (audience.MANAGER, f"Only you, as the manager of {review.person.name}")
        )
        both = "You and your manager" if side == Words.Part.SELF else f"{review.person.name} and you"
        field.choices = [(audience.BOTH, both), alone]
        field.initial = audience.BOTH


class FeedbackForm(forms.Form):
    """What somebody who was asked has to say."""

    text = forms.CharField(
        label="Your feedback",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": "Write at least a sentence, or decline."},
    )


class NoteForm(forms.Form):
    """A note between reviews."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the note first."},
    )
    audience = forms.ChoiceField(label="Who sees it", choices=Note.Audience.choices, initial=Note.Audience.AUTHOR, widget=forms.RadioSelect)


class CycleForm(forms.Form):
    """A cycle: its period, its phases, who is in it and under which terms."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give the cycle a name, such as FY 2026."})
    starts_on = forms.DateField(label="The period begins", widget=forms.DateInput(attrs=_DAY), error_messages={"required": "Choose a day."})
    ends_on = forms.DateField(label="The period ends", widget=forms.DateInput(attrs=_DAY), error_messages={"required": "Choose a day."})
    teams = forms.ModelMultipleChoiceField(
        label="Teams",
        required=False,
        queryset=Team.objects.none(),
        help_text="With the teams within. Neither teams nor roles: all staff.",
    )
    roles = forms.ModelMultipleChoiceField(label="Job roles", required=False, queryset=JobRole.objects.none())
    consequence = forms.CharField(
        label="What follows where a target is not reached",
        required=False,
        max_length=LONGEST_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="People read this before they agree to a target. Without it no target of a person goes live in this cycle.",
    )
    adjustments = forms.CharField(
        label="Reasonable adjustments",
        required=False,
        max_length=LONGEST_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is done for people for whom the usual way would be unfair, and whom they ask.",
    )
    scale = forms.CharField(
        label="Marks",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "1 Below what was agreed\n2 Mostly\n3 As agreed\n4 Above"}),
        help_text="A line each, from low to high, a number first. Empty: reviews in words only.",
    )
    marks_count = forms.BooleanField(
        label="Opportunities may ask for the mark",
        required=False,
        help_text="The mark of a closed review is kept as a fact about the person.",
    )
    hr_reads = forms.ChoiceField(label="Human resources read", choices=Cycle.HrReads.choices, initial=Cycle.HrReads.CLOSED)
    predecessor = forms.ChoiceField(
        label="When the manager changes, what the former one wrote", choices=Cycle.Predecessor.choices, initial=Cycle.Predecessor.STAYS
    )

    def __init__(self, *arguments: object, organisation: Organisation, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        for name, rows in (("teams", Team.objects.filter(organisation=organisation).open()), ("roles", organisation.job_roles.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = rows.order_by("name")
            field.widget.attrs["size"] = 6
        for kind, label in Phase.Kind.choices:
            self.fields[f"{kind}_starts_on"] = forms.DateField(label=f"{label}: from", required=False, widget=forms.DateInput(attrs=_DAY))
            self.fields[f"{kind}_ends_on"] = forms.DateField(label=f"{label}: to", required=False, widget=forms.DateInput(attrs=_DAY))

    def clean(self) -> dict[str, Any]:
        """Each phase has both days or none."""
        given: dict[str, Any] = super().clean() or {}
        for kind in Phase.Kind.values:
            begins, ends = f"{kind}_starts_on", f"{kind}_ends_on"
            if bool(given.get(begins)) != bool(given.get(ends)):
                self.add_error(ends if given.get(begins) else begins, "Give both days, or neither.")
        return given

    def phase_fields(self) -> list[tuple[Any, Any]]:
        """The fields of each phase, in order."""
        return [(self[f"{kind}_starts_on"], self[f"{kind}_ends_on"]) for kind in Phase.Kind.values]

    def text(self) -> CycleText:
        """What the cycle says of itself."""
        names = ("name", "starts_on", "ends_on", "consequence", "adjustments", "scale", "marks_count", "hr_reads", "predecessor")
        return CycleText(**{name: self.cleaned_data[name] for name in names})

    def phases(self) -> dict[str, Dates]:
        """The phases that have days."""
        given = self.cleaned_data
        return {
            kind: Dates(given[f"{kind}_starts_on"], given[f"{kind}_ends_on"]) for kind in Phase.Kind.values if given[f"{kind}_starts_on"]
        }


def initial_of(cycle: Cycle) -> Mapping[str, object]:
    """What the form shows of a cycle that there is."""
    lines = (f"{step['value']} {step.get('label', '')}".strip() for step in cycle.rating_scale)
    days: dict[str, date] = {}
    phases: Sequence[Phase] = cycle.phases.all()  # type: ignore[assignment]
    for phase in phases:
        days |= {f"{phase.kind}_starts_on": phase.starts_on, f"{phase.kind}_ends_on": phase.ends_on}
    plain = ("name", "starts_on", "ends_on", "consequence", "adjustments", "marks_count", "hr_reads", "predecessor")
    return {
        **{name: getattr(cycle, name) for name in plain},
        **days,
        "scale": "\n".join(lines),
        "teams": [one.pk for one in cycle.teams.all()],
        "roles": [one.pk for one in cycle.roles.all()],
    }
