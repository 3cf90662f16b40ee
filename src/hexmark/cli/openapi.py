"""The API's description as a file."""

import click

from hexmark.cli import framework


@click.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the REST API. The copy in the repository is made by it: hexmark openapi > openapi.json"""
    framework.start()
    from hexmark.api.description import openapi_text

    click.echo(openapi_text(), nl=False)
