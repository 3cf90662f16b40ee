"""Django's entry for passport."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    """What an account holds: claimed credentials, audiences, collections, shares."""

    name = "hexmark.passport"
    label = "passport"
