"""The framework's own commands, for whoever knows them."""

import click

from hexmark.cli import framework


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a command of the web framework (migrate, shell, changepassword …)."""
    framework.start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hexmark manage", *arguments])
