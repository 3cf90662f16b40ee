"""What holders hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.passport.actions import enter
from hexmark.passport.models import Entry
from hexmark.people.models import Account, Person


@pytest.fixture(autouse=True)
def _no_memory_of_other_visitors(db: None) -> Iterator[None]:
    """Rate limits count in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def account(acme: World) -> Account:
    """The account of acme's member."""
    assert acme.member_person.account is not None
    return acme.member_person.account


@pytest.fixture
def entry(credential: Credential) -> Entry:
    """What acme's member holds, accepted, for whoever has the link."""
    return accepted(credential)


@pytest.fixture
def ben(acme: World) -> Person:
    """Somebody whom acme knows, without an account."""
    return acme.person("Ben Lund")


@pytest.fixture
def waiting(acme: World, ben: Person, version: AchievementVersion) -> Entry:
    """What was given to somebody without an account."""
    award(version, to=[ben], actor=acme.system, narrative="Led the exercise.")
    run_jobs()
    credential = Credential.objects.get(award__person=ben)
    enter([credential], tell=True)
    return Entry.objects.select_related("credential__award__person").get(credential=credential)
