"""Django's entry for performance."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Cycles, reviews and their packets, targets and plans."""

    name = "hexmark.performance"
    label = "performance"

    def ready(self) -> None:
        """The subscribers and jobs are registered."""
        from hexmark.performance import review_jobs  # noqa: F401
        from hexmark.performance.targets import jobs, subscribers  # noqa: F401
