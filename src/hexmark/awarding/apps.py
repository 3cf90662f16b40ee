"""Django's entry for awarding."""

from django.apps import AppConfig


class AwardingConfig(AppConfig):
    """Tables of awards; registers the jobs and sweeps of awarding."""

    name = "hexmark.awarding"
    label = "awarding"

    def ready(self) -> None:
        """The jobs are registered."""
        from hexmark.awarding import jobs  # noqa: F401
