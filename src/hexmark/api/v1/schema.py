"""The API as one object: its routes behind the door."""

from __future__ import annotations

from ninja import NinjaAPI

from hexmark.api.bodies import StrictParser
from hexmark.api.door import guarded
from hexmark.api.refusals import HANDLED, answer_to
from hexmark.api.rendering import Renderer
from hexmark.api.v1 import (
    awards,
    catalogue,
    credentials,
    directory,
    events,
    measures,
    opportunities,
    organisation,
    people,
    targets,
    teams,
    verify,
)

ROUTERS = (
    organisation.router,
    catalogue.router,
    people.router,
    teams.router,
    measures.router,
    targets.router,
    opportunities.router,
    awards.router,
    credentials.router,
    events.router,
    directory.router,
    verify.router,
)


def _made() -> NinjaAPI:
    made = NinjaAPI(
        title="Hexmark",
        version="1",
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        renderer=Renderer(),
        parser=StrictParser(),
    )
    for router in ROUTERS:
        router.add_decorator(guarded, mode="view")
        made.add_router("", router)
    for kind in HANDLED:
        made.add_exception_handler(kind, answer_to)
    return made


api = _made()
