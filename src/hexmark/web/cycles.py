"""Pages of cycles, for who runs reviews: made, opened with a preview, watched by counts, closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.organisations.models import Organisation
from hexmark.performance import cycles
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.cycle_progress import PROGRESS_COLUMNS, counts_of, progress_rows
from hexmark.performance.review_models import Review
from hexmark.performance.sides import nearest_manager
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.reviews import CycleForm, initial_of
from hexmark.web.requests import Request

ROWS = 50
runs_reviews = permitted(Permission.RUN_REVIEWS)


@runs_reviews
@require_safe
def index(request: Request) -> HttpResponse:
    """All cycles, newest first."""
    found = Cycle.objects.visible_to(request.actor).order_by("-ends_on", "-pk")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(one, counts_of(one)) for one in page]
    return render(request, "reviews/cycles.html", {"page": page, "rows": rows, "section": "targets"})


@runs_reviews
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A cycle is made."""
    organisation = _organisation(request)
    form = CycleForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            named = {"teams": form.cleaned_data["teams"], "roles": form.cleaned_data["roles"]}
            made = cycles.make_cycle(organisation, form.text(), phases=form.phases(), **named, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Made. Nobody is in it yet: look at who would be, then open it.")
            return redirect("cycle_open", made.public_id)
    return render(request, "reviews/cycle_form.html", {"form": form, "section": "targets"}, status=422 if form.errors else 200)


@runs_reviews
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, cycle_id: str) -> HttpResponse:
    """A cycle says something else from now on."""
    found = _found(request, cycle_id)
    form = CycleForm(request.POST or None, organisation=_organisation(request), initial=dict(initial_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            named = {"teams": form.cleaned_data["teams"], "roles": form.cleaned_data["roles"]}
            cycles.change_cycle(found, form.text(), phases=form.phases(), **named, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Kept.")
            return redirect("cycle", cycle_id)
    # What the form was about is read again: the attempt has changed the object, not the table.
    context = {"form": form, "cycle": _found(request, cycle_id), "section": "targets"}
    return render(request, "reviews/cycle_form.html", context, status=422 if form.errors else 200)


@runs_reviews
@require_safe
def cycle(request: Request, cycle_id: str) -> HttpResponse:
    """How far a cycle is: counts by team, and nobody's words or marks."""
    found = _found(request, cycle_id)
    context = {
        "cycle": found,
        "phases": found.phases.order_by("starts_on", "pk"),
        "today": timezone.localdate(),
        "counts": counts_of(found),
        "still_without": cycles.still_without(found).count() if found.closed_at is None else 0,
        "section": "targets",
    }
    return render(request, "reviews/cycle.html", context)


@runs_reviews
@require_http_methods(["GET", "HEAD", "POST"])
def open_for(request: Request, cycle_id: str) -> HttpResponse:
    """Who would get a review; then they do."""
    found = _found(request, cycle_id)
    refusal = ""
    if request.method == "POST":
        try:
            made = cycles.open_cycle(found, actor=request.actor)
        except DomainError as error:
            refusal = str(error)
        else:
            messages.success(
                request, f"{made} {'person has' if made == 1 else 'people have'} a review now, and are told when a phase begins."
            )
            return redirect("cycle", cycle_id)
    joining = cycles.still_without(found).select_related("manager", "team__lead").order_by("name", "pk")
    page = Paginator(joining, ROWS).get_page(request.GET.get("page"))
    without = [one for one in joining if nearest_manager(one) is None]
    context = {
        "cycle": found,
        "page": page,
        "rows": [(one, nearest_manager(one)) for one in page],
        "without": without[:ROWS],
        "without_count": len(without),
        "already": Review.objects.filter(cycle=found).count(),
        "refusal": refusal,
        "section": "targets",
    }
    return render(request, "reviews/cycle_open.html", context, status=422 if refusal else 200)


@runs_reviews
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, cycle_id: str) -> HttpResponse:
    """Nothing in it changes any more."""
    found = _found(request, cycle_id)
    if request.method == "POST":
        cycles.close_cycle(found, actor=request.actor)
        messages.success(request, "Closed. Its reviews stay as they are.")
        return redirect("cycle", cycle_id)
    open_ = Review.objects.filter(cycle=found, closed_at__isnull=True).count()
    lead = f"{open_} of its reviews {'is' if open_ == 1 else 'are'} not confirmed by both; they stay as they are, without a file."
    context = {"title": f"Close {found.name}?", "lead": lead if open_ else "All of its reviews are confirmed.", "word": "Close it"}
    return render(request, "confirm.html", {**context, "back": f"/reviews/cycles/{cycle_id}", "section": "targets"})


@runs_reviews
@require_safe
def export(request: Request, cycle_id: str) -> HttpResponse:
    """How far each review is, without words or marks."""
    found = _found(request, cycle_id)
    rows: Iterator[Sequence[object]] = progress_rows(found)
    return csv_download("reviews-progress.csv", PROGRESS_COLUMNS, rows)


def _found(request: Request, cycle_id: str) -> Cycle:
    found = Cycle.objects.visible_to(request.actor).filter(public_id=cycle_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


def _organisation(request: Request) -> Organisation:
    assert request.person is not None
    return request.person.organisation
