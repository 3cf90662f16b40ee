"""Django's entry for api."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API: a door like the site, which calls actions and queries only."""

    name = "hexmark.api"
    label = "api"
