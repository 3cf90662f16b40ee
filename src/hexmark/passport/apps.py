"""Django's entry for passport."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    """What an account holds: claimed credentials, audiences, collections, shares."""

    name = "hexmark.passport"
    label = "passport"

    def ready(self) -> None:
        """The subscribers are registered."""
        from hexmark.passport import subscribers  # noqa: F401
