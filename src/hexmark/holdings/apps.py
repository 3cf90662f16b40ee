"""Django's entry for holdings."""

from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    """What people hold, and the decisions that were taken by it."""

    name = "hexmark.holdings"
    label = "holdings"

    def ready(self) -> None:
        """The jobs, sweeps and subscribers are registered."""
        from hexmark.holdings import jobs, subscribers  # noqa: F401
