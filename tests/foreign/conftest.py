"""The demo world, built and served by the product itself, for verifiers that others wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.foreign.site import Site, running_demo


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running demo with its own data directory and port."""
    with running_demo(tmp_path_factory.mktemp("demo")) as site:
        yield site
