"""Awarding and verifying with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser

MOST_STEPS = 60
#: What has the focus, as a screen reader would call it: its label, its own text, or the text of what labels it.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const label = element.labels?.[0]?.innerText ?? element.getAttribute("aria-label") ?? element.innerText;
  return (label || "").trim().replace(/\\s+/g, " ");
}"""
HIDDEN = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const x = Math.min(innerWidth - 1, Math.max(0, box.x + box.width / 2));
  const y = Math.min(innerHeight - 1, Math.max(0, box.y + Math.min(box.height / 2, 150)));
  const top = document.elementFromPoint(x, y);
  return !(top && (element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top)));
}"""

#: A choice is ringed as a whole, with its words.
RINGED = """() => [document.activeElement, ...(document.activeElement.labels ?? [])]
  .some(element => getComputedStyle(element).outlineStyle !== "none")"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus; it must be visible and ringed when it does."""
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        seen.append(focused)
        if focused.startswith(name):
            assert not page.evaluate(HIDDEN), f"{name} has the focus and is behind something."
            assert page.evaluate(RINGED), f"{name} has the focus and no ring."
            return
    raise AssertionError(f"{name} is not reached by Tab. Passed: {seen}")


@pytest.mark.parametrize("width", [1280, 390])
def test_awarding_and_undoing_with_the_keyboard_alone(open_page: OpenPage, width: int) -> None:
    page = open_page("/award", who="steward", width=width)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to content"
    page.keyboard.press("Enter")
    tab_to(page, "Who")
    page.keyboard.type(f"Keyboard Person {width} <keyboard.{width}@hexham.example>")
    tab_to(page, "What")
    page.keyboard.type("Coach")
    tab_to(page, "Why")
    page.keyboard.type("Needs no mouse.")
    tab_to(page, "Award")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Coaching")
    expect(page.get_by_text("Sends in 10 minutes").first).to_be_visible()
    page.locator("#main").focus()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/award")
    expect(page.get_by_text("One award was taken back")).to_be_visible()


def test_verifying_a_link_with_the_keyboard_alone(open_page: OpenPage, site: Site, awards: dict[str, str]) -> None:
    page = open_page("/verify")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Or paste its link or its text")
    page.keyboard.type(f"{site.url}/a/{awards['valid']}")
    tab_to(page, "Verify")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict-title")).to_have_text("Verified")
    tab_to(page, "See all 8 checks")
    page.keyboard.press("Enter")
    expect(page.locator(".checks").first).not_to_be_visible()


def test_the_account_menu_opens_and_closes_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page("/me", who="member")
    tab_to(page, "AH Your account: Amina Hall")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Sign out")).not_to_be_visible()
    assert page.evaluate(FOCUSED).endswith("Your account: Amina Hall")


def test_undo_keeps_the_focus_while_the_page_refreshes_itself(open_page: OpenPage) -> None:
    page = open_page("/award", who="steward")
    page.get_by_label("Who").fill("Focus Person <focus@hexham.example>")
    page.get_by_label("What").select_option(label="Coaching")
    page.get_by_role("main").get_by_role("button", name="Award").click()
    page.wait_for_url("**/runs/*")
    page.locator("#run-undo").focus()
    with page.expect_response("**/runs/*"):
        page.evaluate("htmx.ajax('GET', location.pathname, {target: '#run', swap: 'outerHTML'})")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "run-undo"
    page.keyboard.press("Enter")
    page.wait_for_url("**/award")


def test_a_badge_can_be_dropped_on_the_page(open_page: OpenPage, sample: Path) -> None:
    page = open_page("/verify")
    page.evaluate(
        """data => {
          const zone = document.querySelector("[data-drop]"), dropped = new DataTransfer();
          dropped.items.add(new File([Uint8Array.from(data)], "badge.png", { type: "image/png" }));
          for (const kind of ["dragenter", "dragover", "drop"])
            zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: dropped }));
        }""",
        list(sample.read_bytes()),
    )
    page.get_by_role("main").get_by_role("button", name="Verify").click()
    expect(page.locator(".verdict-title")).to_have_text("Verified")
