"""Bad inputs of families I and J that concern the whole site: each is named by its id, and answered as the list says."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.directory import FEWEST_EARNERS, shown_earners
from hexmark.catalogue.models import AchievementVersion, DirectoryEntry
from hexmark.issuing.models import Credential
from hexmark.people.actions import add_person
from hexmark.people.models import PeopleImport, Person

#: Texts that have broken other software, one of each kind.
NAUGHTY = [
    "undefined",
    "-1/2",
    "1e309",
    "<script>alert(1)</script>",
    "'; DROP TABLE people_person; --",
    "{{ 7|add:7 }}{% now %}",
    "${jndi:ldap://x.example/a}",
    "../../etc/passwd",
    "%s%n%d%00",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "田中さんにあげて下さい",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u202ereversed",
    "\ufeffmark",
    "a\u2028b",
    "\x00",
    "\x1b[31mred",
    "İıſß",
    "A" * 5000,
    "\ud800",
]


# Lists -----------------------------------------------------------------------------------------------------------------------------


def multipart(body: str) -> bytes:
    head = '--edge\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return (head + body).encode()


def test_i21_an_upload_that_breaks_off_begins_no_import(acme: World) -> None:
    whole, steward = multipart("email,name\nnew@acme.example,New\n") + b"\r\n--edge--\r\n", Visitor(acme.steward_person)
    for missing in (12, 20, 45, 100, 130):
        answer = steward.generic("POST", "/people/import", whole[:-missing], content_type="multipart/form-data; boundary=edge")
        assert answer.status_code in (400, 422), missing
    assert not PeopleImport.objects.exists()


def test_i23_a_naughty_name_is_kept_as_it_is_or_refused(acme: World) -> None:
    visitor = Visitor(acme.steward_person)
    for number, text in enumerate(NAUGHTY):
        email = f"naughty{number}@acme.example"
        typed = {"name": text.encode("utf-8", "replace").decode(), "email": email, "kind": "staff", "language": "en"}
        answer = visitor.post("/people/new", typed)
        assert answer.status_code in (302, 422), text
        if answer.status_code == 302:
            assert Person.objects.get(email=email).name == unicodedata.normalize("NFC", typed["name"])
    assert Person.objects.filter(email__startswith="naughty").count() > len(NAUGHTY) / 2
    assert b"<script>alert" not in visitor.get("/people").content


def test_i23_a_naughty_criterion_or_tag_is_shown_inert(acme: World) -> None:
    visitor = Visitor(acme.steward_person)
    for number, text in enumerate(NAUGHTY):
        draft = create_achievement(acme.organisation, name=f"Naughty {number}", actor=acme.steward)
        kept = text.encode("utf-8", "replace").decode().replace("\x00", "")
        AchievementVersion.objects.filter(pk=draft.pk).update(criteria=kept, tags=[kept[:40]])
        page = visitor.get(f"/catalogue/{draft.achievement.slug}")
        assert page.status_code == 200, text
        assert b"<script>alert" not in page.content


# What is told of few ---------------------------------------------------------------------------------------------------------------


def test_j11_how_many_hold_it_is_not_said_below_five(acme: World, version: AchievementVersion) -> None:
    entry = DirectoryEntry.objects.get(version=version)
    for earners, shown in ((0, None), (1, None), (FEWEST_EARNERS - 1, None), (FEWEST_EARNERS, FEWEST_EARNERS)):
        entry.earners = earners
        assert shown_earners(entry) == shown
    assert FEWEST_EARNERS >= 5


# Other sites -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_j18_no_other_site_reads_with_somebodys_session(acme: World, origin: str) -> None:
    visitor, own = Visitor(acme.steward_person), ("/me", "/people", "/catalogue", "/api/v1/people")
    for address in (*own, "/", "/verify", "/directory", "/api/v1/achievements"):
        headers = visitor.get(address, headers={"Origin": origin}).headers
        assert headers.get("Access-Control-Allow-Origin") in ((None,) if address in own else (None, "*")), address
        assert "Access-Control-Allow-Credentials" not in headers


PATHS = [
    "/static/../../etc/passwd",
    "/static/..%2f..%2fetc%2fpasswd",
    "/static/hexmark/%2e%2e/%2e%2e/settings.py",
    "/a/../../etc/passwd",
    "/a/{award}.../etc/passwd",
    "/a/{award}.png/../../x",
    "/b/..%2f..%2fetc/1/image",
    "/b/safety-champion/1/image/..%2f..%2fetc%2fpasswd.png",
    "/o/..%2f..%2fetc",
    "/art/..%2f..%2fetc%2fpasswd.svg",
    "/me/sheet.%2e%2e%2fpasswd",
    "/administration/mail/templates?template=../../../etc/passwd&language=en",
    "/administration/mail/templates?template=test&language=../../etc/passwd",
]


def test_j25_no_address_leads_out_of_its_folder(acme: World, credential: Credential) -> None:
    visitor = Visitor(acme.steward_person)
    for path in PATHS:
        answer = visitor.get(path.format(award=credential.award.public_id))
        assert answer.status_code in (400, 404), path
        assert b"root:" not in b"".join(answer.streaming_content if answer.streaming else [answer.content])


def test_j25_a_files_name_is_only_shown(acme: World) -> None:
    whole = multipart("email,name\nnew@acme.example,New\n").replace(b"people.csv", b"../../etc/people.csv") + b"\r\n--edge--\r\n"
    steward = Visitor(acme.steward_person)
    answer = steward.generic("POST", "/people/import", whole, content_type="multipart/form-data; boundary=edge", follow=True)
    assert answer.status_code in (200, 302)
    assert "/" not in PeopleImport.objects.get().file_name


# Ids -------------------------------------------------------------------------------------------------------------------------------


def with_ids() -> list[type[Model]]:
    """Every table whose rows have an id that the world may see."""
    return [model for model in apps.get_models() if any(field.name == "public_id" for field in model._meta.get_fields())]


def test_j41_ids_carry_128_random_bits_and_no_order() -> None:
    assert len(with_ids()) >= 10
    for model in with_ids():
        made: list[Any] = [model._meta.get_field("public_id").get_default() for _ in range(50)]  # type: ignore[union-attr]
        assert len(set(made)) == 50
        assert all(re.fullmatch("[a-z2-7]{26}", one) for one in made), model
        # As many different characters at the first place as chance gives: nothing counts up.
        assert len({one[0] for one in made}) > 10


def test_j41_counting_up_finds_nobody(acme: World) -> None:
    person = add_person(acme.organisation, name="One", email="one@acme.example", actor=acme.steward)
    visitor = Visitor(acme.steward_person)
    never_was = visitor.get("/people/" + "a" * 26)
    for guess in (str(person.pk), person.public_id[:-1] + ("a" if person.public_id[-1] != "a" else "b")):
        assert visitor.get(f"/people/{guess}").status_code == 404
    assert text_of(never_was) == text_of(visitor.get("/people/" + "b" * 26))
