"""Django's entry for organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Tables of organisations."""

    name = "hexmark.organisations"
    label = "organisations"
