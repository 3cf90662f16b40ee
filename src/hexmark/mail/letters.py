"""Letters, and how templates become subject, text and HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.template.loader import get_template

from hexmark.errors import Invalid
from hexmark.mail.rules import LONGEST_HTML, LONGEST_TEXT, checked_subject

FOLDER = Path(__file__).parent / "templates" / "mail"
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
FALLBACK = "en"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "dv", "ug"})
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be told to whom. `context` fills the template; `secret` says that it holds a link that stands for a password.

    `sender` in the context is the name at the top of the letter: usually the organisation's.
    """

    to: str
    template: str
    language: str
    context: Mapping[str, Any]
    organisation_id: int | None
    about: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Parts:
    language: str
    subject: Template
    text: Template
    html: Template | None


def render(template: str, *, language: str, context: Mapping[str, Any]) -> Rendered:
    """The template in this language, or in English where it has none, filled with the context.

    What stands in the context is never read as a template, and no value of it can break out of the subject's line.

    Raises:
        Invalid: subject or text cannot be sent.
        LookupError: there is no such template.
    """
    parts = _parts(template, language)
    direction = "rtl" if parts.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    given: dict[str, Any] = Sample() if isinstance(context, Sample) else {}
    given.update({"public_url": settings.PUBLIC_URL, "sender": "Hexmark"})
    given.update(context)
    given.update({"language": parts.language, "direction": direction})
    subject = checked_subject(parts.subject.render(Context(given, autoescape=False)))
    text = parts.text.render(Context(given, autoescape=False)).strip() + "\n"
    html = parts.html.render(Context(given)) if parts.html else ""
    if len(text) > LONGEST_TEXT or len(html) > LONGEST_HTML or "\x00" in text or "\x00" in html:
        raise Invalid("The message is too long to be sent.", field="text")
    return Rendered(language=parts.language, subject=subject, text=text, html=html)


def templates() -> dict[str, list[str]]:
    """Every template with the languages that it is written in, both in order."""
    folders = sorted(folder for folder in FOLDER.iterdir() if folder.is_dir())
    return {folder.name: sorted(file.stem for file in folder.glob("*.txt")) for folder in folders if (folder / "en.txt").is_file()}


class Sample(dict[str, Any]):
    """A context for previews: what the sample does not name is shown by its own name."""

    def __contains__(self, key: object) -> bool:
        """Everything is there."""
        return True

    def __missing__(self, key: str) -> str:
        return f"[{key}]"


def sample(template: str) -> Sample:
    """What a preview of this template shows.

    Raises:
        LookupError: there is no such template.
    """
    if template not in templates():
        raise LookupError(f"There is no template {template!r}.")
    file = FOLDER / template / "sample.json"
    return Sample(json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {})


def render_sample(template: str, *, language: str) -> Rendered:
    """The template in this language as a preview shows it.

    Raises:
        LookupError: there is no such template.
    """
    return render(template, language=language, context=sample(template))


@cache
def _parts(template: str, language: str) -> _Parts:
    for candidate in dict.fromkeys((language, language.partition("-")[0], FALLBACK)):
        try:
            source = _source(f"mail/{template}/{candidate}.txt")
        except TemplateDoesNotExist:
            continue
        first, _, rest = source.partition("\n")
        if not first.startswith(_SUBJECT):
            raise LookupError(f"The first line of mail/{template}/{candidate}.txt must begin with {_SUBJECT!r}.")
        engine = Engine.get_default()
        return _Parts(candidate, engine.from_string(first.removeprefix(_SUBJECT)), engine.from_string(rest), _html(template, candidate))
    raise LookupError(f"There is no mail template {template!r}.")


def _html(template: str, language: str) -> Template | None:
    try:
        return Engine.get_default().get_template(f"mail/{template}/{language}.html")
    except TemplateDoesNotExist:
        return None


def _source(name: str) -> str:
    return str(get_template(name).template.source)  # type: ignore[attr-defined]  # Django's own backend
