"""Django's entry for open gates."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    """Requirements that are published as signed documents."""

    name = "hexmark.gates"
    label = "gates"

    def ready(self) -> None:
        """The jobs are registered, and what is signed."""
        from hexmark.gates import jobs, signing  # noqa: F401
