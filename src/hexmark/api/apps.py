"""Django's entry for api."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API: a door like the site, which calls actions and queries only. Registers what keeps its own tables small."""

    name = "hexmark.api"
    label = "api"

    def ready(self) -> None:
        """The sweep is registered."""
        from hexmark.api import jobs  # noqa: F401
