"""Awarding from the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hexmark.cli import framework

if TYPE_CHECKING:
    from hexmark.people.models import Person


@click.command()
@click.argument("badge")
@click.argument("emails", nargs=-1)
@click.option("--as", "awarded_by", required=True, metavar="EMAIL", help="Who awards: a person with the right to.")
@click.option("--why", "narrative", default="", help="What they did; stands in the signed file.")
@click.option("--now", is_flag=True, help="Sign without the ten minutes in which it can be undone.")
def award(badge: str, emails: tuple[str, ...], awarded_by: str, narrative: str, now: bool) -> None:
    """Award BADGE (the last part of its address) to the people with these EMAILS; `-` reads them from standard input, one a line."""
    framework.start()
    from hexmark.awarding import actions
    from hexmark.catalogue.queries import awardable_version
    from hexmark.errors import DomainError
    from hexmark.people.queries import actor_for

    given = [line.strip() for line in sys.stdin if line.strip()] if emails == ("-",) else list(emails)
    version = awardable_version(badge)
    if version is None:
        raise click.ClickException(f"No published badge has the address …/b/{badge}.")
    organisation_id = version.organisation_id
    try:
        actor = actor_for(_people(organisation_id, [awarded_by])[0])
        awarded = actions.award(version, to=_people(organisation_id, given), actor=actor, narrative=narrative)
        if now:
            actions.release_now(awarded.run, actor=actor)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    when = "now" if now else "in ten minutes"
    click.echo(f"Awarded “{version.name}” to {awarded.made}; signed {when}. {len(awarded.already_held_by)} already held it.")


def _people(organisation_id: int, emails: list[str]) -> list[Person]:
    from hexmark.organisations.models import Organisation
    from hexmark.people.queries import people_by_email

    known = people_by_email(Organisation.objects.get(pk=organisation_id), emails)
    unknown = [email for email in emails if email.lower() not in known]
    if unknown or not emails:
        raise click.ClickException(
            f"Nobody in this organisation has the address {', '.join(unknown)}." if unknown else "Name at least one person."
        )
    return [known[email.lower()] for email in dict.fromkeys(emails)]
