"""Django's entry for the catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Tables of achievements."""

    name = "hexmark.catalogue"
    label = "catalogue"
