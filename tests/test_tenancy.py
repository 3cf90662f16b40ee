"""Every address of the site, asked by people who have no business there: a stranger learns nothing, not even that a thing exists.

Generated over every URL pattern. An address without a decision in tests/tenancy fails the first test, so that nobody
adds a page without deciding who may know of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.urls import reverse

from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.web.urls import urlpatterns
from tests.tenancy import (
    administration,
    awarding,
    catalogue,
    designing,
    developer,
    directory,
    gates,
    opportunities,
    passport,
    people,
    public,
    reviews,
    sharing,
    skills,
    targets,
)
from tests.tenancy.area import Area
from tests.web.pages import Visitor, without_tokens
from tests.world import World

AREAS: tuple[Area, ...] = (
    administration.AREA,
    awarding.AREA,
    catalogue.AREA,
    designing.AREA,
    developer.AREA,
    directory.AREA,
    gates.AREA,
    opportunities.AREA,
    passport.AREA,
    people.AREA,
    public.AREA,
    reviews.AREA,
    sharing.AREA,
    skills.AREA,
    targets.AREA,
)
PUBLIC = frozenset[str]().union(*(area.public for area in AREAS))
OWN = frozenset[str]().union(*(area.own for area in AREAS))
OF_THE_ORGANISATION = frozenset[str]().union(*(area.of_the_organisation for area in AREAS))
OF_A_THING = frozenset[str]().union(*(area.of_a_thing for area in AREAS))
MEMBERS_MAY = frozenset[tuple[str, str]]().union(*(area.members_may for area in AREAS))
NAMES = sorted(str(pattern.name) for pattern in urlpatterns)
METHODS = ("get", "post")
#: Nothing has these.
NOTHING = {"PublicId": "a" * 26, "slug": "never-was", "int": "999999", "str": "never-was"}
PART = re.compile(r"<(\w+):(\w+)>")


@dataclass(frozen=True, slots=True)
class Things:
    """Acme's real ones, by the part of an address that names them."""

    values: dict[str, str]

    def address(self, name: str, *, real: bool) -> str:
        """The address of this name about acme's thing, or about one that never was."""
        route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
        kinds = {"public_id": "PublicId"}
        return reverse(
            name, kwargs={part: self.values[part] if real else NOTHING[kinds.get(kind, kind)] for kind, part in PART.findall(route)}
        )


@pytest.fixture
def things(acme: World, credential: Credential) -> Things:
    """Everything that the areas need of acme."""
    return Things({part: value for area in AREAS for part, value in area.values(acme, credential).items()})


def asked(visitor: Visitor, method: str, address: str) -> HttpResponse:
    """The answer to a form that would be good from the right person."""
    given = {"name": "Mine", "reason": "Mine", "revoke-reason": "Mine", "pause-reason": "Mine", "to": "x@y.example"}
    ask: Callable[..., HttpResponse] = getattr(visitor, method)
    return ask(address, given if method == "post" else {})


def state_of_acme() -> list[object]:
    """Whatever a stranger might have changed."""
    versions = AchievementVersion.objects.order_by("pk").values_list("name", "state", "number")
    credentials = Credential.objects.order_by("pk").values_list("revoked_at", "paused_at")
    return [*versions, *credentials]


def test_every_address_has_a_decision() -> None:
    decided = [PUBLIC, OWN, OF_THE_ORGANISATION, OF_A_THING]
    assert sorted(name for names in decided for name in names) == NAMES


# Both methods in one test: to build the world costs more than to ask.
@pytest.mark.parametrize("name", sorted(OF_A_THING))
def test_a_stranger_gets_the_same_bytes_for_what_is_acmes_and_for_what_never_was(globex: World, things: Things, name: str) -> None:
    stranger, before = Visitor(globex.steward_person), state_of_acme()
    for method in METHODS:
        theirs = asked(stranger, method, things.address(name, real=True))
        never = asked(stranger, method, things.address(name, real=False))
        assert theirs.status_code == never.status_code, method
        assert theirs.status_code in (404, 405), method
        assert without_tokens(theirs.content) == without_tokens(never.content), method
        assert without_tokens(b"%r" % sorted(theirs.headers.items())) == without_tokens(b"%r" % sorted(never.headers.items())), method
        assert state_of_acme() == before, method


@pytest.mark.parametrize("name", sorted(OF_A_THING | OF_THE_ORGANISATION | OWN))
def test_nobody_without_an_account_sees_or_changes_anything(things: Things, name: str) -> None:
    before = state_of_acme()
    for method in METHODS:
        for real in (True, False):
            answer = asked(Visitor(), method, things.address(name, real=real))
            assert answer.status_code == 302, method
            assert answer.headers["Location"].startswith("/sign-in?next=/"), method
    assert state_of_acme() == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(OF_A_THING | OF_THE_ORGANISATION))
def test_a_member_sees_what_is_published_and_nothing_else(acme: World, things: Things, name: str, method: str) -> None:
    member, before = Visitor(acme.member_person), state_of_acme()
    answer = asked(member, method, things.address(name, real=True))
    if (method, name) in MEMBERS_MAY:
        # A form leads on to a page of theirs.
        assert answer.status_code in (200, 302)
        assert not answer.headers.get("Location", "/").startswith("/sign-in")
    else:
        assert answer.status_code in (404, 405)
        never = asked(member, method, things.address(name, real=False))
        assert without_tokens(answer.content) == without_tokens(never.content)
    assert state_of_acme() == before


@pytest.mark.parametrize("name", sorted(OF_THE_ORGANISATION))
def test_pages_of_an_organisation_show_nothing_of_another(globex: World, things: Things, name: str) -> None:
    answer = asked(Visitor(globex.steward_person), "get", things.address(name, real=True))
    # What matters most asks first who it is, and what only takes forms shows nothing.
    assert answer.status_code in (200, 405) or answer.headers["Location"].startswith("/me/settings/confirm?")
    for word in (b"Safety Champion", b"Acme", things.values["award_id"].encode(), things.values["run_id"].encode()):
        assert word not in answer.getvalue()


@pytest.mark.parametrize("name", sorted(PUBLIC - {"status_list", "award_file", "achievement_version", "achievement_image", "setup"}))
def test_public_addresses_ask_nobody_to_sign_in(things: Things, name: str) -> None:
    answer = asked(Visitor(), "get", things.address(name, real=True))
    assert "/sign-in?next" not in answer.headers.get("Location", "")
