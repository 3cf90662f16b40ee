"""Programs that call the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from tests.api.programs import Program
from tests.world import World

from hexmark.access import Scope
from hexmark.organisations.actions import make_api_key


@pytest.fixture(autouse=True)
def _no_memory_of_other_visitors(db: None) -> Iterator[None]:
    """Pages of the site count visitors in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def program(acme: World) -> Callable[..., Program]:
    """Makes a program with a key of acme's for these scopes."""

    def made(*scopes: Scope) -> Program:
        new = make_api_key(acme.organisation, label="Test", scopes=scopes or list(Scope), actor=acme.steward)
        return Program(new.token)

    return made


@pytest.fixture
def full(program: Callable[..., Program]) -> Program:
    """A program with every scope."""
    return program()


@pytest.fixture
def nobody(db: None) -> Program:
    """A program without a key."""
    return Program()


@pytest.fixture
def foreign(globex: World) -> Program:
    """A program of globex, with every scope."""
    return Program(make_api_key(globex.organisation, label="Theirs", scopes=list(Scope), actor=globex.steward).token)
