"""What a part of an address of the API may be."""

from __future__ import annotations

from hexmark.organisations.public_id import CHARACTERS


class Id:
    """A public id: 26 base32 characters."""

    regex = f"[a-z2-7]{{{CHARACTERS}}}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value
