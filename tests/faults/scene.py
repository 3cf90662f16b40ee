"""Commands that a fault test runs inside its installation: build the scene, wait for its end, judge what is left.

Each prints one line of JSON: `python -m tests.faults.scene build 5000`.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import django


def build(count: str) -> dict[str, Any]:
    """Acme has awarded one achievement to so many people in one run, and nothing is signed yet."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from tests.world import make_world

    from hexmark.awarding.actions import award
    from hexmark.people.models import Person

    acme = make_world("acme")
    version = acme.achievement()
    people = (Person(organisation=acme.organisation, name=f"Person {n}", email=f"person{n}@acme.example") for n in range(int(count)))
    earners = Person.objects.bulk_create(people, batch_size=500)
    return {"awarded": award(version, to=earners, actor=acme.system).made}


def start_list(count: str) -> dict[str, Any]:
    """Acme has started a list of so many people of whom nobody is known yet, and no row is an award."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from tests.world import make_world

    from hexmark.awarding.batches import begin_batch, start
    from hexmark.awarding.checking import check_some
    from hexmark.awarding.row_rules import GivenRow

    acme = make_world("acme")
    rows = (GivenRow(n, f"person{n}@acme.example", f"Person {n}") for n in range(2, int(count) + 2))
    batch = begin_batch(acme.achievement(), rows=rows, source="staff.csv", actor=acme.system)
    while check_some(batch):
        pass
    start(batch, actor=acme.system)
    return {"ready": batch.rows.filter(outcome="new").count()}


def judge_list() -> dict[str, Any]:
    """What became of the list: rows by outcome, awards and people, and how many of them more than once."""
    from django.db.models import Count

    from hexmark.awarding.models import Award, BatchRow
    from hexmark.events.models import Event
    from hexmark.people.models import Person

    new = Person.objects.filter(name__startswith="Person ")
    made = Event.objects.filter(event_type="award.made")
    return {
        "rows": dict(BatchRow.objects.values_list("outcome").annotate(Count("pk"))),
        "rows_without_award": BatchRow.objects.filter(award__isnull=True).count(),
        "awards": Award.objects.count(),
        "people_awarded": Award.objects.values("person").distinct().count(),
        "people_added": new.count(),
        "made_recorded": made.values("subject_id").distinct().count(),
        "made_recorded_twice": made.count() - made.values("subject_id").distinct().count(),
    }


def wait(seconds: str) -> dict[str, Any]:
    """Every row is made, everything due is signed and every list published; or the time was over before."""
    from django.utils import timezone

    from hexmark.awarding.models import BatchRow
    from hexmark.awarding.queries import due_for_signing
    from hexmark.issuing.actions import unpublished_status_lists
    from hexmark.issuing.models import Credential

    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        unsigned = Credential.objects.filter(issued_at__isnull=True).count()
        unmade = BatchRow.objects.filter(outcome__in=("ready", "new")).exists()
        if not unsigned and not unmade and not due_for_signing(timezone.now()).exists() and not unpublished_status_lists():
            return {"done": True}
        time.sleep(0.3)
    return {"done": False}


def sign() -> dict[str, Any]:
    """Everything that was due was signed, by this process or by others beside it."""
    from hexmark.issuing.signing import sign_batch
    from hexmark.organisations.models import Organisation

    batches = 0
    while sign_batch(Organisation.objects.get().pk):
        batches += 1
    return {"batches": batches}


def judge(sample: str) -> dict[str, Any]:
    """What can be counted: lost, doubled, unsigned, indexes used twice, events; and of a sample, how many verify."""
    from hexmark.awarding.models import Award
    from hexmark.events.models import Event
    from hexmark.issuing.models import Credential, StatusRegister

    credentials = list(Credential.objects.select_related("award"))
    documents = [json.loads(credential.document) for credential in credentials if credential.document]
    entries = [entry for document in documents for entry in document["credentialStatus"]]
    recorded = Event.objects.filter(event_type="credential.issued")
    hashes = dict(recorded.values_list("subject_id", "data__sha256"))
    return {
        "awards": Award.objects.filter(closed_at__isnull=True).count(),
        "lost": Award.objects.filter(credential__isnull=True).count(),
        "credentials": len(credentials),
        "unsigned": sum(not credential.document or credential.issued_at is None for credential in credentials),
        "doubled": len(documents) - len({document["id"] for document in documents}),
        "other_bytes": sum(hashlib.sha256(c.document.encode()).hexdigest() != c.document_sha256 for c in credentials),
        "indexes_used_twice": sum(times - 1 for times in Counter(entry["id"] for entry in entries).values()),
        "drawn": sum(StatusRegister.objects.values_list("drawn", flat=True)),
        "events": recorded.count(),
        "events_of_other_bytes": sum(hashes.get(str(c.pk)) != c.document_sha256 for c in credentials),
        "verified": _verified(random.Random(7).sample([c.document for c in credentials], int(sample))),
    }


def _verified(documents: Sequence[str]) -> int:
    from django.utils import timezone

    from hexmark.issuing.publication import own_document
    from hexmark.net import Fetched
    from hexmark.openbadges.errors import Unreachable
    from hexmark.verification import verify

    def fetch(url: str, *, accept: Sequence[str]) -> Fetched:
        body = own_document(url)
        if body is None:
            raise Unreachable("Nobody else is asked.", code="OFFLINE")
        return Fetched(body, "application/json")

    return sum(verify(document, fetch=fetch, at=timezone.now()).ok for document in documents)


if __name__ == "__main__":
    django.setup()
    commands = {"build": build, "start_list": start_list, "judge_list": judge_list, "wait": wait, "sign": sign, "judge": judge}
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
