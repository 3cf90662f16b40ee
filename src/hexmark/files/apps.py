"""Django's entry for files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """No tables: files are found by the hash of their content."""

    name = "hexmark.files"
    label = "files"

    def ready(self) -> None:
        """The jobs are registered."""
        from hexmark.files import jobs  # noqa: F401
