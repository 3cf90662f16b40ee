"""The command line: `hexmark …`. A door like the site: it turns words into objects and calls actions."""

from hexmark.cli.main import main

__all__ = ["main"]
