"""What can be asked of a page that is open: is it accessible, does it fit, did its pictures arrive."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
#: One colour on its way can set off another: only when none is left, the page has arrived.
ARRIVED = """async () => {
  do await new Promise(done => setTimeout(done, 50));
  while (document.getAnimations().some(one => one instanceof CSSTransition && one.playState === "running"));
}"""


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds wrong, each with where. The rules come as text: a script tag would be stopped by the page's own policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE};0")
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate("async only => await axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]


def switch(page: Page, theme: Literal["dark", "light"]) -> None:
    """The page has the colours of the theme, and none on their way to it."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(ARRIVED)


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def missing_pictures(page: Page) -> list[str]:
    """Addresses of pictures that did not arrive, those further down the page among them."""
    arrive = "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode().catch(() => 0); }))"
    page.evaluate(arrive)
    missing: list[str] = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
    return missing
