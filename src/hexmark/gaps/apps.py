"""Django's entry for gaps."""

from django.apps import AppConfig


class GapsConfig(AppConfig):
    """What roles ask for against what people hold."""

    name = "hexmark.gaps"
    label = "gaps"

    def ready(self) -> None:
        """The jobs and sweeps are registered."""
        from hexmark.gaps import jobs  # noqa: F401
