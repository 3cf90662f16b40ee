"""The demo: a whole organisation in a fresh data directory, real credentials before your eyes, then the site."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hexmark.cli import framework

#: Secrets of the demo, made once for its data directory; a real installation takes its own from outside.
SECRETS_FILE = "demo-secrets.json"
#: Written when everything stands; without it the build was interrupted, and begins anew.
COMPLETE_FILE = "demo-complete.json"
Progress = Callable[[str, int, int], None]


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--once", is_flag=True, help="Build, sign and verify, then exit instead of serving.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about what was built.")
def demo(data_dir: Path, host: str, port: int, once: bool, as_json: bool) -> None:
    """Build the demo organisation, sign and verify its credentials, and serve it."""
    public_url = f"http://localhost:{port}"
    if not once:
        _require_free_port(host, port)
    data_dir.mkdir(parents=True, exist_ok=True)
    kept = _secrets(data_dir)
    if kept["public_url"] != public_url:
        raise click.ClickException(
            f"This demo was built for {kept['public_url']}: its address is part of what it signed. Use that port, or another --data-dir."
        )
    # The demo is SQLite in its own directory, whatever database the environment names for a real installation.
    os.environ.pop("HEXMARK_DATABASE_URL", None)
    os.environ.pop("HEXMARK_DATABASE_URL_FILE", None)
    complete = data_dir / COMPLETE_FILE
    if not complete.exists():
        _begin_anew(data_dir)
    framework.start(data_dir=data_dir.resolve(), demo=True, public_url=public_url)
    framework.migrate()
    with _progress(quiet=as_json) as progress:
        summary = _standing() if complete.exists() else _build(kept["password"], progress)
    _write(complete, json.dumps(summary, indent=1))
    click.echo(json.dumps(summary) if as_json else _in_words(summary))
    if summary.get("credentials_verified", summary["credentials_issued"]) != summary["credentials_issued"]:
        raise click.ClickException("Not every credential verified. This should never happen: please report it.")
    if not once:
        _announce(public_url, kept["password"])
        from hexmark.cli.serve import run

        run(host=host, port=port, workers=1, with_worker=True)


def _require_free_port(host: str, port: int) -> None:
    """Pass silently if the demo can be served there: asked before the work of building it."""
    from hexmark.cli.serve import require_free_port

    try:
        require_free_port(host, port)
    except click.ClickException as error:
        other = f"hexmark demo --port {port + 1} --data-dir demo-{port + 1}"
        raise click.ClickException(f"{error.message} For a demo of its own there: {other}") from error


def _secrets(data_dir: Path) -> dict[str, str]:
    """The demo's secrets, made at its first start, and put where the configuration reads them."""
    from hexmark.keys.sealing import new_key_encryption_key

    file = data_dir / SECRETS_FILE
    context = click.get_current_context()
    if not file.exists():
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "key_encryption_key": new_key_encryption_key(),
            "password": "-".join(secrets.token_hex(2) for _ in range(4)),
            "public_url": f"http://localhost:{context.params['port']}",
        }
        _write(file, json.dumps(made, indent=1))
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    os.environ["HEXMARK_SECRET_KEY"] = kept["secret_key"]
    os.environ["HEXMARK_KEY_ENCRYPTION_KEY"] = kept["key_encryption_key"]
    return kept


def _write(file: Path, text: str) -> None:
    """The file holds the text, readable by its owner alone; killed on the way, it holds what it held before."""
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _begin_anew(data_dir: Path) -> None:
    """Nothing is left of a build that was interrupted: nobody has been served from it yet."""
    for database in data_dir.glob("hexmark.sqlite3*"):
        database.unlink()
    for folder in ("files", "samples"):
        shutil.rmtree(data_dir / folder, ignore_errors=True)


def _build(password: str, progress: Progress) -> dict[str, Any]:
    """Build the world and say what was built."""
    from django.conf import settings

    from hexmark.demo import build, proof

    started = time.monotonic()
    world = build.build(password=password, progress=progress)
    verified = proof.verify_all(world.organisation, progress=progress)
    proof.write_samples(world.organisation, settings.DATA_DIR / "samples")
    revoked, paused = build.revoke_and_pause(world)
    seconds = round(time.monotonic() - started, 2)
    return _counts() | {
        "credentials_verified": verified,
        "credentials_revoked": revoked,
        "credentials_paused": paused,
        "seconds": seconds,
        "public_url": settings.PUBLIC_URL,
        "samples": str(settings.DATA_DIR / "samples"),
    }


def _standing() -> dict[str, Any]:
    """What stands in a data directory that was built before."""
    from django.conf import settings

    return _counts() | {"seconds": 0.0, "public_url": settings.PUBLIC_URL, "samples": str(settings.DATA_DIR / "samples")}


def _counts() -> dict[str, Any]:
    from hexmark.awarding.models import Award
    from hexmark.catalogue.models import Achievement
    from hexmark.issuing.models import Credential
    from hexmark.organisations.models import Organisation
    from hexmark.people.models import Person

    return {
        "organisations": Organisation.objects.count(),
        "people": Person.objects.count(),
        "achievements": Achievement.objects.count(),
        "awards": Award.objects.count(),
        "credentials_issued": Credential.objects.issued().count(),
    }


def _in_words(summary: dict[str, Any]) -> str:
    if "credentials_verified" not in summary:
        return f"The demo stands already: {summary['people']} people, {summary['credentials_issued']} signed credentials."
    built = f"{summary['people']} people, {summary['achievements']} achievements"
    signed = f"{summary['credentials_issued']} credentials signed and {summary['credentials_verified']} verified"
    shown = f"{summary['credentials_revoked']} was then revoked and {summary['credentials_paused']} paused, for you to see"
    return f"{built}: {signed} in {summary['seconds']} seconds. {shown}. Samples: {summary['samples']}"


def _announce(public_url: str, password: str) -> None:
    from hexmark.demo.build import existing_sign_ins

    click.echo(f"\n  Open {public_url}\n")
    for one in existing_sign_ins():
        click.echo(f"  {one.who:<20} {one.email}")
    click.echo(f"  {'Password for each':<20} {password}\n")
    click.echo(f"  Verify a sample from another terminal:  HEXMARK_ALLOW_LOCAL_ORIGIN={public_url} hexmark verify FILE")
    click.echo("  Stop with Ctrl-C.\n")


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar for each kind of work, on standard error; silent when a program reads the output."""
    if quiet:
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell
