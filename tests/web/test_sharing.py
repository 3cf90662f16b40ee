"""Showing an award elsewhere: links, card, code, frame and oEmbed, for whoever may see the award and nobody else."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from PIL import Image
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.models import Award
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry
from hexmark.web import share_links
from hexmark.web.cards import card_png

FORMS = ("", "/share", "/card.png", "/code.svg", ".pdf", ".png", ".svg", ".json")


@pytest.fixture
def url(credential: Credential) -> str:
    """The award's address."""
    return f"/a/{credential.award.public_id}"


def shown_to(credential: Credential, audience: Audience) -> None:
    """Its holder decided this."""
    assert Entry.objects.filter(credential=credential).update(audience=audience)


def loaded(credential: Credential) -> Credential:
    return Credential.objects.select_related("award__version__achievement__organisation", "award__person", "organisation").get(
        pk=credential.pk
    )


# LinkedIn


def filled_in(credential: Credential) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(share_links.add_to_profile(loaded(credential))).query).items()}


def test_linkedins_form_is_filled_in(credential: Credential) -> None:
    fields = filled_in(credential)
    assert (fields["startTask"], fields["name"], fields["organizationName"]) == ("CERTIFICATION_NAME", "Safety Champion", "Acme")
    assert fields["certUrl"] == credential.url
    assert fields["certId"] == credential.award.public_id
    assert "expirationYear" not in fields


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_1_to_12(credential: Credential, month: int) -> None:
    Award.objects.filter(pk=credential.award_id).update(awarded_at=datetime(2026, month, 15, 12, tzinfo=UTC))
    Credential.objects.filter(pk=credential.pk).update(valid_until=datetime(2028, month, 28, 12, tzinfo=UTC))
    fields = filled_in(credential)
    assert (fields["issueYear"], fields["issueMonth"]) == ("2026", str(month))
    assert (fields["expirationYear"], fields["expirationMonth"]) == ("2028", str(month))


def test_the_month_is_that_of_the_issuers_own_day(credential: Credential) -> None:
    Organisation.objects.update(time_zone="Pacific/Auckland")
    Award.objects.filter(pk=credential.award_id).update(awarded_at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    fields = filled_in(credential)
    assert (fields["issueYear"], fields["issueMonth"]) == ("2027", "1")


def test_what_is_in_a_name_does_not_add_to_the_form(acme: World, credential: Credential) -> None:
    Organisation.objects.update(name="A&organizationId=1#x")
    assert filled_in(credential)["organizationName"] == "A&organizationId=1#x"
    assert "organizationId" not in filled_in(credential)


def test_the_address_of_linkedins_form_is_a_setting(credential: Credential, settings: object) -> None:
    settings.LINKEDIN_PROFILE_URL = "https://linkedin.example/add?task=1"  # type: ignore[attr-defined]
    assert share_links.add_to_profile(loaded(credential)).startswith("https://linkedin.example/add?task=1&name=")


# The page of the award, and the page with every way to share it


def test_the_holder_is_offered_linkedin_and_a_visitor_to_save_or_share(url: str, member: Visitor, visitor: Visitor) -> None:
    mine, theirs = member.get(url).content.decode(), visitor.get(url).content.decode()
    assert "Add to LinkedIn profile" in mine
    assert "linkedin" not in theirs
    assert f'href="{url}/share"' in mine
    assert f'href="{url}/share"' in theirs
    for form in ("png", "svg", "pdf", "json"):
        assert f'href="{url}.{form}"' in theirs


def test_the_page_tells_other_places_how_to_show_a_link_to_it(credential: Credential, url: str, visitor: Visitor) -> None:
    page = unescape(visitor.get(url).content.decode())
    for name, value in (
        ("og:title", "Safety Champion"),
        ("og:type", "website"),
        ("og:url", credential.url),
        ("og:image", f"{credential.url}/card.png"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "Safety Champion, awarded by Acme"),
    ):
        assert f'<meta property="{name}" content="{value}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    oembed = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
    assert oembed
    assert visitor.get(oembed[1].removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_every_snippet_stands_on_the_page_to_be_copied(credential: Credential, url: str, visitor: Visitor) -> None:
    page = text_of(visitor.get(f"{url}/share"))
    for snippet in (credential.url, share_links.markdown(loaded(credential))):
        assert snippet in page
    raw = visitor.get(f"{url}/share").content.decode()
    for snippet in (share_links.frame, share_links.picture_link, share_links.signature):
        assert snippet(loaded(credential)) in unescape(raw)


def test_a_holder_who_hides_it_is_told_that_a_link_leads_nowhere(credential: Credential, url: str, member: Visitor) -> None:
    assert "Only some can open it" not in text_of(member.get(f"{url}/share"))
    shown_to(credential, Audience.ONLY_ME)
    page = member.get(f"{url}/share")
    assert "Only some can open it" in text_of(page)
    assert "og:image" not in member.get(url).content.decode()


# Who may see any of it


@pytest.mark.parametrize("form", FORMS)
def test_what_only_its_holder_may_see_is_a_404_like_any_other_in_every_form(
    credential: Credential, url: str, form: str, visitor: Visitor, member: Visitor
) -> None:
    shown_to(credential, Audience.ONLY_ME)
    hidden, never = visitor.get(url + form), visitor.get(f"/a/{'a' * 26}{form}")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content
    assert hidden.headers == never.headers
    answer = member.get(url + form)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("address", ["/embed/a/{}", "/oembed?url={url}"])
def test_a_frame_shows_what_everybody_may_see_whoever_looks(credential: Credential, member: Visitor, address: str) -> None:
    where = address.format(credential.award.public_id, url=credential.url)
    assert member.get(where).status_code == 200
    for audience in (Audience.ONLY_ME, Audience.ORGANISATION):
        shown_to(credential, audience)
        assert member.get(where).status_code == 404


# The card


def test_the_card_has_the_size_that_others_ask_for_and_is_asked_for_each_time(url: str, visitor: Visitor) -> None:
    response = visitor.get(f"{url}/card.png")
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_only_the_card_of_a_public_award_names_its_holder(credential: Credential, url: str, visitor: Visitor) -> None:
    assert visitor.get(f"{url}/card.png").content == card_png(loaded(credential), named=False)
    shown_to(credential, Audience.PUBLIC)
    assert visitor.get(f"{url}/card.png").content == card_png(loaded(credential), named=True)


def test_a_card_is_made_once_for_all_who_hold_the_same(
    acme: World, credential: Credential, url: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get(f"{url}/card.png").content
    monkeypatch.setattr("hexmark.web.cards.rasterise", None)
    Award.objects.filter(pk=credential.award_id).update(person=acme.manager_person)
    assert visitor.get(f"{url}/card.png").content == first


def test_the_card_of_a_revoked_award_does_not_say_verified(acme: World, credential: Credential, url: str, visitor: Visitor) -> None:
    before = visitor.get(f"{url}/card.png").content
    revoke(credential, actor=acme.steward, reason="Awarded in error.")
    run_jobs()
    assert visitor.get(f"{url}/card.png").content != before


# The frame and oEmbed


def test_only_the_frame_may_stand_on_other_sites(credential: Credential, url: str, visitor: Visitor) -> None:
    framed = visitor.get(f"/embed/a/{credential.award.public_id}")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in framed.headers
    assert "<script" not in framed.content.decode()
    for other in (url, f"{url}/share", "/", "/verify"):
        answer = visitor.get(other)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_frame_shows_badge_holder_issuer_and_verdict(acme: World, credential: Credential, visitor: Visitor) -> None:
    address = f"/embed/a/{credential.award.public_id}"
    page = text_of(visitor.get(address))
    for word in ("Safety Champion", "Acme Member", "Acme", "Verified"):
        assert word in page
    revoke(credential, actor=acme.steward, reason="Awarded in error.")
    run_jobs()
    assert "Revoked by issuer" in text_of(visitor.get(address))
    assert 'class="faded"' in visitor.get(address).content.decode()


def test_oembed_gives_the_frame_in_the_size_that_fits(credential: Credential, visitor: Visitor) -> None:
    answer = json.loads(visitor.get("/oembed", {"url": credential.url, "maxwidth": "250", "maxheight": "9999"}).content)
    assert (answer["type"], answer["version"], answer["title"]) == ("rich", "1.0", "Safety Champion")
    assert (answer["width"], answer["height"]) == (250, 400)
    assert f'src="{settings.PUBLIC_URL}/embed/a/{credential.award.public_id}" width="250" height="400"' in answer["html"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer["html"]


@pytest.mark.parametrize("side", ["0", "-1", "x", "99999999999999999999999999", "٣", "1e3", ""])
def test_oembed_bounds_the_size(credential: Credential, visitor: Visitor, side: str) -> None:
    answer = json.loads(visitor.get("/oembed", {"url": credential.url, "maxwidth": side}).content)
    assert 160 <= answer["width"] <= 320


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://elsewhere.example/a/{id}",
        "{url}.png",
        "{url}.pdf",
        "{url}/share",
        "/a/{id}",
        "javascript:alert(1)",
        "http://[::1",
        "{base}/b/safety-champion",
        "{base}/a/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "{base}/a/../a/{id}",
    ],
)
def test_oembed_knows_only_pages_of_our_own_awards(credential: Credential, visitor: Visitor, address: str) -> None:
    asked = address.format(id=credential.award.public_id, url=credential.url, base=settings.PUBLIC_URL)
    assert visitor.get("/oembed", {"url": asked}).status_code == 404


def test_oembed_is_offered_as_json_only(credential: Credential, visitor: Visitor) -> None:
    assert visitor.get("/oembed", {"url": credential.url, "format": "xml"}).status_code == 501


# Codes and snippets


def test_the_code_is_a_drawing_of_the_bare_address(credential: Credential, url: str, visitor: Visitor) -> None:
    import segno

    response = visitor.get(f"{url}/code.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    made = segno.make(credential.url, error="m", micro=False)
    assert made.error == "M"
    side = made.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in response.content.decode()
    assert response.content == share_links.code_svg(credential.url)


@pytest.mark.parametrize("snippet", [share_links.picture_link, share_links.signature, share_links.frame])
def test_hostile_names_stay_text_in_snippets(credential: Credential, snippet: object) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror="alert(2)">'
    found = loaded(credential)
    found.award.version.name = found.organisation.name = evil
    html = snippet(found)  # type: ignore[operator]
    assert "<script" not in html
    assert 'onerror="' not in html


def test_hostile_names_stay_text_in_markdown(credential: Credential) -> None:
    found = loaded(credential)
    found.award.version.name = "x](https://evil.example)[![y](z) `code` <b>"
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").render(share_links.markdown(found))
    assert html.count("<a ") == html.count("<img ") == 1
    assert f'<a href="{credential.url}">' in html


def test_a_mail_holds_the_link(credential: Credential) -> None:
    assert share_links.mail_about(loaded(credential)).startswith("mailto:?subject=Safety%20Champion&body=https%3A%2F%2F")


# The certificate


def test_the_certificate_is_a_pdf_made_once(credential: Credential, url: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    response = visitor.get(f"{url}.pdf")
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="badge-{credential.award.public_id[:8]}.pdf"'
    assert response.headers["X-Robots-Tag"] == "noindex"
    monkeypatch.setattr("hexmark.files.pdf.certificate", None)
    assert visitor.get(f"{url}.pdf").content == response.content


def test_a_name_in_letters_without_a_font_says_so_and_what_to_do(credential: Credential, url: str, visitor: Visitor) -> None:
    person = loaded(credential).award.person
    person.name = "李小龍"
    person.save()
    response = visitor.get(f"{url}.pdf")
    assert response.status_code == 503
    assert "no font here for 小, 李, 龍" in text_of(response)
    assert visitor.get(url).status_code == 200
