"""`hexmark art`: draw a badge from its recipe."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

_OUT = click.Path(dir_okay=False, path_type=Path)
#: The largest side of a PNG; larger pictures are of no use and cost much memory.
_LARGEST = 4096


class _Refused(click.ClickException):
    exit_code = 3


@click.command()
@click.argument("recipe", type=click.File("rb"))
@click.option("-o", "--output", type=_OUT, required=True, help="The picture to write.")
@click.option("--png", type=click.IntRange(16, _LARGEST), metavar="SIDE", help="Write a PNG of SIDE by SIDE pixels instead of an SVG.")
@click.option("--compact", is_flag=True, help="Without words, for 40 to 160 pixels.")
@click.option("--flat", is_flag=True, help="A plain sign, for less than 40 pixels.")
def art(recipe: BinaryIO, output: Path, png: int | None, compact: bool, flat: bool) -> None:
    """Draw the badge that RECIPE (JSON; - for standard input) describes, and write it as SVG.

    Exit code 3: the recipe cannot be drawn, for the reason that is said.
    """
    from hexmark.pressout import Recipe, RecipeError, compact_badge, flat_badge, full_badge, plain_badge

    if compact and flat:
        raise click.UsageError("Choose one of --compact and --flat.")
    try:
        read = Recipe.from_json(recipe.read())
        if compact or flat:
            svg = (compact_badge if compact else flat_badge)(read)
        else:
            svg = plain_badge(read) if read.art_version == 1 else full_badge(read)
    except RecipeError as error:
        raise _Refused(str(error)) from error
    data = svg.encode() if png is None else _raster(svg, png)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {output} ({len(data):,} bytes).", err=True)


def _raster(svg: str, side: int) -> bytes:
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, width=side, height=side))
