"""Django's entry for the catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Tables of achievements, and the directory that is kept of them."""

    name = "hexmark.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """The sweeps and subscriptions of the catalogue are registered."""
        from hexmark.catalogue import jobs  # noqa: F401
