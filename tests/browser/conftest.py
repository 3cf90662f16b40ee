"""One browser and one demo for all tests of the browser."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tests.browser.site import ARGUMENTS, CHROMIUM, Site, demo

PEOPLE = {
    "steward": "bea.fenwick@hexham.example",
    "owner": "noor.armstrong@hexham.example",
    "member": "amina.hall@hexham.example",
    "manager": "hugo.dodd@hexham.example",
    "hr": "ines.charlton@hexham.example",
}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"Continuous integration needs Chromium, and {CHROMIUM} is not there.")
        pytest.skip("Chromium is not here; set HEXMARK_CHROMIUM to its path.")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium."""
    started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, served."""
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def sessions(browser: Browser, site: Site) -> dict[str, object]:
    """The cookies of each persona, who signed in through the form; nobody has none."""
    states: dict[str, object] = {"nobody": None}
    for who, email in PEOPLE.items():
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{site.url}/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(site.password)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/me")
        states[who] = context.storage_state()
        context.close()
    return states


def listen(page: Page) -> None:
    """From now on, what its console complains of is `page.complaints`."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]


@pytest.fixture
def open_page(browser: Browser, site: Site, sessions: dict[str, object]) -> Iterator[OpenPage]:
    """Opens an address as a persona in a window of this width and theme; what the console complained of is `page.complaints`."""
    contexts: list[BrowserContext] = []

    def opened(address: str, *, who: str = "nobody", width: int = 1280, theme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
            storage_state=sessions[who],  # type: ignore[arg-type]
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        listen(page)
        page.goto(f"{site.url}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def awards(site: Site) -> dict[str, str]:
    """Public ids of one award in each state, from the demo's own database."""
    found: dict[str, str] = {}
    select = (
        "SELECT award.public_id FROM issuing_credential AS credential JOIN awarding_award AS award ON award.id = credential.award_id "
        "JOIN catalogue_achievementversion AS version ON version.id = award.version_id "
        "JOIN passport_entry AS entry ON entry.credential_id = credential.id "
        "WHERE entry.accepted_at IS NOT NULL AND entry.audience IN ('link', 'public') AND {} ORDER BY credential.id LIMIT 1"
    )
    states = {
        "revoked": "credential.revoked_at IS NOT NULL",
        "paused": "credential.paused_at IS NOT NULL",
        "valid": "version.level = 4 AND credential.valid_until > datetime('now')",
    }
    with sqlite3.connect(f"file:{site.data_dir / 'hexmark.sqlite3'}?mode=ro", uri=True) as database:
        for state, condition in states.items():
            found[state] = database.execute(select.format(condition)).fetchone()[0]
        found["run"] = database.execute("SELECT public_id FROM awarding_awardrun ORDER BY id LIMIT 1").fetchone()[0]
    return found


@pytest.fixture(scope="session")
def sample(site: Site) -> Path:
    """A badge of the demo as a picture."""
    return site.data_dir / "samples" / "credential.png"
