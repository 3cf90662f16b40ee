"""Keys: making secrets for a new installation, listing and rotating signing keys."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from hexmark.cli import framework

if TYPE_CHECKING:
    from hexmark.openbadges.keys import KeyKind


@click.group()
def keys() -> None:
    """Secrets of the installation, and signing keys of organisations."""


@keys.command("new-encryption-key")
def new_encryption_key() -> None:
    """Print a new key-encryption key for HEXMARK_KEY_ENCRYPTION_KEY. Losing it means losing every signing key."""
    from hexmark.keys.sealing import new_key_encryption_key

    click.echo(new_key_encryption_key())


@keys.command("new-secret")
def new_secret() -> None:
    """Print a new secret for HEXMARK_SECRET_KEY. Changing it signs everybody out."""
    click.echo(secrets.token_urlsafe(48))


@keys.command("list")
@click.argument("organisation")
def list_(organisation: str) -> None:
    """List the published keys of ORGANISATION (its short name), the active one last."""
    framework.start()
    from hexmark.keys.store import published_keys

    for key in published_keys(_organisation_id(organisation)):
        until = f"retired {key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "active"
        click.echo(f"{key.public_multibase}  {key.kind}, made {key.created_at:%Y-%m-%d %H:%M}  {until}")


@keys.command("make")
@click.argument("organisation")
@click.option("--kind", type=click.Choice(["Ed25519", "P-256", "RSA"]), default="Ed25519", show_default=True, help="The kind of key.")
def make(organisation: str, kind: KeyKind) -> None:
    """Have ORGANISATION sign with a new key from now on. What older keys signed keeps verifying."""
    framework.start()
    from hexmark.access import system
    from hexmark.errors import DomainError
    from hexmark.organisations.actions import rotate_key
    from hexmark.organisations.models import Organisation

    pk = _organisation_id(organisation)
    try:
        key = rotate_key(Organisation.objects.get(pk=pk), actor=system(pk, label="the command line"), kind=kind)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{organisation} signs with {key.public_multibase} from now on.")


def _organisation_id(slug: str) -> int:
    from hexmark.organisations.models import Organisation

    found = Organisation.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise click.ClickException(f"No organisation here has the short name {slug!r}.")
    return found
