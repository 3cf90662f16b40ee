"""Fixtures that every room of the house may use."""

import os
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.sql import NO_HORIZON
from hexmark.issuing.models import Credential
from tests.world import World, make_world, run_jobs

ROOT = Path(__file__).resolve().parent.parent

# A loaded machine is slow, which is no fault of the code. Continuous integration tries the same examples each time;
# developers' machines and `make quality`, with many more, look for new ones.
settings.register_profile("house", parent=settings.get_profile("ci" if os.environ.get("CI") == "true" else "default"), deadline=None)
settings.register_profile("long", parent=settings.get_profile("default"), deadline=None, max_examples=5000)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches the database is marked so, for the run on PostgreSQL, and every one that ends its transactions."""
    for item in items:
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "transactional_db" in getattr(item, "fixturenames", ()) or _commits(item):
            item.add_marker("commits")


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction") or (marker.args and marker.args[0]))


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published vectors. It does not come with a clone: tests that need it skip, except in continuous integration."""
    folder = Path(os.environ.get("HEXMARK_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    if (folder / "vectors").is_dir():
        return folder
    if os.environ.get("CI") == "true":
        pytest.fail(f"Continuous integration needs the published vectors, and {folder} is not there.")
    pytest.skip("The published vectors are not here; set HEXMARK_REFERENCE_DATA to their folder.")


@pytest.fixture(autouse=True)
def own_events_are_final(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction that never ends, and PostgreSQL's log gives nothing of such a one: here it gives the test's own.

    Tests that end their transactions, those of the order of events among them, read the log as it is.
    """
    names = set(request.fixturenames)
    if connection.vendor == "postgresql" and {"db"} & names and not {"transactional_db"} & names:
        for reader in ("subscriptions", "following"):
            monkeypatch.setattr(f"hexmark.events.{reader}.horizon", lambda: NO_HORIZON)


@pytest.fixture
def acme(db: None) -> World:
    """The organisation that most tests are about."""
    return make_world("acme")


@pytest.fixture
def globex(db: None) -> World:
    """The strangers."""
    return make_world("globex")


@pytest.fixture
def version(acme: World) -> AchievementVersion:
    """A published achievement of acme."""
    return acme.achievement()


@pytest.fixture
def credential(acme: World, version: AchievementVersion) -> Credential:
    """A signed credential that acme's member holds."""
    awarded = award(version, to=[acme.member_person], actor=acme.steward)
    release_now(awarded.run, actor=acme.steward)
    run_jobs()
    return Credential.objects.select_related("award").get(award__run=awarded.run)
