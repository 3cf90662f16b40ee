"""Django's entry for the event log."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the job that tells subscribers, and the sweep that finds what they have not been told."""

    name = "hexmark.events"
    label = "events"

    def ready(self) -> None:
        """The jobs are registered."""
        from hexmark.events import jobs  # noqa: F401
