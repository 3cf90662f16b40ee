"""One rule that Django does not bring: a password must not be so long that hashing it becomes an attack."""

from __future__ import annotations

from django.core.exceptions import ValidationError

LONGEST = 128


class MaximumLengthValidator:
    """Refuses passwords of more than 128 characters (OWASP ASVS 5.0, 6.2.9 asks for at least 64)."""

    def validate(self, password: str, user: object = None) -> None:
        """Pass silently if the password is short enough."""
        if len(password) > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        """What the form says."""
        return f"At most {LONGEST} characters."
