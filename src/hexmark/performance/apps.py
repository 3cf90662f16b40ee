"""Django's entry for performance."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Cycles, reviews and their packets, targets and plans."""

    name = "hexmark.performance"
    label = "performance"
