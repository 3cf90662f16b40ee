"""`hexmark export`: an organisation's data as plain files that any program reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli import framework
from hexmark.cli.progress import Progress, bars

if TYPE_CHECKING:
    from hexmark.awarding.models import Award
    from hexmark.catalogue.models import AchievementVersion
    from hexmark.organisations.models import Organisation

ROWS_AT_ONCE = 500
AWARD_COLUMNS = (
    *("id", "person", "email", "name", "achievement", "version", "decided_at", "decided_by", "narrative", "state"),
    *("valid_until", "revoked_at", "revocation_reason", "paused_at", "pause_reason", "page", "file"),
)
_VERSION_FIELDS = (
    *("number", "state", "name", "description", "criteria", "evidence", "assessment", "achievement_type", "assurance", "kind", "level"),
    *("tags", "roles", "subjects", "effort_minutes", "validity_months", "language", "art", "created_at", "published_at", "retired_at"),
)


@click.command()
@click.argument("organisation")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about what was written.")
def export(organisation: str, directory: Path, as_json: bool) -> None:
    """Write everything of ORGANISATION (its short name) into a new DIRECTORY as plain files: CSV, JSON, pictures, signed files.

    manifest.json is written last, with the SHA-256 of every file: without it, the export was interrupted.
    """
    framework.start()
    if directory.exists() and any(directory.iterdir()):
        raise click.ClickException(f"{directory} is not empty. Name a new directory.")
    found = _organisation(organisation)
    folder = Folder(directory)
    with bars(quiet=as_json) as progress:
        counts = _write(found, folder, progress)
    about = {"organisation": found.slug, "hexmark": version("hexmark"), "made_at": datetime.now(UTC).isoformat(), **counts}
    (directory / "manifest.json").write_text(json.dumps(about | {"files": folder.sha256}, indent=1), encoding="utf-8")
    summary = about | {"directory": str(directory), "files": len(folder.sha256)}
    held = (
        f"{counts['people']} people, {counts['achievements']} achievements, {counts['awards']} awards, {counts['credentials']} credentials"
    )
    click.echo(json.dumps(summary) if as_json else f"{directory}: {held}, {counts['events']} events, {len(folder.sha256)} files.")


class Folder:
    """Where the export goes, and the hash of everything that was put there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.sha256: dict[str, str] = {}
        # It holds people's addresses: for whoever exports alone.
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """The file of this name holds these pieces."""
        target, digest = self._root / name, hashlib.sha256()
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with target.open("xb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.sha256[name] = digest.hexdigest()


def _organisation(slug: str) -> Organisation:
    from hexmark.organisations.models import Organisation

    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise click.ClickException(f"No organisation here has the short name {slug!r}.")
    return found


def _write(organisation: Organisation, folder: Folder, progress: Progress) -> dict[str, int]:
    from hexmark.issuing.publication import published_did_document

    folder.write("did.json", [published_did_document(organisation.slug) or b""])
    return {
        "people": _write_people(organisation, folder),
        "achievements": _write_achievements(organisation, folder),
        "awards": _write_awards(organisation, folder),
        "credentials": _write_credentials(organisation, folder, progress),
        "status_lists": _write_status_lists(organisation, folder),
        "events": _write_events(organisation, folder),
    }


def _write_people(organisation: Organisation, folder: Folder) -> int:
    from hexmark.files.tables import csv_bytes
    from hexmark.people.imports.results import people_sheet
    from hexmark.people.models import Person

    people = Person.objects.filter(organisation=organisation)
    sheet = people_sheet(organisation, people)
    folder.write("people.csv", csv_bytes(sheet.columns, sheet.rows))
    return people.count()


def _write_achievements(organisation: Organisation, folder: Folder) -> int:
    from hexmark.catalogue.models import Achievement, AchievementVersion
    from hexmark.catalogue.sheets import COLUMNS, exported
    from hexmark.files.tables import csv_bytes

    versions = AchievementVersion.objects.filter(achievement__organisation=organisation).order_by("achievement__slug", "number")
    versions = versions.select_related("achievement__organisation").prefetch_related("alignments")
    said: dict[str, dict[str, Any]] = {}
    for one in versions:
        entry = said.setdefault(one.achievement.slug, {"slug": one.achievement.slug, "url": one.achievement.url, "versions": []})
        entry["versions"].append(_version(one, folder))
    folder.write("achievements.json", [json.dumps(list(said.values()), indent=1, ensure_ascii=False, default=str).encode()])
    latest = [one for one in versions if one.number == len(said[one.achievement.slug]["versions"])]
    folder.write("achievements.csv", csv_bytes(COLUMNS, exported(latest, earners={})))
    return Achievement.objects.filter(organisation=organisation).count()


def _version(one: AchievementVersion, folder: Folder) -> dict[str, Any]:
    from hexmark.files import store

    pictures = {}
    for form, digest in (("png", one.image_png), ("svg", one.drawn_svg)):
        if digest:
            pictures[form] = f"pictures/{one.achievement.slug}-{one.number}.{form}"
            folder.write(pictures[form], [store.get(digest)])
    skills = [
        {"name": skill.target_name, "url": skill.target_url, "code": skill.target_code, "framework": skill.target_framework}
        for skill in one.alignments.all()
    ]
    return {name: getattr(one, name) for name in _VERSION_FIELDS} | {"skills": skills, "pictures": pictures}


def _write_awards(organisation: Organisation, folder: Folder) -> int:
    from hexmark.awarding.models import Award
    from hexmark.files.tables import csv_bytes

    awards = Award.objects.filter(organisation=organisation).order_by("pk")
    related = awards.select_related("person", "run", "version__achievement", "credential").defer("credential__document")
    folder.write("awards.csv", csv_bytes(AWARD_COLUMNS, (_award(award) for award in related.iterator(chunk_size=ROWS_AT_ONCE))))
    return awards.count()


def _award(award: Award) -> tuple[object, ...]:
    credential = getattr(award, "credential", None)
    is_signed = credential is not None and credential.issued_at is not None
    taken: tuple[object, ...] = ("", "", "", "", "")
    if credential is not None:
        taken = (
            *(_moment(credential.valid_until), _moment(credential.revoked_at), credential.revocation_reason),
            *(_moment(credential.paused_at), credential.pause_reason),
        )
    return (
        *(award.public_id, award.person.public_id, award.person.email, award.person.name),
        *(award.version.achievement.slug, award.version.number, _moment(award.awarded_at)),
        *(award.run.awarded_by_label, award.why, "signed" if is_signed else "refused" if award.refusal else "waiting"),
        *taken,
        *(award.url, f"credentials/{award.public_id}.{credential.file_ending}" if credential is not None and is_signed else ""),
    )


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _write_credentials(organisation: Organisation, folder: Folder, progress: Progress) -> int:
    """The signed files, byte for byte as they were signed."""
    from hexmark.issuing.models import Credential

    signed = Credential.objects.issued().filter(organisation=organisation).order_by("pk")
    total = signed.count()
    rows = signed.only("document", "token", "signed_form", "award__public_id").select_related("award")
    for number, row in enumerate(rows.iterator(chunk_size=ROWS_AT_ONCE), 1):
        folder.write(f"credentials/{row.award.public_id}.{row.file_ending}", [row.document.encode()])
        if row.token:
            folder.write(f"credentials/{row.award.public_id}.jwt", [row.token.encode()])
        progress("Writing credentials", number, total)
    return total


def _write_status_lists(organisation: Organisation, folder: Folder) -> int:
    from hexmark.issuing.models import StatusList

    lists = StatusList.objects.filter(organisation=organisation).exclude(document="").select_related("register").order_by("pk")
    for one in lists:
        folder.write(f"status/{one.purpose}-{one.register.number}.json", [one.document.encode()])
    return len(lists)


def _write_events(organisation: Organisation, folder: Folder) -> int:
    from hexmark.events.models import Event

    events = Event.objects.filter(organisation_id=organisation.pk).order_by("pk")

    def lines() -> Iterator[bytes]:
        for event in events.iterator(chunk_size=ROWS_AT_ONCE):
            said = {
                "id": event.pk,
                "type": event.event_type,
                "happened_at": event.happened_at.isoformat(),
                "subject_type": event.subject_type,
                "subject": event.subject_id,
                "actor_kind": event.actor_kind,
                "actor": event.actor_label,
                "data": event.data,
            }
            yield json.dumps(said, ensure_ascii=False).encode() + b"\n"

    folder.write("events.jsonl", lines())
    return events.count()
