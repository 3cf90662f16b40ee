"""Pages of targets: mine first, then my people's; one target with both its sides; and how a team stands, what needs somebody first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.errors import DomainError, NotPermitted
from hexmark.people.models import Person
from hexmark.people.queries import is_manager
from hexmark.performance.models import Target
from hexmark.performance.targets import actions, queries, standing
from hexmark.performance.targets.rules import WORDS, Status, progress_in_words
from hexmark.web.actors import signed_in
from hexmark.web.downloads import csv_download
from hexmark.web.forms.targets import CommentForm, TargetForm
from hexmark.web.requests import Request
from hexmark.web.target_parts import MOST_RECORDS, percent_of, records_of, sides_of, terms_of
from hexmark.web.target_words import happened, proofs, way_back

ROWS = 50
MOST_ATTENTION = 10
MOST_NAMES = 200
State = Target.State


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """What I agreed to, and then what my people did."""
    _must_be_here(request)
    today = timezone.localdate()
    mine = Paginator(queries.my_targets(request.actor), ROWS).get_page(request.GET.get("page"))
    leads = is_manager(request.actor)
    theirs = list(queries.in_order(queries.led_targets(request.actor).filter(state__in=("proposed", "live", "lapsed")))[:MOST_ATTENTION])
    context = {
        "mine": queries.seen(mine, today=today),
        "page": mine,
        "leads": leads,
        "theirs": queries.seen(theirs, today=today) if leads else [],
        "words": WORDS,
        "section": "targets",
    }
    return render(request, "targets/index.html", context)


@signed_in
@require_safe
def team(request: Request) -> HttpResponse:
    """How the people whom I manage or lead stand: what needs somebody first, then together, then each, by name."""
    if not is_manager(request.actor):
        raise NotPermitted("There is nothing here for you.")
    today = timezone.localdate()
    targets = list(queries.led_targets(request.actor).exclude(state=State.WITHDRAWN).order_by("person__name", "team__name", "due_on", "pk"))
    needing = queries.attention(targets, today=today)
    all_shown = request.GET.get("attention") == "all"
    page = Paginator(queries.seen(targets, today=today), ROWS).get_page(request.GET.get("page"))
    context = {
        "attention": needing if all_shown else needing[:MOST_ATTENTION],
        "more": 0 if all_shown else max(0, len(needing) - MOST_ATTENTION),
        "counts": _counts(targets, today),
        "together": [(name, measure, one, _progress(one)) for name, measure, one in queries.rolled_up(targets)],
        "page": page,
        "size": len(targets),
        "section": "targets",
    }
    return render(request, "targets/team.html", context)


@signed_in
@require_safe
def export(request: Request) -> HttpResponse:
    """Everything that I may see, a row each."""
    _must_be_here(request)
    targets = list(queries.visible_targets(request.actor).order_by("person__name", "team__name", "due_on", "pk"))
    return csv_download("targets.csv", queries.EXPORT, queries.export_rows(targets, today=timezone.localdate()))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A target for oneself, for somebody whom one manages, or for a team."""
    person = _must_be_here(request)
    about = Person.objects.visible_to(request.actor).filter(public_id=request.GET.get("person", "")).first()
    form = TargetForm(request.POST or None, actor=request.actor, initial={"person": (about or person).email})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_target(person.organisation, form.proposal(), actor=request.actor)
        except DomainError as error:
            _beside(form, error)
        else:
            undo = reverse("target_withdraw", args=[made.public_id])
            messages.success(request, "Proposed. It counts once both sides have agreed.", extra_tags=undo)
            return redirect("target", made.public_id)
    context = {"form": form, "found": None, "names": _names(request), "section": "targets"}
    return render(request, "targets/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def one(request: Request, target_id: str) -> HttpResponse:
    """One target, as each of its sides sees it."""
    return _shown(request, _target(request, target_id))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, target_id: str) -> HttpResponse:
    """Other terms, to which the other side has to agree."""
    found = _target(request, target_id)
    if not sides_of(request, found)["may_touch"] or found.state not in (State.PROPOSED, State.LIVE):
        raise Http404
    form = TargetForm(request.POST or None, actor=request.actor, initial=terms_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            version = int(request.POST.get("version", "0")) if request.POST.get("version", "0").isdigit() else 0
            actions.change_target(found, form.proposal(), version=version, actor=request.actor)
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, "Changed. The other side is asked to agree.")
            return redirect("target", found.public_id)
    context = {"form": form, "found": found, "names": _names(request), "section": "targets"}
    return render(request, "targets/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def agree(request: Request, target_id: str) -> HttpResponse:
    """My side agrees to what I read."""
    found = _target(request, target_id)
    version = request.POST.get("version", "")
    try:
        actions.agree_target(found, version=int(version) if version.isdigit() else 0, actor=request.actor)
    except DomainError as error:
        return _shown(request, found, refused=error)
    messages.success(request, "Agreed.")
    return redirect("target", found.public_id)


@signed_in
@require_POST
def pause(request: Request, target_id: str) -> HttpResponse:
    """Nothing is due meanwhile."""
    return _done(request, target_id, standing.pause_target, "Paused. Nothing is due until it is resumed.", undo="target_resume")


@signed_in
@require_POST
def resume(request: Request, target_id: str) -> HttpResponse:
    """It goes on, due as much later."""
    return _done(request, target_id, standing.resume_target, "It goes on. Its day moved by as long as it was paused.")


@signed_in
@require_POST
def withdraw(request: Request, target_id: str) -> HttpResponse:
    """It counts no longer, and stays on record."""
    return _done(request, target_id, standing.withdraw_target, "Withdrawn. It stays on record.", undo="target_restore")


@signed_in
@require_POST
def restore(request: Request, target_id: str) -> HttpResponse:
    """As if it had never been withdrawn."""
    return _done(request, target_id, standing.restore_target, "It is back.")


@signed_in
@require_POST
def comment(request: Request, target_id: str) -> HttpResponse:
    """A few words for the other side."""
    found = _target(request, target_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, comment_form=form, status=422)
    actions.comment_on(found, text=form.cleaned_data["text"], actor=request.actor)
    return redirect(f"{reverse('target', args=[found.public_id])}#comments")


def _done(request: Request, target_id: str, act: Callable[..., None], said: str, *, undo: str = "") -> HttpResponse:
    found = _target(request, target_id)
    try:
        act(found, actor=request.actor)
    except DomainError as error:
        return _shown(request, found, refused=error)
    messages.success(request, said, extra_tags=reverse(undo, args=[found.public_id]) if undo else "")
    return redirect("target", found.public_id)


def _shown(
    request: Request, found: Target, *, comment_form: CommentForm | None = None, refused: DomainError | None = None, status: int = 200
) -> HttpResponse:
    found = _target(request, found.public_id)
    today = timezone.localdate()
    (seen,) = queries.seen([found], today=today)
    records = records_of(found)
    context = {
        "found": found,
        "status": seen.status,
        "says": queries.in_words(found),
        "refused": refused,
        "progress": progress_in_words(found.current, found.value) if found.value is not None else "",
        "percent": percent_of(found),
        "proofs": proofs(found),
        "way_back": way_back(found),
        "records": records[:MOST_RECORDS],
        "more_records": max(0, len(records) - MOST_RECORDS),
        "history": [happened(event) for event in queries.history(found)],
        "comments": found.comments.order_by("written_at", "pk")[:MOST_NAMES],
        "comment_form": comment_form or CommentForm(),
        "section": "targets",
        **sides_of(request, found),
    }
    if refused is not None:
        status = 403 if isinstance(refused, NotPermitted) else 409
    return render(request, "targets/target.html", context, status=status)


def _counts(targets: list[Target], today: Any) -> list[tuple[Status, str, str, int]]:
    """How many there are of what needs somebody, and of what is met."""
    found = [one.status for one in queries.seen(targets, today=today)]
    shown = (Status.LAPSED, Status.OVERDUE, Status.SOON, Status.WAITING, Status.MET)
    return [(status, *WORDS[status], found.count(status)) for status in shown]


def _progress(rolled: Any) -> str:
    return progress_in_words(rolled.actual, rolled.target) if rolled.target is not None else f"{rolled.met}/{rolled.count}"


def _names(request: Request) -> list[Person]:
    """Whom the reader may choose from: themselves and their people."""
    own = Person.objects.in_house(request.actor).filter(pk=request.actor.person_id or 0)
    return [*own, *Person.objects.led_by(request.actor).present().order_by("name")[:MOST_NAMES]]


def _beside(form: Any, error: DomainError) -> None:
    field = getattr(error, "field", None)
    names = {"rule": "achievement"}
    field = names.get(str(field), field)
    form.add_error(field if field in form.fields else None, str(error))


def _must_be_here(request: Request) -> Person:
    if request.person is None:
        raise NotPermitted("There is nothing here for you.")
    return request.person


def _target(request: Request, target_id: str) -> Target:
    found = queries.visible_targets(request.actor).filter(public_id=target_id).first()
    if found is None:
        raise Http404
    return found
