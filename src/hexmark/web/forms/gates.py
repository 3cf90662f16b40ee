"""The form of an open gate: badges from anywhere, several at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hexmark.openbadges.limits import IMAGE_BYTES
from hexmark.verification.qualifying import MOST_BADGES

_TOO_LARGE = "Together the files are larger than 5 MB. Check fewer at once."
_LINKS = ("http://", "https://")


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class GateForm(forms.Form):
    """Files, and texts or links: whichever are given."""

    badges = forms.FileField(
        required=False,
        label="Drop signed files here, or choose them",
        help_text="PNG or SVG pictures with one inside, or JSON or JWT files. Several at once.",
        widget=_ManyFiles(attrs={"accept": ".png,.svg,.json,.jsonld,.jwt,image/png,image/svg+xml,application/json"}),
    )
    text = forms.CharField(
        required=False,
        max_length=IMAGE_BYTES,
        label="Or paste links or texts, one below the other",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "placeholder": "https://…"}),
    )

    def __init__(self, *arguments: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.too_large = too_large

    def clean(self) -> dict[str, Any]:
        """One at least, and no more than are looked at."""
        cleaned = super().clean() or {}
        files = self.uploads()
        # Django looks at the last file alone; an empty one among several is told by its own line of the answer.
        self.errors.pop("badges", None)
        if self.too_large or sum(one.size or 0 for one in files) > IMAGE_BYTES:
            raise forms.ValidationError(_TOO_LARGE)
        count = len(files) + len(list(texts_in(cleaned.get("text") or "")))
        if not count:
            raise forms.ValidationError("Choose at least one file, or paste a link or text.")
        if count > MOST_BADGES:
            raise forms.ValidationError(f"At most {MOST_BADGES} can be checked at once; these are {count}.")
        return cleaned

    def uploads(self) -> list[UploadedFile]:
        """The files that were given."""
        return self.files.getlist("badges") if hasattr(self.files, "getlist") else []


def texts_in(pasted: str) -> Iterator[str]:
    """The single links, tokens and JSON objects in a pasted text, each exactly as it stands there."""
    decoder, rest = json.JSONDecoder(), pasted.strip()
    while rest:
        if rest.startswith("{"):
            try:
                end = decoder.raw_decode(rest)[1]
            except (ValueError, RecursionError):
                end = len(rest)
        else:
            end = len(rest.split(None, 1)[0])
        yield rest[:end].rstrip(",") if rest.startswith(_LINKS) else rest[:end]
        rest = rest[end:].lstrip(" \t\r\n,")
