"""Django's entry for the site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and static files."""

    name = "hexmark.web"
    label = "web"
