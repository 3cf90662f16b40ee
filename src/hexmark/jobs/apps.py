"""Django's entry for background work."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the queue's housekeeping; the rooms above register their own jobs and sweeps."""

    name = "hexmark.jobs"
    label = "jobs"

    def ready(self) -> None:
        """The house's own jobs are registered."""
        from hexmark.jobs import heartbeat, housekeeping  # noqa: F401
