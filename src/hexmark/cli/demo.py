"""The demo: a whole organisation in a fresh data directory, real credentials before your eyes, then the site."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import Any

import click

from hexmark.cli import framework
from hexmark.cli.progress import Progress, bars

#: Secrets of the demo, made once for its data directory; a real installation takes its own from outside.
SECRETS_FILE = "demo-secrets.json"
#: Written when everything stands; without it the build was interrupted, and begins anew.
COMPLETE_FILE = "demo-complete.json"
#: Who can sign in and what there is to see, with the password.
SIGN_INS_FILE = "demo-sign-ins.txt"


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--once", is_flag=True, help="Build, sign and verify, then exit instead of serving.")
@click.option("--small", is_flag=True, help="A tenth of the people and a third of the achievements, for trying things out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about what was built.")
def demo(*, data_dir: Path, host: str, port: int, once: bool, small: bool, as_json: bool) -> None:
    """Build the demo's four organisations, sign and verify their credentials, and serve them."""
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
    with bars(quiet=as_json) as progress:
        summary = _standing() if complete.exists() else _build(kept["password"], progress, small=small)
    _write(data_dir / SIGN_INS_FILE, _sign_ins(public_url, kept["password"]))
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


def _build(password: str, progress: Progress, *, small: bool) -> dict[str, Any]:
    """Build the world and say what was built."""
    from django.conf import settings

    from hexmark.demo import build, proof

    started = time.monotonic()
    world = build.build(password=password, progress=progress, small=small)
    proof.write_samples(world.houses[0].organisation, settings.DATA_DIR / "samples")
    figures = world.figures
    return _counts() | {
        "credentials_verified": figures.hold,
        "credentials_valid": figures.valid,
        "credentials_expired": figures.expired,
        "credentials_paused": figures.paused,
        "credentials_revoked": figures.revoked,
        "seconds": round(time.monotonic() - started, 2),
        "seconds_for": world.seconds,
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
    built = f"{summary['organisations']} organisations, {summary['people']} people, {summary['achievements']} achievements"
    signed = f"{summary['credentials_issued']} credentials signed and {summary['credentials_verified']} verified"
    states = ", ".join(f"{summary[f'credentials_{state}']} {state}" for state in ("valid", "expired", "paused", "revoked"))
    return f"{built}: {signed} in {summary['seconds']} seconds ({states}). Samples: {summary['samples']}"


def _announce(public_url: str, password: str) -> None:
    click.echo(f"\n{_sign_ins(public_url, password)}")
    click.echo(f"  Verify a sample from another terminal:  HEXMARK_ALLOW_LOCAL_ORIGIN={public_url} hexmark verify FILE")
    click.echo("  Stop with Ctrl-C.\n")


def _sign_ins(public_url: str, password: str) -> str:
    """Who can sign in, house by house, and what there is to see."""
    from hexmark.demo.build import existing_sign_ins

    lines, house = [f"  Open {public_url}", f"  Password for each   {password}"], ""
    for one in existing_sign_ins():
        if one.house != house:
            house = one.house
            lines += ["", f"  {house}"]
        lines.append(f"  {one.email:<34} {one.case}")
    return "\n".join([*lines, ""])
