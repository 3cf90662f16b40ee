"""The designer's form: what an editor may choose of a badge's drawing. What is left as suggested goes on following the text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms

from hexmark.pressout import Body, Domain, MetalName, Recipe, find_icons, icon_names
from hexmark.pressout.materials import ENAMEL_OF_DOMAIN, METAL_OF_LEVEL
from hexmark.pressout.recipe import TITLE_CHARACTERS, WORDS_CHARACTERS

#: As many glyphs are shown at once.
MOST_GLYPHS = 42
RIM = ("upper_left", "upper_right", "lower_left", "lower_right")
_BODIES = {Body.RAYS: "Enamel over rays", Body.MESH: "Enamel over a mesh", Body.SPUN: "Bare metal, turned"}
#: Shown before anybody has searched: what most badges are about.
_COMMON = (
    *("medal", "trophy", "star", "shield-check", "first-aid-kit", "hard-hat", "database", "chart-line-up", "code", "cpu", "cloud-check"),
    *("chalkboard-teacher", "graduation-cap", "book-open", "users-three", "handshake", "chats-circle", "megaphone", "scales", "lightbulb"),
    *("puzzle-piece", "rocket-launch", "lightning", "wrench", "gear-six", "hammer", "leaf", "recycle", "tree", "heart", "stethoscope"),
    *("globe", "compass", "target", "truck", "house"),
)


class DesignForm(forms.Form):
    """Everything that can be chosen, filled with what the drawing has now."""

    title = forms.CharField(
        max_length=TITLE_CHARACTERS, label="Title", help_text="It wraps to two lines, then it shrinks. Short names look best."
    )
    domain = forms.ChoiceField(label="Enamel", help_text="Its colour tells the field.", widget=forms.RadioSelect)
    metal = forms.ChoiceField(label="Metal", required=False, help_text="It tells the level. Another one breaks that on purpose.")
    body = forms.ChoiceField(label="Ground", choices=list(_BODIES.items()), widget=forms.RadioSelect)
    icon = forms.CharField(max_length=60, widget=forms.HiddenInput)
    upper_left = forms.CharField(max_length=WORDS_CHARACTERS, required=False, label="Above, left")
    upper_right = forms.CharField(max_length=WORDS_CHARACTERS, required=False, label="Above, right")
    lower_left = forms.CharField(max_length=WORDS_CHARACTERS, required=False, label="Below, left")
    lower_right = forms.CharField(max_length=WORDS_CHARACTERS, required=False, label="Below, right")
    arc = forms.CharField(
        max_length=WORDS_CHARACTERS, required=False, label="Words above the symbol", help_text="For instance “Measured result”."
    )
    pips = forms.BooleanField(required=False, label="Show the level as studs")

    def __init__(self, *arguments: Any, suggested: Recipe, **named: Any) -> None:
        super().__init__(*arguments, **named)
        level = METAL_OF_LEVEL[suggested.level] if suggested.pips else suggested.metal
        metals = [("", f"As suggested: {level}"), *((metal.value, metal.value.capitalize()) for metal in MetalName)]
        for name, choices in (("metal", metals), ("domain", [(one.value, _enamel(one)) for one in Domain])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not suggested.pips:
            # Without a level there is nothing to show.
            del self.fields["pips"]
        self.suggested = suggested

    def clean_icon(self) -> str:
        """One of the glyphs that there are."""
        icon: str = self.cleaned_data["icon"]
        if icon not in icon_names():
            raise forms.ValidationError("Choose one of the symbols.")
        return icon

    def choices(self) -> dict[str, Any]:
        """What was chosen, by member of a recipe; for a form that is valid."""
        data = self.cleaned_data
        chosen = {name: data[name] for name in ("title", "domain", "body", "icon", "arc")}
        metal = data["metal"] or self.suggested.metal
        return {**chosen, "metal": metal, "rim": {name: data[name] for name in RIM}, "pips": data.get("pips", False)}


def initial(recipe: Recipe, suggested: Recipe) -> dict[str, Any]:
    """What the form shows for this recipe."""
    members = asdict(recipe)
    metal = "" if recipe.metal == suggested.metal else recipe.metal
    return {**members, **members["rim"], "metal": metal}


def glyphs(words: str, chosen: str) -> list[str]:
    """The glyphs that these words lead to, best first, at most MOST_GLYPHS; without words the commonest. The chosen one is among them."""
    found = [name for name in (find_icons(words) if words.strip() else _COMMON) if name in icon_names()]
    return [name for name in dict.fromkeys([chosen, *found]) if name in icon_names()][:MOST_GLYPHS]


def _enamel(domain: Domain) -> str:
    return f"{domain.value.capitalize()} ({ENAMEL_OF_DOMAIN[domain]})"
