"""What tests of backup and restore have an installation do, in a process of its own: `python -m tests.cli.scene WHAT`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

django.setup()

from hexmark.access import system  # noqa: E402
from hexmark.awarding.actions import award  # noqa: E402
from hexmark.catalogue.models import AchievementVersion  # noqa: E402
from hexmark.issuing.actions import publish_status_list, revoke, unpublished_status_lists  # noqa: E402
from hexmark.issuing.models import Credential  # noqa: E402
from hexmark.issuing.signing import sign_batch  # noqa: E402
from hexmark.people.actions import add_person  # noqa: E402


def found() -> None:
    """Acme and globex exist, with three credentials, one of which is revoked."""
    from tests.world import make_world

    world = make_world("acme")
    make_world("globex")
    world.achievement("Safety Champion")
    world.achievement("Mentor", description="Ünïcode — “quotes”, 日本")
    issue(3, "Ewa")
    revoke(Credential.objects.earliest("pk"), actor=system(world.organisation.pk), reason="Awarded in error")
    for status_list in unpublished_status_lists():
        publish_status_list(status_list)


def issue(count: int, name: str) -> None:
    """So many new people hold a signed credential."""
    version = AchievementVersion.objects.select_related("achievement__organisation").get(name="Safety Champion")
    organisation, actor = version.achievement.organisation, system(version.organisation_id)
    people = [add_person(organisation, name=f"{name} {n}", email=f"{name.lower()}.{n}@acme.example", actor=actor) for n in range(count)]
    award(version, to=people, actor=actor)
    while sign_batch(organisation.pk):
        pass


def issue_until(stop: Path) -> None:
    """Credentials are signed one after the other until the file is there; prints how many."""
    made = 0
    print("begun", flush=True)
    while not stop.exists():
        issue(3, f"Round{made}")
        made += 3
    print(made)


def places() -> None:
    """Register number and index of every credential, and the earner's address."""
    columns = ("register__organisation__slug", "register__number", "status_index", "award__person__email")
    print(json.dumps([list(row) for row in Credential.objects.order_by("pk").values_list(*columns)]))


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "issue_until":
        issue_until(Path(arguments[0]))
    elif what == "issue":
        issue(int(arguments[0]), arguments[1])
    else:
        {"found": found, "places": places}[what]()
