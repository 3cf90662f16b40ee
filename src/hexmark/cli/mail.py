"""Reading a letter that waits, for whoever runs the machine: before there is a mail server, and when one is out of order."""

from __future__ import annotations

import click

from hexmark.cli import framework


@click.command()
@click.argument("email")
def mail(email: str) -> None:
    """Print the newest letter that waits for EMAIL.

    Letters with a link that stands for a password are shown here and nowhere on the site: give it to nobody but its addressee.
    """
    framework.start()
    from hexmark.mail.models import Message

    waiting = Message.objects.filter(to__iexact=email, state=Message.State.WAITING).order_by("-queued_at", "-pk").first()
    if waiting is None:
        raise click.ClickException(f"No letter waits for {email}.")
    click.echo(f"Subject: {waiting.subject}\n\n{waiting.text}")
