"""Every page in both themes, wide and narrow: accessible, quiet, and never wider than the window."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import OpenPage, listen
from tests.browser.looking import COLOURS, missing_pictures, overflow, switch, violations
from tests.browser.site import Site

pytestmark = pytest.mark.browser

#: Who looks at what. Words in capitals stand for ids: see `ids`.
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
    ("nobody", "/b/safety-champion/1"),
    ("nobody", "/o/hexham"),
    ("nobody", "/directory"),
    ("nobody", "/directory?level=1,2&q=nothing"),
    ("nobody", "/b/safety-champion/earners"),
    ("nobody", "/o/hexham/register"),
    ("nobody", "/opportunities/board"),
    ("nobody", "/no/such/page"),
    ("nobody", "/styleguide"),
    ("nobody", "/api/docs"),
    ("member", "/me"),
    ("member", "/me?list=ended"),
    ("member", "/me/seen-as/public"),
    ("member", "/me/seen-as/link"),
    ("member", "/me/shares"),
    ("member", "/me/badges/MINE"),
    ("member", "/me/shares/SHARED"),
    ("member", "/me/collections/OWN"),
    ("member", "/me/collections"),
    ("member", "/me/profile"),
    ("member", "/me/export"),
    ("member", "/opportunities"),
    ("member", "/me/settings/addresses"),
    ("member", "/me/settings/merge"),
    ("member", "/targets"),
    ("member", "/targets/new"),
    ("member", "/plans"),
    ("member", "/measures"),
    ("member", "/measures/records"),
    ("nobody", "/join/invented"),
    ("nobody", "/s/invented"),
    ("nobody", "/join/JOIN"),
    ("nobody", "/s/SHARE"),
    ("nobody", "/c/COLLECTION"),
    ("nobody", "/p/priya-okafor"),
    ("nobody", "/account-link/invented"),
    ("nobody", "/account/inactive"),
    ("member", "/catalogue"),
    ("member", "/catalogue/safety-champion"),
    ("member", "/a/VALID"),
    ("member", "/no/such/page"),
    ("steward", "/opportunities/offered"),
    ("steward", "/reviews"),
    ("steward", "/reviews/cycles"),
    ("steward", "/reviews/cycles/new"),
    ("steward", "/opportunities/new"),
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
    ("steward", "/catalogue/EDITED/preview"),
    ("steward", "/catalogue/EDITED/design"),
    ("steward", "/award"),
    ("steward", "/award/many"),
    ("steward", "/award/many/BATCH"),
    ("steward", "/award/many/BATCH/people"),
    ("steward", "/award/many/BATCH/preview"),
    ("steward", "/runs/RUN"),
    ("steward", "/awards"),
    ("steward", "/awards?q=nobody+of+this+name"),
    ("steward", "/awards?state=paused"),
    ("steward", "/awards/VALID"),
    ("steward", "/awards/REVOKED"),
    ("steward", "/awards/PAUSED"),
    ("nobody", "/password/reset"),
    ("nobody", "/password/reset/sent"),
    ("nobody", "/password/reset/invented/key"),
    ("nobody", "/password/reset/done"),
    ("member", "/me/settings"),
    ("member", "/me/settings/password"),
    ("member", "/me/settings/factors"),
    ("member", "/me/settings/factors/app"),
    ("member", "/me/settings/factors/codes/new"),
    ("member", "/me/settings/factors/passkeys"),
    ("member", "/me/settings/factors/passkeys/add"),
    ("member", "/me/settings/confirm"),
    ("steward", "/administration"),
    ("steward", "/administration/access"),
    ("steward", "/administration/sign-in"),
    ("steward", "/administration/sign-in/add"),
    ("steward", "/administration/mail"),
    ("steward", "/administration/mail/MESSAGE"),
    ("steward", "/administration/mail/templates"),
    ("steward", "/administration/mail/templates?template=invitation&language=de"),
    ("steward", "/administration/keys"),
    ("steward", "/administration/signing"),
    ("steward", "/administration/jobs"),
    ("steward", "/administration/audit"),
    ("hr", "/people"),
    ("hr", "/people?q=nobody+of+this+name"),
    ("hr", "/people/new"),
    ("hr", "/people/import"),
    ("hr", "/people/import/BROUGHT"),
    ("hr", "/people/PERSON"),
    ("hr", "/people/PERSON/edit"),
    ("hr", "/people/PERSON/leave"),
    ("hr", "/teams"),
    ("hr", "/teams/new"),
    ("hr", "/teams/TEAM"),
    ("hr", "/teams/TEAM/edit"),
    ("hr", "/teams/TEAM/close"),
    ("manager", "/team"),
    ("manager", "/team?attention=all"),
    ("manager", "/people/LED"),
    ("manager", "/team/matrix"),
    ("nobody", "/sign-in/organisation"),
    ("nobody", "/o/hexham/sign-in"),
    ("member", "/me/skills"),
    ("member", "/me/decisions"),
    ("manager", "/team/targets"),
    ("manager", "/team/gaps"),
    ("manager", "/team/report"),
    ("manager", "/opportunities/consents"),
    ("steward", "/skills"),
    ("steward", "/skills/new"),
    ("steward", "/roles"),
    ("steward", "/roles/import"),
    ("steward", "/gaps"),
    ("steward", "/gaps/at-risk"),
    ("steward", "/experts"),
    ("steward", "/developer"),
    ("steward", "/developer/keys/new"),
]
#: Two files, so that two processes share the work.
OF_EVERYBODY = [(who, address) for who, address in PAGES if who in ("nobody", "member")]
OF_WHO_RUNS_IT = [(who, address) for who, address in PAGES if who not in ("nobody", "member")]
#: The one complaint that a page may cause: that it is itself not there, or closed.
ITSELF = "Failed to load resource: the server responded with a status of 40"


@pytest.fixture(scope="module")
def ids(browser: Browser, site: Site, sessions: dict[str, Any], awards: dict[str, str]) -> dict[str, str]:
    """What stands in the place of each word in capitals: rows of the demo, and what is made here through forms."""
    found = {name.upper(): one for name, one in awards.items()} | told(site)
    pages = steward, member, hr = tuple(browser.new_context(storage_state=sessions[who]).new_page() for who in ("steward", "member", "hr"))
    found["EDITED"] = drafted(steward, site)
    found["JOIN"] = invited(steward, site, found["MESSAGE"])
    found["SHARED"], found["SHARE"] = shared(member, site)
    found["BROUGHT"] = brought(hr, site)
    for page in pages:
        page.context.close()
    return found


def told(site: Site) -> dict[str, str]:
    """Ids of what the demo leaves in each place, from its own database."""
    amina = "(SELECT id FROM people_person WHERE email = 'amina.hall@hexham.example' AND organisation_id = 1)"
    hugo = amina.replace("amina.hall", "hugo.dodd")
    selects = {
        "COLLECTION": "SELECT public_id FROM passport_collection WHERE published_at IS NOT NULL",
        "OWN": "SELECT public_id FROM passport_collection WHERE published_at IS NULL",
        "BATCH": "SELECT public_id FROM awarding_batch WHERE organisation_id = 1",
        "PERSON": f"SELECT public_id FROM people_person WHERE id = {amina}",
        "LED": f"SELECT public_id FROM people_person WHERE manager_id = {hugo} AND ends_on IS NULL ORDER BY id",
        "TEAM": "SELECT public_id FROM people_team WHERE organisation_id = 1 AND lead_id IS NOT NULL ORDER BY id",
        "MINE": f"SELECT public_id FROM awarding_award WHERE person_id = {amina} ORDER BY id",
        "MESSAGE": "SELECT public_id FROM mail_message WHERE organisation_id = 1 AND secret = 1 ORDER BY id",
    }
    with sqlite3.connect(f"file:{site.data_dir / 'hexmark.sqlite3'}?mode=ro", uri=True) as base:
        return {name: str(base.execute(f"{select} LIMIT 1").fetchone()[0]) for name, select in selects.items()}


def invited(page: Page, site: Site, message: str) -> str:
    """What follows /join/ in a letter that waits: sealed in the database, and read where administrators read it."""
    page.goto(f"{site.url}/administration/mail/{message}")
    letter = page.locator(".mail-text").inner_text()
    link = re.search(r"/join/(\S+)", letter)
    assert link, letter
    return link[1]


def drafted(page: Page, site: Site) -> str:
    """The short name of an open draft with skills of its own."""
    page.goto(f"{site.url}/catalogue/new")
    page.get_by_label("Name").fill("Data Steward")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Add a skill").click()
    page.get_by_label("Skill", exact=True).fill("Data governance")
    page.get_by_label("Its web address").fill("https://skills.hexham.example/data")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/catalogue/data-steward")
    return page.url.rsplit("/", 1)[-1]


def shared(page: Page, site: Site) -> tuple[str, str]:
    """The id of a share code that works, and the code."""
    page.goto(f"{site.url}/me/shares")
    page.locator("input[name=entry]").first.check()
    page.get_by_label("For whom").fill("A firm that asked")
    page.get_by_role("button", name="Make the code").click()
    page.wait_for_url(re.compile(r"/me/shares/[a-z2-7]{26}$"))
    code = re.search(r"/s/([\w-]+)", page.locator("main").inner_text())
    assert code
    return page.url.rsplit("/", 1)[-1], code[1]


def brought(page: Page, site: Site) -> str:
    """The id of a list of people with a row to run and a row to mend."""
    page.goto(f"{site.url}/people/import")
    rows = b"email,name,team\nrosa.bell@hexham.example,Rosa Bell,Field Engineering\nnobody at all,Tim Shaw,\n"
    page.locator("input[type=file]").set_input_files({"name": "new-people.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Check the list").click()
    page.wait_for_url(re.compile(r"/people/import/[a-z2-7]{26}$"))
    expect(page.get_by_text("Checking the rows")).to_have_count(0, timeout=15_000)
    return page.url.rsplit("/", 1)[-1]


@pytest.fixture(scope="module")
def contexts(browser: Browser, sessions: dict[str, Any]) -> Iterator[Callable[[str, bool], BrowserContext]]:
    """A context for each persona with scripts and one without: what a page brings is fetched once, as in anybody's browser."""
    made: dict[tuple[str, bool], BrowserContext] = {}

    def context(who: str, script: bool) -> BrowserContext:
        if (who, script) not in made:
            made[who, script] = browser.new_context(storage_state=sessions[who], java_script_enabled=script, reduced_motion="reduce")
        return made[who, script]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def opened(contexts: Callable[[str, bool], BrowserContext], site: Site, ids: dict[str, str]) -> Iterator[OpenPage]:
    """Opens an address, with ids in the places that stand for them."""
    pages: list[Page] = []

    def look(address: str, *, who: str, width: int, script: bool = True) -> Page:
        prefix = f"{site.url}/a/" if "link=" in address else ""
        pages.append(page := contexts(who, script).new_page())
        page.set_viewport_size({"width": width, "height": 900})
        listen(page)
        page.goto(site.url + re.sub(r"[A-Z]{3,}", lambda word: prefix + ids[word[0]], address))
        return page

    yield look
    for page in pages:
        page.close()


@pytest.mark.parametrize(("who", "address"), OF_EVERYBODY)
def test_a_page_is_accessible_quiet_and_fits(opened: OpenPage, who: str, address: str) -> None:
    # One load for all. A theme changes colours alone, so that the other rules are asked only once a width.
    page = opened(address, who=who, width=1280)
    wrong = {"wide light": violations(page), "wide light px": overflow(page)}
    switch(page, "dark")
    wrong["wide dark"] = violations(page, rules=COLOURS)
    page.set_viewport_size({"width": 390, "height": 900})
    wrong |= {"narrow dark": violations(page), "narrow dark px": overflow(page)}
    wrong["missing pictures"] = missing_pictures(page)
    switch(page, "light")
    wrong["narrow light"] = violations(page, rules=COLOURS)
    page.set_viewport_size({"width": 320, "height": 900})
    wrong["narrowest px"] = overflow(page)
    wrong["complaints"] = [one for one in page.complaints if not one.startswith(ITSELF)]  # type: ignore[attr-defined]
    assert {what: one for what, one in wrong.items() if one} == {}


@pytest.mark.parametrize(("who", "address"), OF_EVERYBODY)
def test_a_page_fits_without_scripts(opened: OpenPage, who: str, address: str) -> None:
    page = opened(address, who=who, width=320, script=False)
    assert overflow(page) <= 0
    assert page.locator(".needs-js:visible").count() == 0
