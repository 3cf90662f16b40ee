"""From a new installation to a revoked badge, with scripts and without."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.site import Site, environment_of, new_installation

from hexmark.openbadges.baking import unbake

pytestmark = pytest.mark.browser

#: Signing is background work: the queue asks for work every half second.
PATIENCE_SECONDS = 30


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """An installation that nobody has set up yet."""
    with new_installation(tmp_path) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser that runs scripts, and one that does not."""
    opened = browser.new_context(java_script_enabled=request.param, accept_downloads=True)
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def set_up(page: Page, site: Site) -> None:
    """The organisation stands, and its badge administrator is signed in."""
    page.goto(site.set_up_url)
    page.get_by_label("Organisation", exact=True).fill("Acme Industries")
    page.get_by_label("Short name").fill("acme")
    page.get_by_label("Your name").fill("Bea Fenwick")
    page.get_by_label("Your e-mail address").fill("bea@acme.example")
    page.get_by_label("Password").fill("four plain words here")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New badge")


def define(page: Page) -> None:
    """The first achievement is published."""
    page.get_by_label("Name").fill("Safety Champion")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Before publishing")).to_be_visible()
    page.get_by_label("What it stands for").fill("Looks after a crew's safety.")
    page.get_by_label("How to earn it").fill("- Lead four toolbox talks\n- Close two near-miss reports")
    page.get_by_text("Evidence judged", exact=True).click()
    page.get_by_label("Level", exact=True).select_option("4")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    page.get_by_role("link", name="Award it").click()


def award(page: Page) -> None:
    """Ben holds it: it was sent without waiting for the ten minutes."""
    expect(page.get_by_label("What")).to_have_value(re.compile(r"\d+"))
    page.get_by_label("Who").fill("Ben Lund <ben@acme.example>")
    page.get_by_label("Why").fill("Led every toolbox talk this spring.")
    page.get_by_role("main").get_by_role("button", name="Award").click()
    expect(page.get_by_text("Sends in 10 minutes").first).to_be_visible()
    page.get_by_role("button", name="Send now").click()
    wait_until_signed(page)


def wait_until_signed(page: Page) -> None:
    """With scripts the page refreshes itself; without, one follows its link."""
    done = page.get_by_role("heading", name="Done")
    for _ in range(PATIENCE_SECONDS):
        if done.is_visible():
            return
        page.wait_for_timeout(1000)
        look = page.get_by_role("link", name="See how far it is")
        if look.is_visible():
            look.click()
    expect(done).to_be_visible()


def join(page: Page, site: Site) -> None:
    """Ben has accepted what waited for him, with an account of his own, by the link that was written to him."""
    page.goto(link_written(site))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acme Industries awards you “Safety Champion”")
    page.get_by_label("Password").fill("four other plain words")
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/me*")


def link_written(site: Site) -> str:
    """The address in the one letter that waits: no mail server is set up here. No page shows it to anybody but its reader."""
    # It waits sealed: only whoever has the installation's key reads it, as its own process has.
    read = "import django; django.setup(); from hexmark.mail.models import Message; print(Message.objects.get(secret=True).text)"
    text = subprocess.run([sys.executable, "-c", read], env=environment_of(site), check=True, capture_output=True, text=True).stdout
    found = re.search(r"http\S+/join/\S+", text)
    assert found, text
    return found[0]


def verdict(page: Page) -> str:
    """What the strip at the head of the page says."""
    return page.locator(".verdict-title").inner_text()


def test_from_set_up_to_a_revoked_badge(fresh: Site, context: BrowserContext, browser: Browser, tmp_path: Path) -> None:
    page = context.new_page()
    set_up(page, fresh)
    define(page)
    award(page)

    page.get_by_role("link", name="Ben Lund").click()
    managed = page.url
    page.get_by_role("link", name="Public page").first.click()
    public = page.url
    # Whoever may read awards sees it by now; nobody else does before Ben accepted it.
    assert verdict(page) == "Verified"
    ben = browser.new_context(java_script_enabled=False).new_page()
    ben.goto(public)
    expect(ben.get_by_role("heading", level=1)).to_have_text("Nothing here")
    join(ben, fresh)
    ben.context.close()

    page.goto(public)
    assert verdict(page) == "Verified"
    assert "Awarded to Ben Lund by Acme Industries" in page.locator("main").inner_text()
    page.locator("summary").filter(has_text="Download").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Picture with the signed file").click()
    badge = tmp_path / "badge.png"
    downloading.value.save_as(badge)
    assert public in unbake(badge.read_bytes())

    page.goto(f"{fresh.url}/verify")
    page.get_by_label("Drop an Open Badge here, or choose its file").set_input_files(badge)
    page.get_by_role("main").get_by_role("button", name="Verify").click()
    assert verdict(page) == "Verified"

    page.goto(managed)
    page.locator("form[action$='/revoke']").get_by_label("Reason").fill("The talks were led by somebody else.")
    page.get_by_role("button", name="Revoke for good").click()
    expect(page.get_by_text("The talks were led by somebody else.")).to_be_visible()

    # A stranger without a session, after the list was published.
    stranger = browser.new_context(java_script_enabled=False).new_page()
    for _ in range(PATIENCE_SECONDS):
        stranger.goto(public)
        if verdict(stranger) != "Verified":
            break
        stranger.wait_for_timeout(1000)
    assert verdict(stranger) == "Revoked by issuer"
    stranger.goto(f"{fresh.url}/verify")
    stranger.get_by_label("Drop an Open Badge here, or choose its file").set_input_files(badge)
    stranger.get_by_role("main").get_by_role("button", name="Verify").click()
    assert verdict(stranger) == "Revoked by issuer"
    assert "somebody else" not in stranger.locator("main").inner_text()
    stranger.context.close()


def test_the_editor_shows_the_picture_while_one_types_and_rows_come_and_go(fresh: Site, browser: Browser) -> None:
    page = browser.new_context().new_page()
    set_up(page, fresh)
    page.get_by_label("Name").fill("Data Steward")
    page.get_by_role("button", name="Begin").click()
    preview = page.locator("[data-preview] img").first
    before = preview.get_attribute("src")
    # The page is there before its scripts are: a hand is never as quick as this test would be.
    page.wait_for_load_state("load")
    page.get_by_label("Level", exact=True).select_option("4")
    expect(preview).not_to_have_attribute("src", before or "")
    # A function, for the page's own policy refuses to evaluate a string.
    page.wait_for_function("() => document.querySelector('[data-preview] img').naturalWidth > 0")
    assert page.locator("[data-row]:visible").count() == 0
    for skill in ("First", "Second", "Third"):
        page.get_by_role("button", name="Add a skill").click()
        page.keyboard.type(skill)
        page.get_by_label("Its web address").last.fill(f"https://skills.example/{skill.lower()}")
    page.get_by_role("button", name="Remove this skill").nth(1).click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [field.input_value() for field in page.get_by_label("Skill", exact=True).all()] == ["First", "Third"]
    page.get_by_role("button", name="Remove this skill").first.click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [field.input_value() for field in page.get_by_label("Skill", exact=True).all()] == ["Third"]
    page.context.close()
