"""Every page of those who run a programme: the other half of test_every_page, in a process of its own."""

from __future__ import annotations

import pytest
from tests.browser import test_every_page as every
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

ids, contexts, opened = every.ids, every.contexts, every.opened


@pytest.mark.parametrize(("who", "address"), every.OF_WHO_RUNS_IT)
def test_a_page_is_accessible_quiet_and_fits(opened: OpenPage, who: str, address: str) -> None:
    every.test_a_page_is_accessible_quiet_and_fits(opened, who, address)


@pytest.mark.parametrize(("who", "address"), every.OF_WHO_RUNS_IT)
def test_a_page_fits_without_scripts(opened: OpenPage, who: str, address: str) -> None:
    every.test_a_page_fits_without_scripts(opened, who, address)
