"""Visitors of the site."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.web.pages import Visitor
from tests.world import World

from hexmark.web.limits import pace


@pytest.fixture(autouse=True)
def _no_memory_of_other_visitors(db: None) -> Iterator[None]:
    """Rate limits count in the cache and in memory."""
    cache.clear()
    pace.forget()
    yield
    cache.clear()


@pytest.fixture
def visitor(db: None) -> Visitor:
    """Nobody: no session, no account."""
    return Visitor()


@pytest.fixture
def steward(acme: World) -> Visitor:
    """Acme's badge administrator."""
    return Visitor(acme.steward_person)


@pytest.fixture
def member(acme: World) -> Visitor:
    """Somebody of acme who holds badges and may read the catalogue."""
    return Visitor(acme.member_person)


@pytest.fixture
def stranger(globex: World) -> Visitor:
    """Globex's badge administrator, who has no business at acme."""
    return Visitor(globex.steward_person)
