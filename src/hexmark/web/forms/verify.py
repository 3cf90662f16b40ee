"""The form of the verify page."""

from __future__ import annotations

from typing import Any

from django import forms

from hexmark.openbadges.limits import IMAGE_BYTES

TOO_LARGE = "The file is larger than 5 MB, which no Open Badge is."


class VerifyForm(forms.Form):
    """A file, a text or a link: whichever is given."""

    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="Drop an Open Badge here, or choose its file",
        help_text="A PNG or SVG picture with it inside, or a JSON or JWT file.",
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.json,.jsonld,.jwt,image/png,image/svg+xml,application/json"}),
    )
    text = forms.CharField(
        required=False,
        max_length=IMAGE_BYTES,
        label="Or paste its link or its text",
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off", "placeholder": "https://…"}),
    )
    recipient = forms.EmailField(
        required=False,
        label="E-mail address of the person",
        help_text="It is compared with the hidden one in it and not kept.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # An upload that was cut off does not arrive as a file at all.
        self.too_large = too_large

    def clean_file(self) -> Any:
        """Refused by its size before anything reads it."""
        file = self.cleaned_data.get("file")
        if self.too_large or (file and file.size > IMAGE_BYTES):
            raise forms.ValidationError(TOO_LARGE)
        if file and not file.size:
            raise forms.ValidationError("The file is empty.")
        return file

    def clean(self) -> dict[str, Any]:
        """One source at least."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("text") or "").strip() and not self.errors:
            raise forms.ValidationError("Choose a file, or paste a link or text.")
        return cleaned
