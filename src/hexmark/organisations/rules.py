"""Decisions about organisations that need no database."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hexmark.access import Actor, Scope, permissions_of_scopes
from hexmark.errors import Invalid, NotPermitted
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.organisations.models import slug_validator

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 2000
LONGEST_WEBSITE = 200
LONGEST_KEY_LABEL = 80
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


def check_api_key(*, label: str, scopes: Collection[Scope], expires_at: datetime | None, actor: Actor, now: datetime) -> None:
    """Pass silently if the actor can make such a key.

    Raises:
        Invalid: the label cannot be used, no scope is given, or the last moment is over already; `field` names it.
        NotPermitted: the key could do more than whoever makes it.
    """
    if not label or len(label) > LONGEST_KEY_LABEL or hides_in_line(label):
        raise Invalid(f"Say in 1 to {LONGEST_KEY_LABEL} visible characters what the key is for.", field="label")
    if not scopes:
        raise Invalid("Choose at least one thing that the key may do.", field="scopes")
    if expires_at is not None and expires_at <= now:
        raise Invalid("The last day lies in the past.", field="expires_at")
    if not permissions_of_scopes(scopes) <= actor.permissions:
        raise NotPermitted("A key cannot do more than whoever makes it.")
