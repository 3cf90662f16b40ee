"""The directory's pages, its JSON, its feeds, and the register."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.actions import retire_version, set_listed
from hexmark.catalogue.models import AchievementVersion, Alignment, DirectoryEntry
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.passport.models import Entry
from hexmark.people.models import Person

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def some(acme: World) -> list[AchievementVersion]:
    """Thirty of acme's, two in three about safety."""
    return [acme.achievement(f"Thing {n:02}", level=n % 5 + 1, subjects=["Safety"] if n % 3 else ["Crafts"]) for n in range(30)]


def test_an_empty_directory_says_what_will_stand_there(visitor: Visitor) -> None:
    assert "Nothing is listed yet" in text_of(visitor.get("/directory"))


def test_the_page_works_by_form_without_a_script(visitor: Visitor, some: list[AchievementVersion]) -> None:
    page = visitor.get("/directory", {"q": "thing", "subject": ["safety", "crafts"], "level": "1", "sort": "name"})
    said = text_of(page)
    assert "6 results" in said
    assert 'name="subject" value="safety" checked' in page.content.decode()
    assert "Few holders so far" in said


def test_pages_follow_each_other_and_keep_the_filters(visitor: Visitor, some: list[AchievementVersion]) -> None:
    first = visitor.get("/directory?q=thing").content.decode()
    assert "Thing 23" in first
    assert "Thing 24" not in first
    following = re.search(r'href="(\?[^"]*page=2[^"]*)"', first)
    assert following
    second = visitor.get("/directory" + following[1].replace("&amp;", "&"))
    assert "Thing 24" in text_of(second)
    assert "30 results" in text_of(second)


def test_each_filter_that_is_set_can_be_taken_away_alone(visitor: Visitor, some: list[AchievementVersion]) -> None:
    page = visitor.get("/directory?q=thing&level=1,2&subject=safety").content.decode()
    for address in ("?level=1,2&amp;subject=safety", "?q=thing&amp;level=2&amp;subject=safety", "?q=thing&amp;level=1,2"):
        assert f'href="/directory{address}"' in page


def test_where_nothing_matches_it_is_said_what_to_remove(visitor: Visitor, some: list[AchievementVersion]) -> None:
    said = text_of(visitor.get("/directory?q=nothing&subject=crafts"))
    assert "Nothing matches all of that" in said
    assert "Remove “nothing” (10)" in said


def test_what_was_typed_is_text_and_no_markup(visitor: Visitor, some: list[AchievementVersion]) -> None:
    page = visitor.get("/directory", {"q": '"><script>x', "role": "<b>,\x00", "page": "many", "sort": "'"})
    assert page.status_code == 200
    assert "<script>x" not in page.content.decode()


def test_the_json_is_read_along_page_by_page(visitor: Visitor, some: list[AchievementVersion]) -> None:
    address, seen = "/directory.json?limit=7&q=thing", []
    while address:
        said = visitor.get(address).json()
        assert said["total"] == 30
        assert ("facets" in said) is (not seen)
        seen += [entry["name"] for entry in said["entries"]]
        address = said.get("next", "").removeprefix("https://badges.acme.example")
    assert sorted(seen) == [version.name for version in some]


def test_who_reads_along_learns_what_went(acme: World, visitor: Visitor, some: list[AchievementVersion]) -> None:
    DirectoryEntry.objects.update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    retire_version(some[0], actor=acme.steward)
    set_listed(some[1].achievement, listed=False, actor=acme.steward)
    said = visitor.get("/api/catalog?last_modified=2026-01-02..").json()["entries"]
    assert [(entry["status"], entry["url"]) for entry in said] == [("removed", one.achievement.url) for one in some[:2]]
    assert all(set(entry) == {"url", "status", "lastModified"} for entry in said)
    assert visitor.get("/directory.json").json()["total"] == 28


def test_whoever_has_it_already_gets_nothing_twice(visitor: Visitor, some: list[AchievementVersion]) -> None:
    for address in ("/directory.json", "/directory.atom", "/o/acme.atom", "/b/thing-01.atom", "/sitemap.xml", "/sitemap-1.xml"):
        first = visitor.get(address)
        assert first.headers["Last-Modified"]
        again = visitor.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert visitor.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        assert visitor.head(address).headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("last_modified=yesterday", "last_modified"),
        ("last_modified=2026-13-01..", "last_modified"),
        ("last_modified=..9999-12-31", "last_modified"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=MjAyNi0wMS0wMSAx", "cursor"),
    ],
)
def test_a_question_that_cannot_be_answered_says_which_part(
    visitor: Visitor, some: list[AchievementVersion], query: str, field: str
) -> None:
    answer = visitor.get(f"/directory.json?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["parameter"] == field


def test_feeds_are_atom_with_stable_ids(acme: World, visitor: Visitor) -> None:
    acme.achievement("Kiln & <Safety>", subjects=["Crafts"])
    for address in ("/directory.atom", "/o/acme.atom", "/b/kiln-safety.atom", "/directory.atom?subject=crafts"):
        feed = ElementTree.fromstring(visitor.get(address).content)
        [entry] = feed.findall(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "Kiln & <Safety>"
        assert entry.findtext(f"{ATOM}id") == "https://badges.acme.example/b/kiln-safety/1"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Acme"
    empty = visitor.get("/directory.atom?q=nothing")
    assert not ElementTree.fromstring(empty.content).findall(f"{ATOM}entry")


def test_search_engines_find_what_is_listed_and_nothing_private(acme: World, visitor: Visitor, some: list[AchievementVersion]) -> None:
    set_listed(some[1].achievement, listed=False, actor=acme.steward)
    robots = visitor.get("/robots.txt").content.decode()
    assert "Sitemap: https://badges.acme.example/sitemap.xml" in robots
    assert "Disallow: /directory?" in robots
    assert b"/sitemap-1.xml" in visitor.get("/sitemap.xml").content
    addresses = visitor.get("/sitemap-1.xml").content.decode()
    for page in ("/", "/directory", "/o/acme", "/b/thing-00"):
        assert f"<loc>https://badges.acme.example{page}</loc>" in addresses
    assert "/b/thing-01<" not in addresses
    assert "/a/" not in addresses
    for number in ("0", "2", "99999999999999999999"):
        assert visitor.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_page_tells_search_engines_what_it_is_in_a_block_that_nothing_runs(acme: World, visitor: Visitor) -> None:
    version = acme.achievement("Kiln </script><script>x", level=3, validity_months=24, effort_minutes=90)
    Alignment.objects.create(version=version, target_name="Kilns", target_url="https://skills.example/kilns", target_code="K-1")
    page = visitor.get(f"/b/{version.achievement.slug}").content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block
    said = json.loads(block[1])
    assert said["@type"] == "EducationalOccupationalCredential"
    assert said["name"] == "Kiln </script><script>x"
    assert (said["educationalLevel"], said["validFor"], said["timeRequired"]) == ("Intermediate", "P24M", "PT90M")
    assert said["competencyRequired"] == [
        {"@type": "DefinedTerm", "name": "Kilns", "url": "https://skills.example/kilns", "termCode": "K-1"}
    ]


def register(visitor: Visitor, query: str = "") -> str:
    """What the register of the one achievement says."""
    return text_of(visitor.get(f"/b/safety-champion/earners{query}"))


def test_only_who_agreed_and_holds_it_today_stands_in_the_register(acme: World, credential: Credential, visitor: Visitor) -> None:
    assert "Nobody is named here yet" in register(visitor)
    Entry.objects.filter(credential=credential).update(audience="public")
    assert "Acme Member" in register(visitor)
    assert "Acme Member" in text_of(visitor.get("/o/acme/register"))
    assert "Acme Member" in register(visitor, "?q=member+acme")
    assert "Nobody of that name" in register(visitor, "?q=manager")
    assert visitor.get("/b/safety-champion/earners").headers["X-Robots-Tag"] == "noindex"
    Entry.objects.filter(credential=credential).update(accepted_at=None)
    assert "Acme Member" not in register(visitor)


@pytest.mark.parametrize("act", [revoke, pause])
def test_who_is_revoked_or_paused_leaves_the_register(acme: World, credential: Credential, visitor: Visitor, act: object) -> None:
    Entry.objects.filter(credential=credential).update(audience="public")
    act(credential, actor=acme.steward, reason="A mistake.")  # type: ignore[operator]
    assert "Acme Member" not in register(visitor)


def test_a_long_register_is_read_page_by_page(acme: World, credential: Credential, visitor: Visitor) -> None:
    Entry.objects.filter(credential=credential).update(audience="public")
    Person.objects.filter(pk=acme.member_person.pk).update(name="A" * 200)
    page = visitor.get("/b/safety-champion/earners?page=7")
    assert page.status_code == 200
    assert "A" * 200 in text_of(page)
