"""Django's entry for people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Tables of accounts, persons and memberships."""

    name = "hexmark.people"
    label = "people"

    def ready(self) -> None:
        """Jobs and sweeps are registered."""
        from hexmark.people import imports, jobs  # noqa: F401
