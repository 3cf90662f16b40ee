"""Is the installation healthy?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from hexmark.cli import framework


@click.command()
def check() -> None:
    """Check configuration, database, keys and background work; exit 1 if something needs attention."""
    framework.start()
    failed = False
    for name, problem in _findings():
        failed = failed or bool(problem)
        click.echo(f"{'!' if problem else '✓'} {name}{': ' + problem if problem else ''}")
    raise SystemExit(1 if failed else 0)


def _findings() -> Iterator[tuple[str, str]]:
    for name, examine in (
        ("Secrets", _secrets),
        ("Database", _database),
        ("Signing keys", _signing_keys),
        ("Background work", _background_work),
    ):
        yield name, _problem(examine)


def _problem(examine: Callable[[], str]) -> str:
    from django.db import Error

    try:
        return examine()
    except click.ClickException as error:
        return error.message
    except Error as error:
        return f"the database cannot be read ({error.__class__.__name__}); is it running, and was `hexmark init` called?"


def _secrets() -> str:
    framework.require_secrets()
    return ""


def _database() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are missing; run `hexmark init` or `hexmark manage migrate`" if missing else ""


def _signing_keys() -> str:
    from hexmark.errors import NotConfigured
    from hexmark.keys.store import open_active_key
    from hexmark.organisations.models import Organisation

    if not Organisation.objects.exists():
        return "no organisation is set up yet; open the link that `hexmark init` prints"
    for organisation in Organisation.objects.all():
        try:
            open_active_key(organisation.pk)
        except NotConfigured as error:
            return f"{organisation.name}: {error}"
    return ""


def _background_work() -> str:
    from datetime import timedelta

    from django.utils import timezone

    from hexmark.awarding.queries import due_for_signing
    from hexmark.issuing.models import Credential
    from hexmark.issuing.queries import stale_status_lists

    before = timezone.now() - timedelta(minutes=5)
    # Those that have a row already wait as well: whatever keeps a batch from being signed leaves it there.
    late = due_for_signing(before).count() + Credential.objects.filter(issued_at__isnull=True, sign_as_of__lt=before).count()
    stale = stale_status_lists(before).count()
    problems = [f"{late} awards have been due for more than five minutes"] if late else []
    if stale:
        problems.append(f"{stale} status lists have lacked a change for more than five minutes, so that verifiers cannot see it")
    return f"{'; '.join(problems)}; is `hexmark worker` running?" if problems else ""
