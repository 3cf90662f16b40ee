"""Django's entry for files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """No tables: files are found by the hash of their content."""

    name = "hexmark.files"
    label = "files"
