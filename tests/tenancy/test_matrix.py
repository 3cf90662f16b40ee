"""Every address of the site and every operation of the API, asked by everybody there is: answered as the tables say, and else nothing told.

The tables are site.tsv and api.tsv beside this. An address without a row fails the first tests, which need no database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from hexmark.access import Scope
from hexmark.api.description import operations
from hexmark.awarding.actions import award
from hexmark.awarding.models import award_url
from hexmark.issuing.models import Credential
from hexmark.organisations.actions import make_api_key
from hexmark.people.models import Person
from hexmark.web.urls import urlpatterns
from tests.api.programs import Program
from tests.tenancy import matrix
from tests.tenancy.standing import KINDS, standing, things
from tests.test_tenancy import AREAS, PART
from tests.web.pages import Visitor
from tests.world import World

SITE, API = matrix.site(), matrix.api()
METHODS = ("GET", "POST")
#: Values that fit one address only, where another address of the same part wants something else.
SPECIAL: Mapping[str, Mapping[str, str]] = {
    "my_sheet": {"form": "svg"},
    "person_sheet": {"form": "svg"},
    "team_sheet": {"form": "svg"},
    "award_file": {"form": "json"},
    "issuer": {"slug": "acme"},
    "sign_in_organisation": {"slug": "acme"},
    "issuer_atom": {"slug": "acme"},
    "register": {"slug": "acme"},
    "did_document": {"slug": "acme"},
    "status_list": {"slug": "acme", "purpose": "revocation", "number": "1"},
}
#: Their parts belong together, so that only acme's member's are tried.
BELONG_TOGETHER = {"objection", "shared_file"}
#: The API's own addresses that are no operations.
#: Those of the W3C's interface, whose access tests/api/test_vc_api.py tries, stand in no table: their shapes are not the API's.
BESIDE = {"docs", "document", "nowhere", "vc_api_issue", "vc_api_status", "vc_api_verify", "vc_api_verify_presentation"}


# That every address has a row ------------------------------------------------------------------------------------------------------


def names_of(patterns: list[URLPattern | URLResolver]) -> list[str]:
    """Names of all patterns below these."""
    found = []
    for pattern in patterns:
        found += names_of(pattern.url_patterns) if isinstance(pattern, URLResolver) else [str(pattern.name)]
    return found


def test_every_address_of_the_site_has_a_row_and_every_row_an_address() -> None:
    assert sorted(SITE) == sorted({str(pattern.name) for pattern in urlpatterns})


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert sorted(API) == sorted(str(operation.operation_id) for _, _, operation in operations())


def test_nothing_is_served_beside_the_site_and_the_api() -> None:
    # An address of the API has the name of its first operation.
    served = set(names_of(get_resolver().url_patterns))
    assert set(SITE) | BESIDE <= served <= set(SITE) | set(API) | BESIDE


# The site ------------------------------------------------------------------------------------------------------------------------


def address(pattern: URLPattern, values: Mapping[str, str]) -> str:
    """The address of this pattern about these things."""
    chosen = {**values, **SPECIAL.get(str(pattern.name), {})}
    path = reverse(str(pattern.name), kwargs={part: chosen[part] for _, part in PART.findall(str(pattern.pattern))})
    # What it is about stands behind the question mark here.
    return f"{path}?url={award_url(values['award_id'])}" if pattern.name == "oembed" else path


def expected(letter: str, letters: str, *, near: bool) -> bool:
    """Whether the table has this kind answered about what is theirs or their people's (near), or somebody else's."""
    return letter in letters or (near and letter.lower() in letters)


@pytest.mark.slow
@pytest.mark.parametrize("letter", KINDS)
def test_everybody_is_answered_as_the_table_says_and_nobody_else(letter: str, acme: World, credential: Credential) -> None:
    near, far = things(acme, credential, AREAS)
    who, wrong = standing(acme, letter), []
    for pattern in urlpatterns:
        name = str(pattern.name)
        places = {True: address(pattern, near), False: address(pattern, far)}
        for method in METHODS:
            for is_near, place in places.items():
                if not is_near and (place == places[True] or name in BELONG_TOGETHER):
                    continue
                outcome, wanted = who.outcome(method, name, place), expected(letter, SITE[name].letters(method), near=is_near)
                if (outcome == "answered") != wanted:
                    wrong.append(
                        f"{method} {name} ({'near' if is_near else 'far'}): {outcome}, wanted {'answered' if wanted else 'nothing'}"
                    )
    assert wrong == []


# The API -------------------------------------------------------------------------------------------------------------------------

BODIES: Mapping[str, Mapping[str, Any]] = {
    "createAchievement": {"name": "New"},
    "editDraft": {"name": "New"},
    "addPerson": {"name": "New", "email": "new@acme.example"},
    "changePerson": {"name": "New"},
    "makeTeam": {"name": "New"},
    "changeTeam": {"name": "New"},
    "award": {"achievement": "never-was", "to": [{"email": "x@y.example"}]},
    "revokeCredential": {"reason": "Mine"},
    "pauseCredential": {"reason": "Mine"},
    "verify": {"credential": "{}"},
    "createOpportunity": {"title": "New"},
    "setGate": {"rule": None},
    "decideInterest": {"decision": "chosen", "reason": "Mine"},
    "bringValues": {"source": "Mine", "values": [{"on": "2026-01-01", "value": "4"}]},
    "bringRecords": {"source": "Mine", "records": [{"id": "1", "owner": "a" * 26, "date": "2026-01-01"}]},
    "proposeTarget": {"title": "Mine", "due_on": "2026-01-01", "person": "a" * 26},
    "withdrawTarget": {"reason": "Mine"},
}
_IDS = "award_id run_id person_id team_id measure_id target_id".split()
NOTHING = {"opportunity_id": "a" * 26, "interest_id": "a" * 26, **dict.fromkeys(_IDS, "a" * 26), "slug": "never-was", "number": "999999"}


@pytest.fixture
def named(acme: World, credential: Credential) -> Mapping[str, str]:
    """Acme's things by the part of an address that names them."""
    near, _ = things(acme, credential, AREAS)
    held = award(credential.award.version, to=[acme.person("Held One")], actor=acme.steward).run
    slug = credential.award.version.achievement.slug
    return {**near, "run_id": held.public_id, "slug": slug, "number": "1"}


def place(path: str, values: Mapping[str, str]) -> str:
    """The address of an operation about these things."""
    return re.sub(r"\{\w+:(\w+)\}", lambda part: values[part[1]], path)


def called(program: Program, path: str, method: str, operation_id: str, values: Mapping[str, str]) -> HttpResponse:
    """The answer of this operation about these things."""
    return program.call(method, place(path, values), BODIES.get(operation_id))


def world_of_acme() -> list[object]:
    """Whatever a call that is refused might have changed."""
    people = Person.objects.order_by("pk").values_list("name", "left_at", "team_id")
    return [*people, *Credential.objects.order_by("pk").values_list("revoked_at", "paused_at")]


@pytest.mark.parametrize("scope", [*Scope, None], ids=lambda scope: scope.value if scope else "visitor")
def test_a_key_of_one_scope_opens_what_the_table_says(scope: Scope | None, acme: World, named: Mapping[str, str]) -> None:
    made = make_api_key(acme.organisation, label="One", scopes=[scope], actor=acme.steward) if scope else None
    program, wrong = Program(made.token if made else ""), []
    for path, method, operation in operations():
        name = str(operation.operation_id)
        needed, before = set(API[name]) - {"any", "visitors"}, world_of_acme()
        status = called(program, path, method, name, NOTHING).status_code
        if scope is None:
            wanted = status not in (401, 403) if "visitors" in API[name] else status == 401
        else:
            wanted = status not in (401, 403) if needed <= {scope.value} else status == 403
        if not wanted:
            wrong.append(f"{name}: {status}")
        if status in (401, 403):
            assert world_of_acme() == before, name
    assert wrong == []


def test_all_scopes_together_open_everything(acme: World, named: Mapping[str, str]) -> None:
    program = Program(make_api_key(acme.organisation, label="All", scopes=list(Scope), actor=acme.steward).token)
    for path, method, operation in operations():
        answer = called(program, path, method, str(operation.operation_id), named)
        assert answer.status_code not in (401, 403, 404), operation.operation_id


@pytest.mark.parametrize("letter", ["steward", "member"])
def test_a_session_of_the_site_opens_nothing_that_visitors_may_not(letter: str, acme: World, named: Mapping[str, str]) -> None:
    browser = Visitor(getattr(acme, f"{letter}_person"))
    for path, method, operation in operations():
        name = str(operation.operation_id)
        data = json.dumps(BODIES.get(name, {}))
        answer = browser.generic(method, f"/api/v1{place(path, named)}", data, content_type="application/json")
        assert (answer.status_code == 401) != ("visitors" in API[name]), name


def test_a_key_of_others_is_told_the_same_of_acmes_things_and_of_what_never_was(
    acme: World, globex: World, named: Mapping[str, str]
) -> None:
    stranger = Program(make_api_key(globex.organisation, label="Theirs", scopes=list(Scope), actor=globex.steward).token)
    before = world_of_acme()
    for path, method, operation in operations():
        if "{" not in path:
            continue
        name = str(operation.operation_id)
        theirs, never = (called(stranger, path, method, name, values) for values in (named, NOTHING))
        assert theirs.status_code == never.status_code == 404, name
        assert theirs.content == never.content, name
        # What counts requests is not about things.
        counted = {"RateLimit"}
        assert {k: v for k, v in theirs.items() if k not in counted} == {k: v for k, v in never.items() if k not in counted}, name
    assert world_of_acme() == before


def test_lists_of_others_hold_nothing_of_acmes(acme: World, globex: World, named: Mapping[str, str]) -> None:
    stranger = Program(make_api_key(globex.organisation, label="Theirs", scopes=list(Scope), actor=globex.steward).token)
    words = [b"Acme", b"/o/acme", b":o:acme", b"@acme.", *(named[part].encode() for part in ("award_id", "run_id", "person_id", "team_id"))]
    for path, method, operation in operations():
        # The directory is everybody's.
        if method == "GET" and "{" not in path and "visitors" not in API[str(operation.operation_id)]:
            answer = called(stranger, path, method, str(operation.operation_id), named)
            assert answer.status_code == 200
            assert not [word for word in words if word in answer.content], operation.operation_id
