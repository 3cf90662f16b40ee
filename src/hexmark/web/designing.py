"""Press-out sheets: of oneself, of a person one looks after, and of a team, to print and to send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.access import Permission
from hexmark.catalogue.queries import published_versions
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.passport.queries import entries_of
from hexmark.people.models import Account, Person, Team
from hexmark.web.actors import signed_in
from hexmark.web.headers import PRIVATE, public_file
from hexmark.web.requests import Request
from hexmark.web.sheets import WebSheet, picture_of, sheet_of, team_sheet

__all__ = ["own_sheet", "sheet_of", "sheet_of_person", "sheet_of_team"]

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
#: As many as are looked through for one sheet, newest first.
MOST_HELD = 500
#: With the names and words of an award, and without its signed text, which no sheet shows.
_RELATED = ("award__version__achievement__organisation", "organisation")


def own_sheet(account: Account, person: Person | None) -> WebSheet:
    """What the account keeps, from whichever organisation, and what else the one it acts for offers."""
    entries = entries_of(account).kept().select_related("credential__award__version__achievement__organisation", "credential__organisation")
    held = [entry.credential for entry in entries[:MOST_HELD]]
    offered = published_versions(person.organisation) if person else []
    where = _all_of(person.organisation) if person else ""
    files = reverse("my_sheet", args=["x"]).removesuffix(".x")
    return sheet_of(held, offered, title=account.name, owner=where, at=timezone.now(), files=files)


def sheet_of_person(person: Person, held: Iterable[Credential]) -> WebSheet:
    """What somebody holds of their organisation, for whoever may see it, and what else it offers."""
    organisation = person.organisation
    files = reverse("person_sheet", args=[person.public_id, "x"]).removesuffix(".x")
    return sheet_of(held, published_versions(organisation), title=person.name, owner=_all_of(organisation), at=timezone.now(), files=files)


def sheet_of_team(team: Team, held: Iterable[Credential], people: int) -> WebSheet:
    """How many of a team hold each of what their organisation offers."""
    files = reverse("team_sheet", args=[team.public_id, "x"]).removesuffix(".x")
    offered = published_versions(team.organisation)
    return team_sheet(held, offered, people=people, title=team.name, owner=_all_of(team.organisation), at=timezone.now(), files=files)


def _all_of(organisation: Organisation) -> str:
    plural = organisation.word_badge_plural
    return f"{plural[:1].upper()}{plural[1:]} at {organisation.name}"


@signed_in
@require_safe
def my_sheet(request: Request, form: str) -> HttpResponse:
    """One's own sheet as a drawing, a picture or a document."""
    return _file(own_sheet(cast(Account, request.user), request.person), form)


@signed_in
@require_safe
def person_sheet(request: Request, person_id: str, form: str) -> HttpResponse:
    """Somebody's sheet, for themselves and whoever looks after them."""
    person = Person.objects.visible_to(request.actor).select_related("organisation").filter(public_id=person_id).first()
    if person is None or not _sees_what_they_hold(request, [person]):
        raise Http404
    return _file(sheet_of_person(person, held_by(request, [person])), form)


@signed_in
@require_safe
def team_sheet_file(request: Request, team_id: str, form: str) -> HttpResponse:
    """A team's sheet, for whoever leads it or may see all people."""
    team = Team.objects.visible_to(request.actor).select_related("organisation").filter(public_id=team_id).first()
    if team is None:
        raise Http404
    people = list(Person.objects.visible_to(request.actor).filter(team=team, left_at__isnull=True))
    if team.lead_id != request.actor.person_id and not _sees_what_they_hold(request, people):
        raise Http404
    return _file(sheet_of_team(team, held_by(request, people), len(people)), form)


def _sees_what_they_hold(request: Request, people: Sequence[Person]) -> bool:
    """Whether the actor sees all that these people hold: a sheet that left out the rest would say that nobody holds it."""
    if request.actor.may(Permission.VIEW_AWARDS):
        return True
    others = [person.pk for person in people if person.pk != request.actor.person_id]
    return bool(people) and Person.objects.led_by(request.actor).filter(pk__in=others).count() == len(others)


def held_by(request: Request, people: Iterable[Person]) -> Iterator[Credential]:
    """All that these people hold, as far as the actor may see it, newest first; read piece by piece, so that a large team fits, too."""
    seen = Credential.objects.visible_to(request.actor).issued().filter(award__person__in=people, revoked_at__isnull=True)
    return seen.select_related(*_RELATED).defer("document").order_by("-pk").iterator(chunk_size=2000)


def _file(shown: WebSheet, form: str) -> HttpResponse:
    if form not in MEDIA_TYPES:
        raise Http404
    response = public_file(picture_of(shown, form, subtitle="Six sides, six steps"), media_type=MEDIA_TYPES[form])
    # It is for one person: no shared cache keeps it, and no other site may load it.
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    del response.headers["Access-Control-Allow-Origin"]
    if form != "svg":
        response.headers["Content-Disposition"] = f'inline; filename="sheet.{form}"'
    return response
