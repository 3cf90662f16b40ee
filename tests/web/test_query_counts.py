"""How often a page may ask the database: as often for two hundred rows as for one."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.pages import Visitor
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.awarding.batches import begin_batch
from hexmark.awarding.row_rules import GivenRow
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.issuing.models import Credential
from hexmark.people.models import Person
from hexmark.people.teams import make_team

#: Ceilings with one to spare, not targets. A session costs four: session, account, persons, memberships.
CEILINGS = {
    "/": 2,
    "/directory": 6,
    "/directory?q=subject&level=1,2": 6,
    "/directory.json": 9,
    "/verify": 0,
    "/a/AWARD": 8,
    "/a/AWARD.json": 1,
    "/a/AWARD.png": 1,
    "/b/safety-champion": 6,
    "/b/safety-champion/earners": 5,
    "/o/acme": 6,
    "/o/acme/register": 4,
    "/o/acme/did.json": 3,
    "/o/acme/status/revocation/1": 2,
    "/me": 15,
    "/catalogue": 7,
    "/catalogue/safety-champion": 8,
    "/award": 8,
    "/award/many": 10,
    "/award/many/BATCH": 9,
    "/award/many/BATCH/people": 9,
    "/award/many/BATCH/preview": 12,
    "/awards": 10,
    "/awards/AWARD": 11,
    "/awards?q=colleague&state=valid": 9,
    "/runs/RUN": 9,
    "/runs/RUN/results.csv": 7,
    "/a/AWARD/share": 6,
    "/people": 9,
    "/people/MEMBER": 10,
    "/people/import": 6,
    "/teams": 7,
    "/team": 8,
    "/team/matrix": 8,
    "/me/shares": 9,
    "/me/collections": 6,
    "/me/export": 8,
    "/me/settings": 8,
    "/me/settings/addresses": 8,
    "/catalogue/health": 8,
    "/catalogue/safety-champion/changes": 9,
    "/organisation": 6,
    "/developer": 6,
    "/administration": 13,
    "/administration/access": 9,
    "/administration/mail": 9,
    "/administration/jobs": 15,
    "/administration/audit": 7,
    "/administration/keys": 6,
    "/administration/sign-in": 6,
}
SIGNED_IN = ("/me", "/catalogue", "/award", "/runs", "/people", "/team", "/organisation", "/developer", "/administration")


@pytest.fixture
def addresses(acme: World, version: AchievementVersion) -> dict[str, str]:
    """Each page with many rows behind it: 200 people awarded at once, 30 more achievements, three skills each."""
    people = [acme.person(f"Colleague {number:03}") for number in range(200)]
    Person.objects.filter(pk__in=[person.pk for person in people]).update(manager=acme.steward_person)
    for number in range(60):
        make_team(acme.organisation, name=f"Crew {number}", actor=acme.steward)
    run = award(version, to=[acme.member_person, *people], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    for number in range(30):
        other = acme.achievement(f"Subject {number}")
        Alignment.objects.bulk_create(Alignment(version=other, target_name=f"S{n}", target_url=f"https://x.example/{n}") for n in range(3))
    rows = [GivenRow(number, f"new{number}@acme.example", f"New {number}") for number in range(2, 202)]
    batch = begin_batch(acme.achievement("Kiln Safety"), rows=rows, source="staff.csv", actor=acme.steward)
    of_member = Credential.objects.get(award__person=acme.member_person).award.public_id
    known = {"AWARD": of_member, "RUN": run.public_id, "BATCH": batch.public_id, "MEMBER": acme.member_person.public_id}
    return {page: re.sub("[A-Z]{3,}", lambda word: known[word[0]], page) for page in CEILINGS}


def test_pages_ask_the_database_a_bounded_number_of_times(acme: World, addresses: dict[str, str], visitor: Visitor) -> None:
    steward = Visitor(acme.steward_person)
    asked = {}
    for page, address in addresses.items():
        who = steward if page.startswith(SIGNED_IN) else visitor
        who.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = who.get(address)
            answer.getvalue()
            assert answer.status_code == 200, page
        asked[page] = len(queries)
    assert {page: count for page, count in asked.items() if count > CEILINGS[page]} == {}, asked
