"""Starting the framework for commands that need the database."""

from __future__ import annotations

import os
from pathlib import Path

import click


def start(*, data_dir: Path | None = None, demo: bool = False, public_url: str = "") -> None:
    """The framework is ready, for this data directory and address if given, else for what the environment says.

    Raises:
        ClickException: a variable of the configuration cannot be used.
    """
    given = {"HEXMARK_DATA_DIR": str(data_dir) if data_dir else "", "HEXMARK_DEMO": "1" if demo else "", "HEXMARK_PUBLIC_URL": public_url}
    # Into the environment, because the processes that we start must read the same.
    os.environ.update({name: value for name, value in given.items() if value})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hexmark.project.settings")
    import django

    from hexmark.errors import NotConfigured

    try:
        django.setup()
    except NotConfigured as error:
        raise click.ClickException(str(error)) from error


def migrate() -> None:
    """The database has every table. Safe to call at each start."""
    from django.conf import settings
    from django.core.management import call_command

    # For this user alone: sessions, addresses and the sealed keys lie in it.
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def require_secrets() -> None:
    """Pass silently if the installation has the secrets without which it must not serve.

    Raises:
        ClickException: one is missing; the message says how to make it.
    """
    from django.conf import settings

    from hexmark.errors import NotConfigured
    from hexmark.keys.store import key_encryption_key

    if not settings.SECRET_KEY_IS_PERMANENT:
        raise click.ClickException("HEXMARK_SECRET_KEY is missing. Make one with `hexmark keys new-secret` and keep it.")
    try:
        key_encryption_key()
    except NotConfigured as error:
        raise click.ClickException(str(error)) from error
