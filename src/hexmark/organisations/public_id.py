"""Ids that may be seen by the world: 128 random bits, so that knowing one tells nothing of another."""

from __future__ import annotations

import secrets
from base64 import b32encode

from django.db import models

CHARACTERS = 26


def new_public_id() -> str:
    """26 lower-case base32 characters that carry 128 random bits."""
    return b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def public_id_field() -> models.CharField[str, str]:
    """A column for such an id, made when the row is."""
    return models.CharField(max_length=CHARACTERS, unique=True, default=new_public_id, editable=False)
