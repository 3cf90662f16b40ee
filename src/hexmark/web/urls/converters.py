"""What a part of an address may be."""

from __future__ import annotations


class PublicId:
    """26 base32 characters."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value
