"""Django's entry for mail."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Messages to people: an outbox, templates in several languages, delivery."""

    name = "hexmark.mail"
    label = "mail"

    def ready(self) -> None:
        """The delivery job is registered."""
        from hexmark.mail import jobs  # noqa: F401
