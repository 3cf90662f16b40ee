"""Every address of the site, asked by people who have no business there: a stranger learns nothing, not even that a thing exists.

Generated over every URL pattern. An address without a decision in the lists below fails the first test, so that nobody
adds a page without deciding who may know of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.urls import reverse

from hexmark.awarding.actions import award
from hexmark.catalogue.actions import begin_version
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.web.urls import urlpatterns
from tests.web.pages import Visitor, without_tokens
from tests.world import World

#: For everybody, signed in or not.
PUBLIC = {
    "home",
    "award",
    "award_file",
    "achievement",
    "achievement_version",
    "achievement_image",
    "issuer",
    "did_document",
    "status_list",
    "verify",
    "setup",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "styleguide",
    "health",
}
#: One's own, whoever one is: they name nobody else's things.
OWN = {"me", "choose_organisation"}
#: The actor's own organisation's, without an id in the address.
OF_THE_ORGANISATION = {"catalogue", "catalogue_new", "award_new", "awards"}
#: About one thing of one organisation, named in the address.
OF_A_THING = {
    "catalogue_edit",
    "catalogue_picture",
    "catalogue_publish",
    "catalogue_retire",
    "catalogue_discard",
    "catalogue_new_version",
    "run",
    "run_undo",
    "run_release",
    "manage_award",
    "revoke",
    "pause",
    "lift",
}
NAMES = sorted(str(pattern.name) for pattern in urlpatterns)
METHODS = ("get", "post")
#: What a member of acme may do with a thing of acme; everything else of it is a 404 to them too.
MEMBERS_MAY = {("get", "catalogue"), ("get", "catalogue_edit"), ("get", "catalogue_picture")}
#: Nothing has these.
NO_ID, NO_SLUG = "a" * 26, "never-was"


@dataclass(frozen=True, slots=True)
class Things:
    """Acme's real ones."""

    slug: str
    run_id: str
    award_id: str

    def address(self, name: str, *, real: bool) -> str:
        """The address of this name about acme's thing, or about one that never was."""
        route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
        values = {
            "slug": self.slug if real else NO_SLUG,
            "run_id": self.run_id if real else NO_ID,
            "award_id": self.award_id if real else NO_ID,
        }
        return reverse(name, kwargs={key: values[key] for key in re.findall(r"<\w+:(\w+)>", route)})


@pytest.fixture
def things(acme: World, credential: Credential, version: AchievementVersion) -> Things:
    """A published achievement with an open draft, a run that waits, and a signed award."""
    begin_version(version.achievement, actor=acme.steward)
    waiting = award(version, to=[acme.manager_person], actor=acme.steward).run
    return Things(version.achievement.slug, waiting.public_id, credential.award.public_id)


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


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(OF_A_THING))
def test_a_stranger_gets_the_same_bytes_for_what_is_acmes_and_for_what_never_was(
    globex: World, things: Things, name: str, method: str
) -> None:
    stranger, before = Visitor(globex.steward_person), state_of_acme()
    theirs = asked(stranger, method, things.address(name, real=True))
    never = asked(stranger, method, things.address(name, real=False))
    assert theirs.status_code == never.status_code
    assert theirs.status_code in (404, 405)
    assert without_tokens(theirs.content) == without_tokens(never.content)
    assert without_tokens(b"%r" % sorted(theirs.headers.items())) == without_tokens(b"%r" % sorted(never.headers.items()))
    assert state_of_acme() == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(OF_A_THING | OF_THE_ORGANISATION | OWN))
def test_nobody_without_an_account_sees_or_changes_anything(things: Things, name: str, method: str) -> None:
    before = state_of_acme()
    answers = [asked(Visitor(), method, things.address(name, real=real)) for real in (True, False)]
    for answer in answers:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=/")
    assert state_of_acme() == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(OF_A_THING | OF_THE_ORGANISATION))
def test_a_member_sees_what_is_published_and_nothing_else(acme: World, things: Things, name: str, method: str) -> None:
    member, before = Visitor(acme.member_person), state_of_acme()
    answer = asked(member, method, things.address(name, real=True))
    if (method, name) in MEMBERS_MAY:
        assert answer.status_code == 200
    else:
        assert answer.status_code in (404, 405)
        never = asked(member, method, things.address(name, real=False))
        assert without_tokens(answer.content) == without_tokens(never.content)
    assert state_of_acme() == before


@pytest.mark.parametrize("name", sorted(OF_THE_ORGANISATION))
def test_pages_of_an_organisation_show_nothing_of_another(globex: World, things: Things, name: str) -> None:
    answer = asked(Visitor(globex.steward_person), "get", things.address(name, real=True))
    assert answer.status_code == 200
    for word in (b"Safety Champion", b"Acme", things.award_id.encode(), things.run_id.encode()):
        assert word not in answer.content


@pytest.mark.parametrize("name", sorted(PUBLIC - {"status_list", "award_file", "achievement_version", "achievement_image", "setup"}))
def test_public_addresses_ask_nobody_to_sign_in(things: Things, name: str) -> None:
    answer = asked(Visitor(), "get", things.address(name, real=True))
    assert "/sign-in?next" not in answer.headers.get("Location", "")
