"""Forms of targets and plans: few fields, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms

from hexmark.access import Actor
from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.queries import visible_versions
from hexmark.measures.models import Measure
from hexmark.people.models import JobRole, Team
from hexmark.performance.models import Cycle
from hexmark.performance.targets.terms import LONGEST, Proposal
from hexmark.web.forms.awarding import VersionField
from hexmark.web.forms.people import PersonChoice, day_field

KINDS = [("badge", "Something is held"), ("figure", "A figure reaches a value")]
ASSURANCES = [("0", "However it was shown"), ("2", "Completed or more"), ("3", "Evidence judged or more"), ("4", "Examined")]


class NumberField(forms.DecimalField):
    """A number with up to four decimals."""

    def __init__(self, **named: Any) -> None:
        given: dict[str, Any] = {
            "max_digits": 20,
            "decimal_places": 4,
            "localize": False,
            "widget": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        super().__init__(**given | named)


class VersionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of what is published, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name)


class TargetForm(forms.Form):
    """What is to be reached, by whom, by when."""

    person = PersonChoice(label="Who", required=False, max_length=254, help_text="Their e-mail address or employee id.")
    team = forms.ModelChoiceField(Team.objects.none(), label="Or a team", required=False, empty_label="No team")
    title = forms.CharField(label="What is to be reached", max_length=LONGEST["title"], help_text="In a few words, as you would say it.")
    kind = forms.ChoiceField(label="How it will be seen", choices=KINDS, initial="badge", widget=forms.RadioSelect)
    achievement = VersionField(label="What is held", required=False)
    assurance = forms.ChoiceField(label="How it was shown", required=False, choices=ASSURANCES, initial="0")
    measure = forms.ModelChoiceField(Measure.objects.none(), label="Which figure", required=False, empty_label="Choose …")
    value = NumberField(
        label="Value to be reached", required=False, help_text="Of a team that holds something: how many of a hundred people."
    )
    counts_from = day_field("Counted from", "Of what is added up. Empty: from today.")
    due_on = day_field("By when", required=True)
    why = forms.CharField(label="Why", required=False, max_length=LONGEST["why"], widget=forms.Textarea(attrs={"rows": 2}))
    cycle = forms.ModelChoiceField(Cycle.objects.none(), label="Looked at in", required=False, empty_label="No review cycle")
    consequence = forms.CharField(
        label="What follows if it is not reached",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In a cycle, the cycle says it.",
    )
    adjustments = forms.CharField(
        label="Reasonable adjustments",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What is done for whom the usual way would be unfair. In a cycle, the cycle says it.",
    )

    def __init__(self, *arguments: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        person = self.fields["person"]
        assert isinstance(person, PersonChoice)
        person.actor = actor
        person.widget.attrs |= {"list": "people-of-mine", "autocomplete": "off"}
        self._offer("team", Team.objects.visible_to(actor).open().order_by("name"))
        self._offer("achievement", visible_versions(actor).filter(state=AchievementVersion.State.PUBLISHED).order_by("name"))
        self._offer("measure", Measure.objects.visible_to(actor).open().exclude(per=Measure.Per.ORGANISATION).order_by("name"))
        self._offer("cycle", Cycle.objects.visible_to(actor).filter(closed_at__isnull=True).order_by("-starts_on"))
        self.actor = actor

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices

    def clean(self) -> dict[str, Any]:
        """One of each pair is there."""
        given = super().clean() or {}
        if bool(given.get("person")) == bool(given.get("team")) and "person" not in self.errors:
            self.add_error("person", "Say who: a person, or a team, and not both.")
        if given.get("kind") == "badge" and not given.get("achievement"):
            self.add_error("achievement", "Choose what is to be held.")
        if given.get("kind") == "figure":
            if not given.get("measure"):
                self.add_error("measure", "Choose the figure.")
            if given.get("value") is None and "value" not in self.errors:
                self.add_error("value", "Say which value is to be reached.")
        return given

    def proposal(self) -> Proposal:
        """The terms as they were typed."""
        given = self.cleaned_data
        held = given["kind"] == "badge"
        return Proposal(
            title=given["title"],
            due_on=given["due_on"],
            person=given["person"],
            team=given["team"],
            rule=rule_of(given["achievement"], int(given["assurance"] or 0)) if held else None,
            measure=None if held else given["measure"],
            value=given["value"] if not held or given["team"] else None,
            why=given["why"],
            cycle=given["cycle"],
            counts_from=given["counts_from"],
            consequence=given["consequence"],
            adjustments=given["adjustments"],
        )


class CommentForm(forms.Form):
    """A few words for the other side."""

    text = forms.CharField(label="Your words", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class RoleTargetForm(forms.Form):
    """What everybody in a job role is to hold, and by when."""

    role = forms.ModelChoiceField(JobRole.objects.none(), label="Job role", empty_label="Choose …")
    achievements = VersionsField(
        AchievementVersion.objects.none(), label="What is held", widget=forms.CheckboxSelectMultiple, required=False
    )
    needs = forms.BooleanField(label="And all that the role profile asks for", required=False)
    due_months = forms.IntegerField(label="Months after the first day in the role", min_value=1, max_value=60, initial=6)
    since = day_field("Asked for since", "Who was in the role before that day counts from it. Empty: today.")
    consequence = forms.CharField(label="What follows if it is not reached", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    adjustments = forms.CharField(label="Reasonable adjustments", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        roles, held = self.fields["role"], self.fields["achievements"]
        assert isinstance(roles, forms.ModelChoiceField)
        assert isinstance(held, forms.ModelMultipleChoiceField)
        roles.queryset = JobRole.objects.filter(organisation_id=actor.organisation_id or 0).order_by("name")
        held.queryset = visible_versions(actor).filter(state=AchievementVersion.State.PUBLISHED).order_by("name")


class OutlineForm(forms.Form):
    """A plan, a step a line."""

    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(label="What it is for", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    steps = forms.CharField(
        label="Steps",
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"rows": 8, "placeholder": "14 | milestone | 40 calls | Calls | 40\n5 | exercise | Listen to five calls"}
        ),
        help_text="A step a line: day | exercise, milestone or outcome | what is done | figure | value. Figure and value may be left out.",
    )


class AssignForm(forms.Form):
    """Who follows a plan, from when."""

    person = PersonChoice(label="Who", max_length=254, help_text="Their e-mail address or employee id.")
    on = day_field("From", "Empty: today. A weekend moves to Monday.")

    def __init__(self, *arguments: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        person = self.fields["person"]
        assert isinstance(person, PersonChoice)
        person.actor = actor


def rule_of(version: AchievementVersion, assurance: int = 0) -> dict[str, Any]:
    """The requirement that this achievement is held, in any of its versions."""
    rule: dict[str, Any] = {"type": "achievement", "achievement": version.achievement.url, "name": version.name}
    return rule | ({"assurance_at_least": assurance} if assurance else {})
