"""Pages of awarding: three fields, and the run that follows."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hexmark.access import Permission
from hexmark.awarding import actions
from hexmark.awarding.models import AwardRun
from hexmark.awarding.queries import run_with_counts
from hexmark.awarding.rules import may_be_undone
from hexmark.catalogue.queries import awardable_versions
from hexmark.errors import DomainError, Invalid
from hexmark.organisations.models import Organisation
from hexmark.people.actions import add_person
from hexmark.people.models import Person
from hexmark.people.queries import people_by_email
from hexmark.people.rules import Addressee
from hexmark.web.actors import permitted
from hexmark.web.forms.awarding import AwardForm
from hexmark.web.requests import Request

MOST_SHOWN = 200


@permitted(Permission.AWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: Request) -> HttpResponse:
    """Whom, what, why."""
    versions = awardable_versions(request.actor)
    chosen = next((version.pk for version in versions if version.achievement.slug == request.GET.get("what")), None)
    form = AwardForm(request.POST or None, versions=versions, initial={"version": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            awarded = _award(request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            _say(request, awarded)
            return redirect("run", awarded.run.public_id)
    context = {"form": form, "versions": versions, "section": "award_new"}
    return render(request, "awarding/award.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_AWARDS)
@require_safe
@vary_on_headers("HX-Request")
def run(request: Request, run_id: str) -> HttpResponse:
    """How far a run is; polled while it works, and complete without any script."""
    found = _run(request, run_id)
    now = timezone.now()
    awards = found.awards.select_related("person", "credential").order_by("person__name", "pk")[:MOST_SHOWN]
    context = {
        "run": found,
        "awards": awards,
        "waiting": may_be_undone(found, now),
        "working": found.undone_at is None and found.signed + found.refused < found.total,  # type: ignore[attr-defined]
        "minutes_left": max(1, -(-int((found.release_at - now).total_seconds()) // 60)),
        "section": "awards",
    }
    template = "awarding/run_progress.html" if request.htmx else "awarding/run.html"
    return render(request, template, context)


@permitted(Permission.AWARD)
@require_POST
def undo(request: Request, run_id: str) -> HttpResponse:
    """As if it had never been."""
    undone = actions.undo(_run(request, run_id), actor=request.actor)
    messages.success(request, f"Undone. {'One award was' if undone == 1 else f'{undone} awards were'} taken back, and nobody was told.")
    return redirect("award_new")


@permitted(Permission.AWARD)
@require_POST
def release(request: Request, run_id: str) -> HttpResponse:
    """Sign now instead of in ten minutes."""
    actions.release_now(_run(request, run_id), actor=request.actor)
    return redirect("run", run_id)


def _run(request: Request, run_id: str) -> AwardRun:
    found = run_with_counts(request.actor, run_id)
    if found is None:
        raise Http404
    return found


@transaction.atomic
def _award(request: Request, form: AwardForm) -> actions.Awarded:
    """People and awards together: a refused award must not leave new people behind."""
    assert request.person is not None
    people = _people(request, request.person.organisation, form.cleaned_data["to"])
    return actions.award(form.cleaned_data["version"], to=people, actor=request.actor, narrative=form.cleaned_data["narrative"])


def _people(request: Request, organisation: Organisation, addressees: Sequence[Addressee]) -> list[Person]:
    known = people_by_email(organisation, [addressee.email for addressee in addressees])
    unknown = [addressee for addressee in addressees if addressee.email.lower() not in known]
    nameless = [addressee.email for addressee in unknown if not addressee.name]
    if nameless:
        raise Invalid(
            f"Nobody here has the address {', '.join(nameless[:5])}. Put their name in front, like this: Full Name <{nameless[0]}>",
            field="to",
        )
    if unknown and not request.actor.may(Permission.EDIT_PEOPLE):
        raise Invalid(f"Nobody here has the address {unknown[0].email}. A badge administrator can add them.", field="to")
    added = [add_person(organisation, name=new.name, email=new.email, actor=request.actor) for new in unknown]
    return [*known.values(), *added]


def _say(request: Request, awarded: actions.Awarded) -> None:
    held = awarded.already_held_by
    also = f" {len(held)} already held it and {'was' if len(held) == 1 else 'were'} passed over." if held else ""
    # The path makes the toast carry an Undo button.
    undo_url = reverse("run_undo", args=[awarded.run.public_id])
    people = "one person" if awarded.made == 1 else f"{awarded.made} people"
    messages.success(request, f"Awarded to {people}. Signed in 10 minutes.{also}", extra_tags=undo_url)
