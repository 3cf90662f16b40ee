"""Thousands of calls made up from the API's own description, fit and unfit: never a surprise, never an answer that is not described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from tests.api.programs import HOST
from tests.performance.targeting import a_measure, proposed, rule_for
from tests.world import World

from hexmark.access import Scope
from hexmark.api.description import operations
from hexmark.awarding.actions import award
from hexmark.catalogue.actions import begin_version
from hexmark.issuing.models import Credential
from hexmark.openbadges.errors import Unreachable
from hexmark.organisations.actions import make_api_key
from hexmark.people.teams import make_team

pytestmark = pytest.mark.slow

CASES = 2000
#: What fits a shape may still be refused for what it means: a name that is taken, somebody unknown. So refusing it is not checked.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
NAMES = sorted(str(operation.operation_id) for _, _, operation in operations())
#: Some operations can be called in few ways only, so the others are called a few times more.
EACH = -(-CASES // (len(NAMES) * len(MODES))) + 8
TRIED: Counter[int] = Counter()


@pytest.fixture
def token(acme: World) -> str:
    """A key that may do everything."""
    return make_api_key(acme.organisation, label="Fuzz", scopes=list(Scope), actor=acme.steward).token


@pytest.fixture
def real(acme: World, credential: Credential) -> Mapping[str, Any]:
    """What stands for parts of addresses and fields so that they lead somewhere: by name."""
    begin_version(credential.award.version.achievement, actor=acme.steward)
    held = award(credential.award.version, to=[acme.manager_person], actor=acme.steward).run
    team = make_team(acme.organisation, name="Kiln", actor=acme.steward)
    slug = credential.award.version.achievement.slug
    return {
        "award_id": credential.award.public_id,
        "run_id": held.public_id,
        "person_id": acme.member_person.public_id,
        "team_id": team.public_id,
        "measure_id": a_measure(acme).public_id,
        "target_id": proposed(acme, rule=rule_for(credential.award.version)).public_id,
        "slug": slug,
        "number": 2,
        "achievement": slug,
        "to": [{"email": "someone.new@acme.example", "name": "Someone New"}],
        "email": "someone.else@acme.example",
        "team": team.public_id,
        "parent": None,
        "lead": acme.member_person.public_id,
        "manager": acme.manager_person.public_id,
        "credential": credential.document,
    }


@pytest.fixture(autouse=True)
def _no_network_and_no_limits(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.API_KEY_RATE = settings.API_VISITOR_RATE = 0

    def unreachable(url: str, **named: Any) -> None:
        raise Unreachable("There is no network here.", code="NETWORK")

    monkeypatch.setattr("hexmark.issuing.reports.fetch", unreachable)


def schema() -> schemathesis.BaseSchema:
    """The description as it is served, with the application behind it."""
    served = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), base_url=f"https://{HOST}")
    # Made-up keys would stop nearly every call at the door, which has tests of its own.
    served.config.generation.update(with_security_parameters=False)
    return served


def made_real(case: schemathesis.Case, real: Mapping[str, Any], fields: bool) -> None:
    """The case names things that are there."""
    case.path_parameters = {name: real.get(name, value) for name, value in (case.path_parameters or {}).items()}
    if fields and isinstance(case.body, dict):
        case.body = {name: real.get(name, value) for name, value in case.body.items()}


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_one_that_is_described(name: str, mode: GenerationMode, token: str, real: Mapping[str, Any]) -> None:
    operation = schema().find_operation_by_id(name)

    @settings(max_examples=EACH, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode), real_things=st.booleans(), real_fields=st.booleans())
    def tried(case: schemathesis.Case, real_things: bool, real_fields: bool) -> None:
        if real_things and mode is GenerationMode.POSITIVE:
            made_real(case, real, real_fields)
        with transaction.atomic():
            response = case.call(base_url=f"https://{HOST}", headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
            # Each case finds the same world.
            transaction.set_rollback(True)
        TRIED[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    try:
        tried()
    except Unsatisfiable:
        pytest.skip("Nothing of this call can be broken: it has neither parameters nor a body.")


def test_so_many_cases_were_tried_and_many_of_them_went_through() -> None:
    assert sum(TRIED.values()) >= CASES, TRIED
    assert sum(number for status, number in TRIED.items() if status < 300) > CASES / 10, TRIED
