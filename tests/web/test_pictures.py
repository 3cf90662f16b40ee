"""Pictures at their addresses, in the size in which a page shows them."""

from __future__ import annotations

import io

import pytest
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler
from PIL import Image
from tests.web.pages import Visitor
from tests.world import World

from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.models import AchievementVersion


def test_a_published_picture_is_served_small_for_everybody_and_may_be_kept(version: AchievementVersion, visitor: Visitor) -> None:
    response = visitor.get(f"/b/{version.achievement.slug}/1/image/96x2.webp")
    assert Image.open(io.BytesIO(response.content)).size == (192, 192)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["97.webp", "96.gif", "96x3.webp", "x2.webp", "96x.webp", "100000.png", "-96.png", "96x2x2.png"])
def test_only_the_few_sizes_that_pages_show_are_made(version: AchievementVersion, visitor: Visitor, name: str) -> None:
    assert visitor.get(f"/b/{version.achievement.slug}/1/image/{name}").status_code == 404


def test_a_draft_has_no_picture_for_everybody(acme: World, visitor: Visitor) -> None:
    draft = create_achievement(acme.organisation, name="Secret", actor=acme.steward)
    assert visitor.get(f"/b/{draft.achievement.slug}/1/image/96.webp").status_code == 404


def image(src: str, size: int) -> str:
    """The component as a page has it."""
    return Template(CottonCompiler().process(f'<c-badge-image src="{src}" size="{size}" />')).render(Context())


def test_a_page_asks_for_the_size_that_it_shows() -> None:
    shown = image("/b/kiln/2/image", 100)
    assert 'src="/b/kiln/2/image/128.webp"' in shown
    assert 'srcset="/b/kiln/2/image/128x2.webp 2x"' in shown
    assert 'width="100"' in shown
    draft = image("/catalogue/kiln/picture", 48)
    assert 'src="/catalogue/kiln/picture?size=48"' in draft
    assert "srcset" not in draft
    other = image("/static/sample.svg", 48)
    assert 'src="/static/sample.svg"' in other


def test_a_draft_is_drawn_smaller_without_its_words(acme: World, steward: Visitor) -> None:
    draft = create_achievement(acme.organisation, name="Data Steward", actor=acme.steward)
    page = f"/catalogue/{draft.achievement.slug}/picture"
    sizes = [len(steward.get(f"{page}?size={size}").content) for size in (32, 96, 320)]
    assert sizes == sorted(sizes)
    assert steward.get(f"{page}?size=48&name=Kiln&level=3&tags=").content.startswith(b"<svg")
    assert steward.get(f"{page}?size=9999999").status_code == 200
