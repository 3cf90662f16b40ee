"""Background work."""

import click

from hexmark.cli import framework


@click.command()
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="How many jobs run at the same time.")
def worker(processes: int) -> None:
    """Sign, publish and tidy up in the background, until stopped."""
    framework.start()
    framework.require_secrets()
    from hexmark.jobs.worker import Worker

    click.echo("Working. Stop with Ctrl-C.", err=True)
    Worker(processes=processes).run()
