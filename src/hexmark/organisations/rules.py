"""Decisions about organisations that need no database."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.organisations.models import slug_validator

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 2000
LONGEST_WEBSITE = 200
_WEB = URLValidator(schemes=["http", "https"])


def check_founding(*, name: str, slug: str, description: str, website: str) -> None:
    """Pass silently if an organisation can be founded with these: all of them stand in signed files for ever.

    Raises:
        Invalid: one cannot be used; `field` names it.
    """
    if not name:
        raise Invalid("Give the organisation a name.", field="name")
    if len(name) > LONGEST_NAME or hides_in_line(name):
        raise Invalid(f"The name has at most {LONGEST_NAME} characters, all of them visible.", field="name")
    try:
        slug_validator(slug)
    except ValidationError as error:
        raise Invalid("The short name may hold small letters, digits and hyphens.", field="slug") from error
    if len(description) > LONGEST_DESCRIPTION or hides_in_text(description):
        raise Invalid(f"The description has at most {LONGEST_DESCRIPTION} characters, all of them visible.", field="description")
    if website and (len(website) > LONGEST_WEBSITE or not is_web_address(website)):
        raise Invalid("The website is an address like https://example.org.", field="website")


def is_web_address(text: str) -> bool:
    """Whether this is an absolute web address that may stand in a signed file (RFC 3986: some characters must be escaped)."""
    try:
        _WEB(text)
    except ValidationError:
        return False
    return not re.search(r"[<>\"{}|\\^`\s]", text)
