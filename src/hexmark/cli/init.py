"""The first step of a new installation."""

import click

from hexmark.cli import framework


@click.command()
def init() -> None:
    """Make the database and print the link with which the first organisation is set up. It works once, for an hour."""
    framework.start()
    framework.require_secrets()
    framework.migrate()
    from django.conf import settings

    from hexmark.errors import DomainError
    from hexmark.people.actions import make_set_up_link

    try:
        token = make_set_up_link()
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Open {settings.PUBLIC_URL}/setup?token={token}")
    click.echo("The link works once, within the hour. Start the site with `hexmark serve` first.")
