"""What each persona comes for, done as a person would: by what stands on buttons and links.

Not here, because the product does not have it yet: an assessor's queue of evidence, an executive's page of impact, endorsements
between partners. What an executive, an assessor and a partner can do today is to look things up, so that stands here for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_keyboard import FOCUSED, tab_to

pytestmark = pytest.mark.browser

#: Signing and writing letters is background work.
PATIENCE_SECONDS = 30
NIA = "nia.field@hexham.example"


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """Somebody without an account, in a browser of their own."""
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def until(page: Page, shown: Callable[[], bool], *, what: str) -> None:
    """Look again until it is there."""
    for _ in range(PATIENCE_SECONDS):
        if shown():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{what} did not come within {PATIENCE_SECONDS} seconds.")


def awarded(page: Page, *, to: str, what: str) -> None:
    """The steward has awarded it and did not wait for the ten minutes."""
    page.get_by_label("Who").fill(to)
    page.get_by_label("What").select_option(label=what)
    page.get_by_label("Why").fill("Stood in for the shift lead and kept the line safe.")
    page.get_by_role("main").get_by_role("button", name="Award").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Done").wait_for(timeout=PATIENCE_SECONDS * 1000)


def join_link(page: Page, site: Site, *, to: str) -> str:
    """The address in the letter to this person, as the demo shows it."""
    page.goto(f"{site.url}/administration/mail")
    row = page.get_by_role("main").get_by_role("row").filter(has_text=to)
    until(page, lambda: row.count() > 0, what="The letter")
    row.first.get_by_role("link").first.click()
    found = re.search(r"http\S+/join/\S+", page.locator(".mail-text").inner_text())
    assert found
    return found[0]


def test_an_earner_claims_and_shows_with_the_keyboard_alone(open_page: OpenPage, site: Site, stranger: Page, browser: Browser) -> None:
    steward = open_page("/award", who="steward")
    awarded(steward, to=f"Nia Field <{NIA}>", what="Coaching")
    stranger.goto(join_link(steward, site, to=NIA))
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Coaching")
    # Claim.
    tab_to(stranger, "Password")
    stranger.keyboard.type("four plain words here")
    tab_to(stranger, "Accept")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/me*")
    # See the sheet, and open what was earned.
    expect(stranger.locator("#main").get_by_text("Coaching").first).to_be_visible()
    stranger.locator("#main").focus()
    tab_to(stranger, "Coaching")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url(re.compile("/(me/badges|a)/"))
    award = stranger.url.rsplit("/", 1)[-1]
    stranger.goto(f"{site.url}/me/badges/{award}")
    # Decide who sees it: one step up or down in the group, as arrows do.
    tab_to(stranger, "Whoever has the link")
    stranger.keyboard.press("ArrowUp")
    assert "Everybody" in stranger.evaluate(FOCUSED)
    tab_to(stranger, "Save")
    stranger.keyboard.press("Enter")
    stranger.wait_for_load_state("load")
    expect(stranger.locator("input[name=audience]:checked")).to_have_value("public")
    recruiter = browser.new_context().new_page()
    recruiter.goto(f"{site.url}/a/{award}")
    expect(recruiter.locator(".verdict-title")).to_have_text("Verified")
    recruiter.context.close()


def test_a_manager_looks_after_a_team_with_the_keyboard_alone(open_page: OpenPage) -> None:
    # Targets and notes do not exist yet. Who leads others does not award by that alone: recognising needs the right to award.
    page = open_page("/me", who="manager")
    tab_to(page, "Team")
    page.keyboard.press("Enter")
    page.wait_for_url("**/team")
    expect(page.get_by_role("heading", name="Needs attention")).to_be_visible()
    page.locator("#main").focus()
    first = page.locator("#main table").last.get_by_role("rowheader").get_by_role("link").first
    name = first.inner_text().strip().splitlines()[-1]
    tab_to(page, "Who holds what")
    page.keyboard.press("Enter")
    page.wait_for_url("**/team/matrix")
    page.go_back()
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[-1])


def test_whoever_may_award_recognises_somebody_from_their_page(open_page: OpenPage) -> None:
    page = open_page("/people?q=Jo+Carter", who="steward")
    page.get_by_role("main").get_by_role("link", name="Jo Carter").first.click()
    page.get_by_role("link", name="Recognise").click()
    assert page.get_by_label("Who").input_value() != ""
    page.get_by_label("What").select_option(label="Open Day Helper")
    page.get_by_label("Why").fill("Showed forty visitors round.")
    page.get_by_role("main").get_by_role("button", name="Award").click()
    page.locator("#run-undo").click()
    expect(page.get_by_text("One award was taken back")).to_be_visible()


def test_a_programme_owner_designs_awards_many_and_looks_after_the_catalogue(open_page: OpenPage, site: Site) -> None:
    page = open_page("/catalogue/new", who="owner")
    # Design.
    page.get_by_label("Name").fill("Line Starter")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What it stands for").fill("Started a new line on a Monday morning.")
    page.get_by_label("How to earn it").fill("- Start a line\n- Keep it running for a week")
    page.get_by_role("button", name="Save draft").click()
    draft = page.url
    page.goto(f"{draft}/design")
    page.get_by_role("textbox", name="Title").fill("Line Starter One")
    page.get_by_role("button", name="Keep this design").click()
    page.goto(draft)
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    # Who, check, preview, run.
    page.goto(f"{site.url}/award/many")
    page.get_by_label("Paste addresses").fill("amina.hall@hexham.example\nno address at all\ntom.lund@hexham.example")
    page.get_by_label("What").select_option(label="Line Starter")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("2 of 3 rows are ready")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Award 2 people").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Done").wait_for(timeout=PATIENCE_SECONDS * 1000)
    # Health.
    page.goto(f"{site.url}/catalogue/health")
    page.get_by_role("main").get_by_role("link", name=re.compile("Mend them|to mend them")).first.click()
    expect(page.get_by_role("main").get_by_role("rowheader").first).to_be_visible()


def test_a_verifier_checks_in_three_ways(stranger: Page, site: Site, awards: dict[str, str], sample: Path) -> None:
    stranger.goto(f"{site.url}/a/{awards['valid']}")
    expect(stranger.locator(".verdict-title")).to_have_text("Verified")
    address = stranger.url
    stranger.get_by_role("link", name="Verify").first.click()
    stranger.get_by_label("Or paste its link or its text").fill(address)
    stranger.get_by_role("main").get_by_role("button", name="Verify").click()
    expect(stranger.locator(".verdict-title")).to_have_text("Verified")
    stranger.goto(f"{site.url}/verify")
    stranger.get_by_label("Drop an Open Badge here, or choose its file").set_input_files(sample)
    stranger.get_by_role("main").get_by_role("button", name="Verify").click()
    expect(stranger.locator(".verdict-title")).to_have_text("Verified")
    stranger.goto(address)
    stranger.get_by_role("main").get_by_role("link", name="Hexham Instruments").first.click()
    expect(stranger.get_by_role("heading", name="How to recognise its signature")).to_be_visible()


def test_an_administrator_sees_whether_all_is_ready(open_page: OpenPage) -> None:
    page = open_page("/administration", who="steward")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is everything ready?")
    for link, heading in (("Access", "Access"), ("Jobs", "Jobs"), ("Audit", "Audit")):
        page.get_by_role("link", name=re.compile(f"^{link}")).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.get_by_role("main").get_by_role("row").nth(1)).to_be_visible()


def test_a_developer_makes_a_key_and_calls_with_it(open_page: OpenPage, stranger: Page, site: Site) -> None:
    page = open_page("/developer", who="steward")
    page.get_by_role("link", name="Make a key").first.click()
    page.get_by_label("What it is for").fill("Course platform")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Make the key").click()
    token = page.locator("#token").inner_text().strip()
    answer = stranger.request.get(f"{site.url}/api/v1/key", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200
    assert stranger.request.get(f"{site.url}/api/v1/key").status == 401
    page.get_by_role("link", name="API reference").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_executive_an_assessor_and_a_partner_look_things_up(stranger: Page, site: Site) -> None:
    stranger.goto(site.url)
    stranger.get_by_role("link", name="Directory").first.click()
    stranger.get_by_role("searchbox").first.fill("safety")
    stranger.keyboard.press("Enter")
    stranger.get_by_role("main").get_by_role("link", name="Safety Champion").first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Safety Champion")
    stranger.goto(f"{site.url}/o/hexham/register")
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
