"""Django's entry for the key store."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Tables of the key store."""

    name = "hexmark.keys"
    label = "signing_keys"
