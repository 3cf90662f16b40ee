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
from hexmark.awarding.models import AwardRun, Batch
from hexmark.awarding.progress import RESULT_COLUMNS, Progress, results, run_progress
from hexmark.awarding.queries import visible_run
from hexmark.awarding.rules import may_be_undone
from hexmark.catalogue.queries import awardable_versions
from hexmark.errors import DomainError, Invalid
from hexmark.organisations.models import Organisation
from hexmark.people.actions import add_person
from hexmark.people.models import Person
from hexmark.people.queries import people_by_email
from hexmark.people.rules import Addressee
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.awarding import AwardForm
from hexmark.web.requests import Request

MOST_SHOWN = 50


@permitted(Permission.AWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: Request) -> HttpResponse:
    """Whom, what, why."""
    versions = awardable_versions(request.actor)
    chosen = next((version.pk for version in versions if version.achievement.slug == request.GET.get("what")), None)
    form = AwardForm(request.POST or None, versions=versions, actor=request.actor, initial={"version": chosen, "to": _addressee(request)})
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
    progress = run_progress(found, now)
    waiting = may_be_undone(found, now)
    context = {
        "run": found,
        "batch": Batch.objects.visible_to(request.actor).filter(run=found).only("public_id").first(),
        "progress": progress,
        "made": progress.total - progress.unmade,
        "awards": found.awards.select_related("person", "credential").defer("credential__document").order_by("pk")[:MOST_SHOWN],
        "waiting": waiting,
        "working": found.undone_at is None and not progress.is_done,
        "minutes_left": max(1, -(-int((found.release_at - now).total_seconds()) // 60)),
        "summary": _summary(found, progress, waiting=waiting),
        "time_left": _time_left(progress) if found.paused_at is None else "",
        "section": "awards",
    }
    template = "awarding/run_progress.html" if request.htmx else "awarding/run.html"
    return render(request, template, context)


@permitted(Permission.VIEW_AWARDS)
@require_safe
def run_results(request: Request, run_id: str) -> HttpResponse:
    """What became of each row, as a file."""
    found = _run(request, run_id)
    return csv_download(f"results-{found.version.achievement.slug}.csv", RESULT_COLUMNS, results(found))


@permitted(Permission.AWARD)
@require_POST
def undo(request: Request, run_id: str) -> HttpResponse:
    """As if it had never been."""
    run = _run(request, run_id)
    undone = actions.undo(run, actor=request.actor)
    messages.success(request, f"Undone. {'One award was' if undone == 1 else f'{undone} awards were'} taken back, and nobody was told.")
    # The page of a list's run offers to run the list again; three fields are sooner filled in anew.
    return redirect("run", run_id) if Batch.objects.visible_to(request.actor).filter(run=run).exists() else redirect("award_new")


@permitted(Permission.AWARD)
@require_POST
def release(request: Request, run_id: str) -> HttpResponse:
    """Sign and send now instead of in ten minutes."""
    actions.release_now(_run(request, run_id), actor=request.actor)
    return redirect("run", run_id)


@permitted(Permission.AWARD)
@require_POST
def pause(request: Request, run_id: str) -> HttpResponse:
    """Nothing more is signed for now."""
    actions.pause_signing(_run(request, run_id), actor=request.actor)
    messages.success(request, "Signing is paused.")
    return redirect("run", run_id)


@permitted(Permission.AWARD)
@require_POST
def resume(request: Request, run_id: str) -> HttpResponse:
    """Signing goes on."""
    actions.resume_signing(_run(request, run_id), actor=request.actor)
    messages.success(request, "Signing goes on.")
    return redirect("run", run_id)


def _summary(found: AwardRun, progress: Progress, *, waiting: bool) -> str:
    """The one line that screen readers are told, in words that change no more often than matters."""
    if found.undone_at:
        return "Undone"
    if progress.is_done:
        return f"Done: {progress.signed} of {progress.total} signed"
    if found.paused_at:
        return f"Paused: {progress.signed} of {progress.total} signed"
    if waiting:
        return f"Preparing, {progress.unmade} left" if progress.unmade else ""
    # In tenths: a number that changes every two seconds would be read out without end.
    return f"Signing, {10 * progress.signed // progress.total * 10} percent done" if progress.total else "Signing"


def _time_left(progress: Progress) -> str:
    seconds = progress.seconds_left
    if not progress.waiting or seconds is None:
        return ""
    left = f"{seconds} s" if seconds < 90 else f"{-(-seconds // 60)} minutes"
    return f"About {left} left, {progress.per_second:.0f} a second"


def _addressee(request: Request) -> str:
    """Whoever the link that leads here is about, as they are typed."""
    person = Person.objects.visible_to(request.actor).filter(public_id=request.GET.get("to", ""), left_at__isnull=True).first()
    return f"{person.name} <{person.email}>" if person and not set(person.name) & set(';,"<>@') else person.email if person else ""


def _run(request: Request, run_id: str) -> AwardRun:
    found = visible_run(request.actor, run_id)
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
    messages.success(request, f"Awarded to {people}. Sends in 10 minutes.{also}", extra_tags=undo_url)
