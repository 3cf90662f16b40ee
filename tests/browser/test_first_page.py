"""What the first page costs somebody who has never been here. How long it takes is measured by `benchmarks/page.py`, on a quiet machine."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """The program that measures."""
    found = importlib.util.spec_from_file_location("page", Path(__file__).resolve().parents[2] / "benchmarks" / "page.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def visit(benchmark: ModuleType, browser: Browser, site: Site, awards: dict[str, str]) -> dict[str, Any]:
    """A first visit to the page of a badge, as fast as the machine is."""
    figures: dict[str, Any] = benchmark.look(browser, f"{site.url}/a/{awards['valid']}", slower=1)
    return figures


def test_it_is_light_with_one_badge_and_all_fonts(visit: dict[str, Any], benchmark: ModuleType) -> None:
    assert visit["fonts"] >= 2
    assert any("/image/" in part for part in visit["parts"])
    assert visit["transferred_kb"] <= benchmark.LIMITS["transferred_kb"], visit["parts"]


def test_nothing_on_it_jumps(visit: dict[str, Any]) -> None:
    assert visit["layout_shift"] == 0


def test_its_scripts_are_few(visit: dict[str, Any]) -> None:
    scripts = [part for part in visit["parts"] if part.endswith(".js")]
    assert len(scripts) <= 4, scripts


@pytest.mark.parametrize("address", ["/", "/directory", "/verify", "/sign-in", "/o/hexham", "/b/safety-champion"])
def test_no_other_public_page_jumps_or_brings_more_of_its_own(benchmark: ModuleType, browser: Browser, site: Site, address: str) -> None:
    figures = benchmark.look(browser, f"{site.url}{address}", slower=1)
    without_pictures = sum(size for part, size in figures["parts"].items() if "/image/" not in part)
    assert figures["layout_shift"] < 0.01
    assert without_pictures <= 130_000, figures["parts"]


def test_a_page_for_somebody_arrives_compressed_by_their_own_way(open_page: OpenPage, site: Site) -> None:
    page = open_page("/me", who="member")
    # Typed or by a bookmark; then from page to page.
    with page.expect_response(f"{site.url}/catalogue") as told:
        page.get_by_role("link", name="Catalogue").first.click()
    assert told.value.header_value("content-encoding") == "gzip"
