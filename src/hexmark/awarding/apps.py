"""Django's entry for awarding."""

from django.apps import AppConfig


class AwardingConfig(AppConfig):
    """Tables of awards."""

    name = "hexmark.awarding"
    label = "awarding"
