"""The group of all commands. Each is loaded when it is called, so that `hexmark verify` never loads the framework."""

from __future__ import annotations

from importlib import import_module

import click

#: Command name → module and attribute.
COMMANDS = {
    "art": ("hexmark.cli.art", "art"),
    "award": ("hexmark.cli.award", "award"),
    "backup": ("hexmark.cli.backup", "backup"),
    "bake": ("hexmark.cli.bake", "bake"),
    "canon": ("hexmark.cli.canon", "canon"),
    "check": ("hexmark.cli.check", "check"),
    "demo": ("hexmark.cli.demo", "demo"),
    "export": ("hexmark.cli.export", "export"),
    "import": ("hexmark.cli.imports", "import_"),
    "directory": ("hexmark.cli.directory", "directory"),
    "init": ("hexmark.cli.init", "init"),
    "inspect": ("hexmark.cli.inspect", "inspect"),
    "keys": ("hexmark.cli.keys", "keys"),
    "mail": ("hexmark.cli.mail", "mail"),
    "manage": ("hexmark.cli.manage", "manage"),
    "openapi": ("hexmark.cli.openapi", "openapi"),
    "qualify": ("hexmark.cli.qualify", "qualify"),
    "restore": ("hexmark.cli.restore", "restore"),
    "serve": ("hexmark.cli.serve", "serve"),
    "sign": ("hexmark.cli.sign", "sign"),
    "unbake": ("hexmark.cli.bake", "unbake"),
    "verify": ("hexmark.cli.verify", "verify"),
    "worker": ("hexmark.cli.worker", "worker"),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hexmark")
def main() -> None:
    """Hexmark: Open Badges for organisational performance."""
