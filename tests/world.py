"""The small world of the tests: acme with a steward, a manager and a member, and globex, where the stranger is."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.utils import timezone
from PIL import Image

from hexmark.access import Access, Actor, ActorKind, Permission, system
from hexmark.catalogue.actions import create_achievement, publish_version
from hexmark.catalogue.models import AchievementVersion
from hexmark.files import store
from hexmark.issuing.models import Credential
from hexmark.organisations.actions import found_organisation
from hexmark.organisations.models import Organisation
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry
from hexmark.people.actions import add_person, grant_access, link_account, open_account
from hexmark.people.models import Person
from hexmark.people.queries import actor_for

PASSWORD = "four plain words here"
FOUNDER = Actor(kind=ActorKind.SYSTEM, organisation_id=None, permissions=frozenset({Permission.FOUND_ORGANISATION}), label="a test")


@dataclass(frozen=True, slots=True)
class World:
    """One organisation with its people, and the actors that they are."""

    organisation: Organisation
    steward_person: Person
    manager_person: Person
    member_person: Person
    steward: Actor
    manager: Actor
    member: Actor

    @property
    def system(self) -> Actor:
        return system(self.organisation.pk)

    def person(self, name: str) -> Person:
        """Somebody new without an account."""
        email = f"{name.lower().replace(' ', '.')}@{self.organisation.slug}.example"
        return add_person(self.organisation, name=name, email=email, actor=self.system)

    def achievement(self, name: str = "Safety Champion", **text: object) -> AchievementVersion:
        """A published achievement."""
        version = create_achievement(self.organisation, name=name, actor=self.steward)
        given = {
            "description": "Looks after a crew's safety.",
            "criteria": "Lead four toolbox talks and close two near-miss reports.",
        } | text
        # A picture of its own: drawing and rasterising one takes a third of a second, and has tests of its own.
        given |= {"image_png": plain_picture()}
        for field, value in given.items():
            setattr(version, field, value)
        version.save()
        publish_version(version, actor=self.steward)
        return version


def make_world(slug: str) -> World:
    """An organisation of this short name with steward, manager (who leads the member) and member, all with accounts."""
    organisation = found_organisation(name=slug.title(), slug=slug, actor=FOUNDER)
    people = {}
    for role, access in (("steward", Access.STEWARD), ("manager", Access.MEMBER), ("member", Access.MEMBER)):
        own = system(organisation.pk)
        email = f"{role}@{slug}.example"
        person = add_person(organisation, name=f"{slug.title()} {role.title()}", email=email, actor=own)
        link_account(person, account=open_account(email=email, name=person.name, password=PASSWORD), actor=own)
        grant_access(person, access=access, actor=own)
        people[role] = person
    Person.objects.filter(pk=people["member"].pk).update(manager=people["manager"])
    return World(
        organisation=organisation,
        steward_person=people["steward"],
        manager_person=people["manager"],
        member_person=people["member"],
        steward=actor_for(people["steward"]),
        manager=actor_for(people["manager"]),
        member=actor_for(people["member"]),
    )


def accepted(credential: Credential, *, audience: str = Audience.LINK) -> Entry:
    """The credential's entry, accepted by whoever holds it, with or without an account: its pages can be looked at."""
    entry, _ = Entry.objects.update_or_create(
        credential=credential,
        defaults={"accepted_at": timezone.now(), "audience": audience, "account": credential.award.person.account},
    )
    return Entry.objects.select_related("credential__award__person").get(pk=entry.pk)


@cache
def plain_picture() -> str:
    """The hash of a stored square PNG of one colour."""
    output = io.BytesIO()
    Image.new("RGBA", (400, 400), "#0a5f63").save(output, format="PNG")
    return store.put(output.getvalue())


class _Failures(logging.Handler):
    """The jobs that failed. The queue logs an error and goes on, which a test must not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


def run_jobs() -> None:
    """Every job that was woken has run, and those that these woke: what happens after commit happens now.

    Raises:
        AssertionError: a job failed.
    """
    failures = _Failures()
    logging.getLogger("hexmark.jobs").addHandler(failures)
    try:
        while connection.run_on_commit:
            callbacks, connection.run_on_commit = connection.run_on_commit, []
            for _, callback, _ in callbacks:
                callback()
    finally:
        logging.getLogger("hexmark.jobs").removeHandler(failures)
    assert not failures.records, failures.records[0].getMessage()
