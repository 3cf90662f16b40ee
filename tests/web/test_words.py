"""An organisation's own words stand wherever "badge" or "credential" would, and words of experts stand nowhere."""

from __future__ import annotations

import re

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.awarding.actions import award
from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation

OWN = {
    "word_badge": "marvel",
    "word_badge_plural": "marvels",
    "word_unassessed": "token",
    "word_unassessed_plural": "tokens",
    "word_assessed": "diploma",
    "word_assessed_plural": "diplomas",
}
PAGES = [
    "/me",
    "/catalogue",
    "/catalogue/new",
    "/catalogue/safety-champion",
    "/catalogue/safety-champion/retire",
    "/catalogue/a-draft",
    "/catalogue/a-draft/discard",
    "/award",
    "/awards",
    "/awards?q=nothing",
    "/awards/AWARD",
    "/runs/RUN",
    "/sign-out",
    "/no/such/page",
]
#: These name a role, a host, the standard, and values of its list of types.
PROPER = re.compile(
    r"Badge administrators?|badges\.acme\.example|Open Badges|“Badge”|(?<=Award )Badge(?= Bachelor)|"
    r"Quality assurance credential|Micro credential"
)
EXPERTS = re.compile(r"\b(stewards?|criteria|assurance|suspended|suspension|assertion|issuance|mint|tenant)\b", re.IGNORECASE)


@pytest.fixture
def pages(acme: World, credential: Credential, version: AchievementVersion, steward: Visitor) -> dict[str, str]:
    """What each page of the slice says to a badge administrator of an organisation with words of its own."""
    create_achievement(acme.organisation, name="A draft", actor=acme.steward)
    waiting = award(version, to=[acme.manager_person], actor=acme.steward).run
    Organisation.objects.update(**OWN)
    said = {}
    for page in PAGES:
        address = page.replace("AWARD", credential.award.public_id).replace("RUN", waiting.public_id)
        # The steward's own name is the test's, not the interface's.
        said[page] = PROPER.sub("", text_of(steward.get(address))).replace("Acme Steward", "")
    return said


def test_an_organisations_own_words_are_used_on_every_page(pages: dict[str, str]) -> None:
    for page, said in pages.items():
        found = re.findall(r".{0,40}\b(?:badge|credential)s?\b.{0,40}", said, re.IGNORECASE)
        assert found == [], page


def test_the_three_words_stand_where_they_belong(pages: dict[str, str]) -> None:
    assert "My marvels" in pages["/me"]
    assert "No marvels yet" in pages["/me"]
    assert "New marvel" in pages["/catalogue"]
    assert "it is called “diploma” here, before that “token”" in pages["/catalogue/a-draft"]
    assert "Token" in pages["/catalogue/safety-champion"]
    assert "Person or marvel" in pages["/awards"]


def test_words_of_experts_stand_nowhere(pages: dict[str, str]) -> None:
    for page, said in pages.items():
        assert EXPERTS.findall(said) == [], page


REFUSALS = [
    ("/award", {"to": "nobody at all", "what": "safety-champion"}, 422),
    ("/catalogue/new", {"name": ""}, 422),
    ("/catalogue/a-draft", {"name": ""}, 422),
    ("/no/such/page", {}, 404),
]


@pytest.mark.parametrize(("address", "given", "status"), REFUSALS)
def test_what_is_refused_is_refused_in_the_organisations_own_words(
    acme: World, credential: Credential, steward: Visitor, address: str, given: dict[str, str], status: int
) -> None:
    create_achievement(acme.organisation, name="A draft", actor=acme.steward)
    Organisation.objects.update(**OWN)
    response = steward.post(address, given)
    assert response.status_code == status
    said = PROPER.sub("", text_of(response)).replace("Acme Steward", "")
    assert re.findall(r".{0,40}\b(?:badge|credential)s?\b.{0,40}", said, re.IGNORECASE) == []
    assert EXPERTS.findall(said) == []


def test_public_pages_use_no_words_of_experts(credential: Credential, visitor: Visitor) -> None:
    for page in ("/", "/verify", f"/a/{credential.award.public_id}", "/b/safety-champion", "/o/acme", "/sign-in"):
        assert EXPERTS.findall(text_of(visitor.get(page))) == [], page


def test_a_public_page_calls_an_achievement_by_its_issuers_word(credential: Credential, visitor: Visitor) -> None:
    Organisation.objects.update(**OWN)
    assert "Token" in text_of(visitor.get(f"/a/{credential.award.public_id}"))
