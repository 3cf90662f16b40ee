"""`hexmark bake` and `hexmark unbake`: put a signed badge into a picture, and take it out again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hexmark.cli.files import refusals

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("image", type=_FILE)
@click.argument("credential", type=_FILE)
@click.option("-o", "--output", type=_OUT, required=True, help="The picture to write.")
def bake(image: Path, credential: Path, output: Path) -> None:
    """Put the signed badge CREDENTIAL (JSON) into IMAGE, a PNG or SVG, and write the result.

    The text goes in as it is, so that its signature still holds. A badge that was in the picture before is replaced.
    Exit code 3: one of the two cannot be read.
    """
    with refusals():
        from hexmark.openbadges import baking, strict_json

        text = credential.read_bytes()
        # What no verifier would read shall not be handed out either.
        strict_json.parse(text)
        baked = baking.bake(image.read_bytes(), text.decode())
    _write(output, baked)
    click.echo(f"Wrote {output} ({len(baked):,} bytes).", err=True)


@click.command()
@click.argument("image", type=_FILE)
@click.option("-o", "--output", type=_OUT, help="The file to write, instead of standard output.")
def unbake(image: Path, output: Path | None) -> None:
    """Print the badge that is in IMAGE, a PNG or SVG, exactly as it was put in.

    It is not checked: pipe it into `hexmark verify -`. Exit code 3: the picture holds no badge, or more than one.
    """
    with refusals():
        from hexmark.openbadges import baking

        text = baking.unbake(image.read_bytes()).encode()
    if output is None:
        # Bytes, not text: a terminal's encoding must not change what was signed.
        sys.stdout.buffer.write(text)
    else:
        _write(output, text)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
