"""Django's entry for the demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """No tables of its own."""

    name = "hexmark.demo"
    label = "demo"
