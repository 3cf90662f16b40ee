"""Every page of the slice in both themes, wide and narrow: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Who looks at what. VALID, REVOKED, PAUSED and RUN stand for ids.
PAGES = [
    ("nobody", "/"),
    ("nobody", "/verify"),
    ("nobody", "/verify?link=VALID"),
    ("nobody", "/verify?link=REVOKED"),
    ("nobody", "/sign-in"),
    ("nobody", "/setup?token=old"),
    ("nobody", "/a/VALID"),
    ("nobody", "/a/VALID/share"),
    ("nobody", "/embed/a/VALID"),
    ("nobody", "/a/REVOKED"),
    ("nobody", "/a/PAUSED"),
    ("nobody", "/b/safety-champion"),
    ("nobody", "/o/hexham"),
    ("nobody", "/directory"),
    ("nobody", "/directory?level=1,2&q=nothing"),
    ("nobody", "/b/safety-champion/earners"),
    ("nobody", "/o/hexham/register"),
    ("nobody", "/no/such/page"),
    ("nobody", "/styleguide"),
    ("nobody", "/api/docs"),
    ("member", "/me"),
    ("member", "/me?list=ended"),
    ("member", "/me/seen-as/public"),
    ("member", "/me/seen-as/link"),
    ("member", "/me/shares"),
    ("member", "/me/collections"),
    ("member", "/me/profile"),
    ("member", "/me/export"),
    ("member", "/me/settings/addresses"),
    ("member", "/me/settings/merge"),
    ("nobody", "/join/invented"),
    ("nobody", "/s/invented"),
    ("member", "/catalogue"),
    ("member", "/catalogue/safety-champion"),
    ("member", "/a/VALID"),
    ("member", "/no/such/page"),
    ("steward", "/me"),
    ("steward", "/sign-out"),
    ("steward", "/organisation"),
    ("steward", "/catalogue/health"),
    ("steward", "/catalogue/health?of=skill"),
    ("steward", "/catalogue/import"),
    ("steward", "/catalogue/safety-champion/changes"),
    ("steward", "/catalogue"),
    ("steward", "/catalogue?q=nothing+at+all"),
    ("steward", "/catalogue/new"),
    ("steward", "/catalogue/coaching"),
    ("steward", "/catalogue/coaching/retire"),
    ("steward", "/catalogue/EDITED"),
    ("steward", "/catalogue/EDITED/design"),
    ("steward", "/award"),
    ("steward", "/award/many"),
    ("steward", "/runs/RUN"),
    ("steward", "/awards"),
    ("steward", "/awards?q=nobody+of+this+name"),
    ("steward", "/awards?state=paused"),
    ("steward", "/awards/VALID"),
    ("steward", "/awards/REVOKED"),
    ("steward", "/awards/PAUSED"),
    ("nobody", "/password/reset"),
    ("nobody", "/password/reset/sent"),
    ("member", "/me/settings"),
    ("member", "/me/settings/password"),
    ("member", "/me/settings/factors"),
    ("member", "/me/settings/confirm"),
    ("steward", "/administration"),
    ("steward", "/administration/access"),
    ("steward", "/administration/sign-in"),
    ("steward", "/administration/sign-in/add"),
    ("steward", "/administration/mail"),
    ("steward", "/administration/mail/templates"),
    ("steward", "/administration/mail/templates?template=invitation&language=de"),
    ("steward", "/administration/keys"),
    ("steward", "/administration/jobs"),
    ("steward", "/administration/audit"),
    ("hr", "/people"),
    ("hr", "/people?q=nobody+of+this+name"),
    ("hr", "/people/new"),
    ("hr", "/people/import"),
    ("hr", "/teams"),
    ("hr", "/teams/new"),
    ("manager", "/team"),
    ("manager", "/team/matrix"),
    ("steward", "/developer"),
    ("steward", "/developer/keys/new"),
]
#: The one complaint that a page may cause: that it is itself not there.
ITSELF = "Failed to load resource: the server responded with a status of 404"


@pytest.fixture(scope="module")
def draft(browser: Any, site: Any, sessions: dict[str, Any]) -> str:
    """The short name of an open draft with skills of its own, made through the form."""
    page = browser.new_context(storage_state=sessions["steward"]).new_page()
    page.goto(f"{site.url}/catalogue/new")
    page.get_by_label("Name").fill("Data Steward")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Add a skill").click()
    page.get_by_label("Skill").fill("Data governance")
    page.get_by_label("Its web address").fill("https://skills.hexham.example/data")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/catalogue/data-steward")
    page.context.close()
    return "data-steward"


@pytest.fixture
def opened(open_page: OpenPage, site: Any, awards: dict[str, str], draft: str) -> OpenPage:
    """As `open_page`, with ids in the places that stand for them."""

    def look(address: str, **options: Any) -> Page:
        for state in ("valid", "revoked", "paused", "run"):
            path = f"{site.url}/a/{awards[state]}" if "link=" in address else awards[state]
            address = address.replace(state.upper(), path)
        page = open_page(address.replace("EDITED", draft), **options)
        page.wait_for_load_state("load")
        return page

    return look


def violations(page: Page) -> list[str]:
    """What axe finds wrong, each with where. The rules come as text: a script tag would be stopped by the page's own policy."""
    page.evaluate(f"{AXE};0")
    found = page.evaluate("async rules => await axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def missing_pictures(page: Page) -> list[str]:
    """Addresses of pictures that did not arrive, those further down the page among them."""
    arrive = "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode().catch(() => 0); }))"
    page.evaluate(arrive)
    missing: list[str] = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
    return missing


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_is_accessible_quiet_and_fits(opened: OpenPage, who: str, address: str, width: int, theme: str) -> None:
    page = opened(address, who=who, width=width, theme=theme)
    assert violations(page) == []
    assert [one for one in page.complaints if not one.startswith(ITSELF)] == []  # type: ignore[attr-defined]
    assert overflow(page) <= 0
    assert missing_pictures(page) == []


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_fits_the_narrowest_window(opened: OpenPage, who: str, address: str) -> None:
    assert overflow(opened(address, who=who, width=320)) <= 0


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_fits_without_scripts(opened: OpenPage, who: str, address: str) -> None:
    page = opened(address, who=who, width=320, script=False)
    assert overflow(page) <= 0
    assert page.locator(".needs-js:visible").count() == 0
