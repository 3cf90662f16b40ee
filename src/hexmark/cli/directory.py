"""`hexmark directory`: make the public directory's own table anew."""

from __future__ import annotations

import click

from hexmark.cli import framework


@click.command()
def directory() -> None:
    """Make the public directory anew from the catalogue, and count who holds what.

    The sweeps of `hexmark worker` keep it in step; this is for impatience, and for a catalogue that was written past them.
    """
    framework.start()
    from hexmark.catalogue import listing
    from hexmark.issuing.earners import count_marked

    changed = listing.rebuild()
    listing.count_all_again()
    count_marked()
    click.echo(f"{changed} entr{'y' if changed == 1 else 'ies'} changed, and every holder counted.")
