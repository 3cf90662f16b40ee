"""`hexmark canon`: the canonical N-Quads of a document, which are what is hashed and signed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hexmark.cli.files import bytes_of, refusals


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--with-proof", is_flag=True, help="Keep the proof in. Without this it is left out, as for signing.")
@click.option("--hash", "hash_name", type=click.Choice(["SHA-256", "SHA-384"]), default="SHA-256", help="The hash inside RDFC-1.0.")
@click.option("--later", is_flag=True, help="Read each context in its last published revision instead of its first.")
def canon(file: Path, *, with_proof: bool, hash_name: str, later: bool) -> None:
    """Print the canonical N-Quads (RDFC-1.0) of FILE, one statement a line: a badge as JSON, or baked into a PNG or SVG.

    FILE may be - for standard input. Contexts are the pinned ones; nothing is fetched and nothing is verified.

    Exit code 3: the file cannot be read, or holds what a signature could not cover.
    """
    with refusals():
        from hexmark.verification import Canonicalizer, document_of

        document = dict(document_of(bytes_of(file)))
        if not with_proof:
            document.pop("proof", None)
        with Canonicalizer() as canonicalize:
            lines = (canonicalize.later if later else canonicalize)(document, hash_name=hash_name)
    # Bytes, not text: these are hashed, and a terminal's encoding or new lines must not change them.
    sys.stdout.buffer.write(lines)
