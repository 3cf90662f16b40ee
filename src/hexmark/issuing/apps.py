"""Django's entry for issuing."""

from django.apps import AppConfig


class IssuingConfig(AppConfig):
    """Tells the signer how to rebuild what it signs, and registers the jobs and sweeps of issuing."""

    name = "hexmark.issuing"
    label = "issuing"

    def ready(self) -> None:
        """The jobs and subscribers, and what the signer may sign, are registered."""
        from hexmark.issuing import documents, earners, jobs, subscribers  # noqa: F401
        from hexmark.keys.signer import register_builder

        register_builder("credential", documents.unsigned_credentials)
        register_builder("requested credential", documents.unsigned_requested_credentials)
        register_builder("status list", documents.unsigned_status_lists)
