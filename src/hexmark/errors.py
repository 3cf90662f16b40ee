"""Errors of the domain: each carries a sentence that the person reading it can act on.

Only doors (web, api, cli) turn them into status codes or exit codes. Errors of the signed format live in
`hexmark.openbadges.errors`, which knows nothing of organisations or people.
"""


class DomainError(Exception):
    """A domain act was refused. `str(error)` is a sentence to show; `field` names the input to correct, if one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotPermitted(DomainError):
    """The actor may not do this, or may not even know that the thing exists. Doors answer 404 for strangers."""


class Conflict(DomainError):
    """The thing is no longer in the state that the act needs. Nothing was changed."""


class Invalid(DomainError):
    """What was given cannot be used. Nothing was changed."""


class NotConfigured(DomainError):
    """The installation lacks something (a key, a secret, a public address); the message says how to supply it."""
