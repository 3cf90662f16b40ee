"""Django's entry for passport."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    """What an account holds: claimed credentials, audiences, collections, shares."""

    name = "hexmark.passport"
    label = "passport"

    def ready(self) -> None:
        """The subscribers and jobs are registered."""
        from hexmark.passport import jobs, subscribers  # noqa: F401
