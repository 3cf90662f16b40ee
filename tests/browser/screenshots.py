"""Makes docs/images/*.png from a fresh demo: `python -m tests.browser.screenshots [FOLDER]`."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.site import ARGUMENTS, CHROMIUM, Site, demo

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST_BYTES = 120_000
WIDTH, HEIGHT = 1280, 840
NARROW = 390
#: The address stands in the pictures.
PORT = 8000
STEWARD, MEMBER = "bea.fenwick@hexham.example", "amina.hall@hexham.example"
MANAGER = "hugo.dodd@hexham.example"
#: Address and name of the picture, by who looks; a name that ends in -narrow or -dark says how.
OF_STEWARD = (
    ("/people", "people"),
    ("/catalogue", "catalogue"),
    ("/catalogue/health", "catalogue-health"),
    ("/administration", "administration"),
    ("/administration/mail", "mail"),
    ("/developer/keys/new", "key"),
)
OF_MANAGER = (("/team", "team"), ("/team", "team-narrow"), ("/team/matrix", "matrix"))
OF_STRANGER = (
    ("/directory", "directory"),
    ("/directory", "directory-narrow"),
    ("/b/safety-champion", "achievement"),
    ("/o/hexham", "issuer-dark"),
)
#: What the member is awarded on top of what the demo's story gives her.
MORE = ("Test Systems Architect", "Test Systems Developer")
WHY = "Took over the bench of the gearbox line and cut its false alarms from 6 to 1 per cent in two quarters."


def signed_in(browser: Browser, site: Site, email: str) -> Page:
    """A page of somebody who signed in."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/me")
    return page


def award(page: Page, site: Site, name: str) -> None:
    """The member holds one more, signed."""
    page.goto(f"{site.url}/award")
    page.get_by_label("Who").fill(MEMBER)
    page.get_by_label("What").select_option(label=name)
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("main").get_by_role("button", name="Award").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("heading", name="Done").wait_for(timeout=30_000)


def fill_editor(page: Page, site: Site) -> None:
    """A draft that is ready to publish."""
    page.goto(f"{site.url}/catalogue/new")
    page.get_by_label("Name").fill("Data Steward")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What it stands for").fill(
        "Answers for one area of our data: who may use it, how good it is, and who is told when it changes."
    )
    page.get_by_label("How to earn it").fill(
        "- Own a data domain for two quarters\n- Publish its quality targets and meet two of three\n- Pass a review by a peer"
    )
    page.get_by_text("Evidence judged", exact=True).click()
    page.get_by_label("Level", exact=True).select_option("4")
    page.get_by_label("Tags").fill("data, governance")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Ready to publish").wait_for()
    page.goto(page.url)


def shoot(page: Page, folder: Path, name: str, *, height: int = HEIGHT) -> None:
    """The upper part of the page as a PNG of 256 colours, small enough for a repository."""
    page.emulate_media(color_scheme="dark" if name.endswith("-dark") else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": NARROW if name.endswith("-narrow") else WIDTH, "height": height})
    page.evaluate("Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode(); }))")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = folder / f"{name}.png"
    # What is too large is made smaller: with fewer colours, gold would look like brass.
    for part in (1, 0.85, 0.75, 0.65, 0.55):
        smaller = image.resize((round(image.width * part), round(image.height * part)), Image.Resampling.LANCZOS)
        smaller.quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG).save(file, optimize=True)
        if file.stat().st_size <= LARGEST_BYTES:
            break
    size = file.stat().st_size
    print(f"{file.name}: {size // 1000} kB")
    if size > LARGEST_BYTES:
        raise SystemExit(f"{file} is larger than {LARGEST_BYTES // 1000} kB.")


def tour(page: Page, site: Site, folder: Path, addresses: tuple[tuple[str, str], ...]) -> None:
    """A picture of each address."""
    for address, name in addresses:
        page.goto(f"{site.url}{address}")
        shoot(page, folder, name)


def make(folder: Path, site: Site, browser: Browser) -> None:
    """All pictures of the documentation."""
    folder.mkdir(parents=True, exist_ok=True)
    steward = signed_in(browser, site, STEWARD)
    for name in MORE:
        award(steward, site, name)
    steward.goto(f"{site.url}/awards")
    shoot(steward, folder, "awards")
    fill_editor(steward, site)
    shoot(steward, folder, "editor", height=1000)
    steward.goto(f"{page_of(steward)}/design")
    shoot(steward, folder, "designer", height=1000)
    tour(steward, site, folder, OF_STEWARD)
    steward.goto(f"{site.url}/award/many")
    steward.locator("#main .recent a").first.click()
    shoot(steward, folder, "award-many")
    tour(signed_in(browser, site, MANAGER), site, folder, OF_MANAGER)
    member = signed_in(browser, site, MEMBER)
    for name in ("my-badges", "my-badges-dark", "my-badges-narrow"):
        shoot(member, folder, name, height=900)
    member.goto(f"{site.url}/me")
    member.locator("#main").get_by_role("link", name="Test Systems Architect").last.click()
    member.goto(f"{site.url}/me/badges/{page_of(member).rsplit('/', 1)[-1]}")
    shoot(member, folder, "audience")
    address = f"{site.url}/a/{page_of(member).rsplit('/', 1)[-1]}"
    stranger = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light").new_page()
    stranger.goto(address)
    for name in ("award", "award-dark", "award-narrow"):
        shoot(stranger, folder, name, height=840 if name == "award-narrow" else 960)
    stranger.goto(f"{site.url}/verify?link={address}")
    shoot(stranger, folder, "verify", height=960)
    tour(stranger, site, folder, OF_STRANGER)


def page_of(page: Page) -> str:
    """Where it is, without what follows the address."""
    return page.url.split("?")[0].split("#")[0]


def main() -> None:
    """Start a demo in a folder of its own and take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with tempfile.TemporaryDirectory() as temporary, demo(Path(temporary), port=PORT, small=True) as site, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        make(folder, site, browser)
        browser.close()


if __name__ == "__main__":
    main()
