"""Awarding a long list: stored, checked, made into awards and signed, in a database of its own.

    python benchmarks/award.py --json --rows 100000

Half of the people are known here and half are added by the list. All of it is done: persons, awards, credentials with status indexes,
events, and the state of every row, in the chunks that the jobs use. The peer signs documents of the same form, one after the other, and
stores nothing. On SQLite, unless HEXMARK_DATABASE_URL names a database that is empty. Speeds are in processor time of one process.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from measuring import Plan, Speed, show, speed
from openbadgeslib.ob3.ldp import add_data_integrity_proof
from usual_badge import CREATED, KEY, METHOD, unsigned

NARRATIVE = "Led four toolbox talks and closed two near-miss reports."


@dataclass
class Stage:
    """What one stage of the run took."""

    cpu: float = 0.0
    wall: float = 0.0
    longest: float = 0.0

    def step(self, work: Callable[[], Any]) -> Any:
        """Do one step and count it."""
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        seconds = time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.wall += seconds
        self.longest = max(self.longest, seconds)
        return result

    def all(self, work: Callable[[], int]) -> None:
        """Steps until nothing is left."""
        while self.step(work):
            pass


def main() -> None:
    """The figures are printed."""
    parser = argparse.ArgumentParser(description="Award a long list.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the list (default 100,000)")
    parser.add_argument("--slices", type=int, default=3, help="slices for the peer (default 3)")
    parser.add_argument("--seconds", type=float, default=1.0, help="processor seconds a slice of the peer (default 1)")
    parser.add_argument("--without-art", action="store_true", help="what is awarded has no picture at all, for comparison")
    given = parser.parse_args()
    measured = Plan(given.slices, given.seconds, given.json)
    with tempfile.TemporaryDirectory(prefix="hexmark-bulk-") as folder:
        stages = run(given.rows, folder, art=not given.without_art)
    cpu = sum(stage.cpu for stage in stages.values())
    ours = Speed(round(given.rows / cpu, 1), round(given.rows / sum(stage.wall for stage in stages.values()), 1))
    pem = Ed25519PrivateKey.from_private_bytes(KEY.secret[:32]).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    peer = speed(lambda number: add_data_integrity_proof(unsigned(number), pem, METHOD, created=CREATED), measured, step=2)
    details: dict[str, object] = {
        "rows": given.rows,
        "art": not given.without_art,
        "peer": "openbadgeslib, add_data_integrity_proof, without a database",
    }
    for name, stage in stages.items():
        details[f"{name}_seconds"] = round(stage.wall, 1)
        details[f"{name}_cpu_seconds"] = round(stage.cpu, 1)
        details[f"{name}_a_second"] = round(given.rows / stage.wall)
        details[f"{name}_longest_step_ms"] = round(1000 * stage.longest)
    show(
        measured,
        name="award: award a long list, from its rows to signed credentials",
        unit="rows a second of processor time, one process",
        ours=ours,
        peer=peer,
        details=details,
    )


def run(count: int, folder: str, *, art: bool = True) -> dict[str, Stage]:
    """The stages, each with what it took, once everything was found signed."""
    organisation_id, batch_id, stages = None, None, {name: Stage() for name in ("store", "check", "make", "sign")}
    with redirect_stdout(sys.stderr):
        organisation, version, actor = begin(count, folder)
    if not art:
        version.__class__.objects.filter(pk=version.pk).update(drawn_svg="", image_png="", art=None)
        version.refresh_from_db()
    from hexmark.awarding.batches import begin_batch, start
    from hexmark.awarding.checking import check_some
    from hexmark.awarding.making import make_some
    from hexmark.issuing.models import Credential
    from hexmark.issuing.signing import sign_batch

    batch = stages["store"].step(lambda: begin_batch(version, rows=rows(count), source="list.csv", actor=actor, narrative=NARRATIVE))
    stages["check"].all(lambda: check_some(batch))
    start(batch, actor=actor)
    batch_id, organisation_id = batch.pk, organisation.pk
    stages["make"].all(lambda: make_some(batch_id))
    stages["sign"].all(lambda: sign_batch(organisation_id))
    signed = Credential.objects.issued().count()
    if signed != count:
        sys.exit(f"{signed} of {count} were signed.")
    return stages


def begin(count: int, folder: str) -> tuple[Any, Any, Any]:
    """An organisation that knows every second of the people, with something to award."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hexmark.project.settings",
        "HEXMARK_PUBLIC_URL": "https://badges.example.org",
        "HEXMARK_DATA_DIR": folder,
        "HEXMARK_SECRET_KEY": "only for this benchmark, and long enough to be taken seriously",
        "HEXMARK_KEY_ENCRYPTION_KEY": "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA=",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from hexmark.access import Actor, ActorKind, Permission, system
    from hexmark.catalogue.actions import create_achievement, publish_version
    from hexmark.organisations.actions import found_organisation
    from hexmark.people.models import Person

    founder = Actor(
        kind=ActorKind.SYSTEM, organisation_id=None, permissions=frozenset({Permission.FOUND_ORGANISATION}), label="a benchmark"
    )
    organisation = found_organisation(name="Acme", slug="acme", actor=founder)
    actor = system(organisation.pk)
    version = create_achievement(organisation, name="Safety Champion", actor=actor)
    version.description = "Looks after a crew's safety."
    version.criteria = "Lead four toolbox talks and close two near-miss reports."
    version.save()
    publish_version(version, actor=actor)
    known = (Person(organisation=organisation, name=f"Person {n}", email=f"person{n}@acme.example") for n in range(0, count, 2))
    Person.objects.bulk_create(known, batch_size=500)
    return organisation, version, actor


def rows(count: int) -> Iterator[Any]:
    """The list."""
    from hexmark.awarding.row_rules import GivenRow

    return (GivenRow(n + 2, f"person{n}@acme.example", f"Person {n}") for n in range(count))


if __name__ == "__main__":
    main()
