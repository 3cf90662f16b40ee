"""Django's entry for measures."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Definitions of figures, their values with every correction, and imported records."""

    name = "hexmark.measures"
    label = "measures"
