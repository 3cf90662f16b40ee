"""Scenarios are played through the doors: the site's visitors are at hand."""

import pytest
from tests.web.pages import Visitor
from tests.world import World


@pytest.fixture
def visitor(db: None) -> Visitor:
    """Nobody: no session, no account."""
    return Visitor()


@pytest.fixture
def steward(acme: World) -> Visitor:
    """Acme's badge administrator."""
    return Visitor(acme.steward_person)
