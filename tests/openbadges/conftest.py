"""A badge to change freely, a key, and contexts for the published vectors."""

import copy
from datetime import UTC, datetime

import pytest
from tests.openbadges.samples import BADGE, W3C_EXAMPLES

from hexmark.openbadges import contexts
from hexmark.openbadges.jsonld import Contexts
from hexmark.openbadges.keys import SigningKey


@pytest.fixture
def badge() -> dict:
    """A credential that is not signed yet; change it freely."""
    return copy.deepcopy(BADGE)


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return SigningKey.from_seed(b"a key for tests, and no other use".ljust(32)[:32])


@pytest.fixture(scope="session")
def created() -> datetime:
    return datetime(2026, 1, 31, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def w3c_contexts() -> Contexts:
    """The pinned contexts and those of the W3C vectors."""
    return Contexts(lambda url: W3C_EXAMPLES[url] if url in W3C_EXAMPLES else contexts.context(url))
