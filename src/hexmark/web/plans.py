"""Pages of plans, of what roles bring with them, and of partners' scores."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError, Invalid, NotPermitted
from hexmark.measures.models import Measure
from hexmark.measures.rules import read_number
from hexmark.people.queries import is_manager
from hexmark.performance.models import Outline, PlanStep, RoleTarget, Scorecard
from hexmark.performance.plans import actions
from hexmark.performance.plans.queries import plan_today, plans_today, visible_plans
from hexmark.performance.plans.scores import score_today
from hexmark.performance.targets import roles
from hexmark.performance.targets.policy import is_side_of_manager, is_side_of_subject
from hexmark.web.actors import permitted, signed_in
from hexmark.web.forms.targets import AssignForm, OutlineForm, RoleTargetForm, rule_of
from hexmark.web.requests import Request

ROWS = 20


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """My plans and those of my people, and the outlines that can be assigned."""
    if request.person is None:
        raise NotPermitted("There is nothing here for you.")
    page = Paginator(visible_plans(request.actor), ROWS).get_page(request.GET.get("page"))
    assigns = request.actor.may(Permission.SET_TARGETS) or is_manager(request.actor)
    outlines = Outline.objects.visible_to(request.actor).filter(closed_at__isnull=True).annotate(size=Count("steps")).order_by("name")
    context = {
        "page": page,
        "plans": plans_today(list(page), today=timezone.localdate()),
        "outlines": outlines if assigns else [],
        "section": "targets",
    }
    return render(request, "plans/index.html", context)


@signed_in
@require_safe
def one(request: Request, plan_id: str) -> HttpResponse:
    """One plan: each step with its day and where it stands."""
    found = visible_plans(request.actor).filter(public_id=plan_id).first()
    if found is None:
        raise Http404
    manages = is_side_of_manager(request.actor, person=found.person)
    context = {
        "seen": plan_today(found, today=timezone.localdate()),
        "found": found,
        "may_tick": found.ended_at is None and (manages or is_side_of_subject(request.actor, person=found.person)),
        "may_end": found.ended_at is None and manages,
        "section": "targets",
    }
    return render(request, "plans/plan.html", context)


@signed_in
@require_POST
def tick(request: Request, plan_id: str, place: int) -> HttpResponse:
    """A step is done, or not after all."""
    found = visible_plans(request.actor).filter(public_id=plan_id).first()
    step = PlanStep.objects.filter(plan=found, place=place).select_related("plan__person").first() if found else None
    if step is None:
        raise Http404
    actions.tick(step, done=request.POST.get("done") == "1", actor=request.actor)
    return redirect("plan", plan_id)


@signed_in
@require_POST
def end(request: Request, plan_id: str) -> HttpResponse:
    """The plan is over."""
    found = visible_plans(request.actor).filter(public_id=plan_id).first()
    if found is None:
        raise Http404
    actions.end_plan(found, actor=request.actor)
    messages.success(request, "The plan has ended.")
    return redirect("plan", plan_id)


@permitted(Permission.SET_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """An outline, a step a line."""
    assert request.person is not None
    form = OutlineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            steps = _steps(request, given["steps"])
            made = actions.make_outline(
                request.person.organisation, name=given["name"], description=given["description"], steps=steps, actor=request.actor
            )
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, "Made. Assign it to somebody.")
            return redirect("outline", made.public_id)
    return render(request, "plans/new.html", {"form": form, "section": "targets"}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: Request, outline_id: str) -> HttpResponse:
    """One outline with its steps, to be assigned."""
    found = Outline.objects.visible_to(request.actor).filter(public_id=outline_id).select_related("organisation").first()
    if found is None or not (request.actor.may(Permission.SET_TARGETS) or is_manager(request.actor)):
        raise Http404
    form = AssignForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.assign_plan(found, to=form.cleaned_data["person"], on=form.cleaned_data["on"], actor=request.actor)
        except DomainError as error:
            form.add_error("person", str(error))
        else:
            messages.success(request, f"{made.person.name} begins on {made.starts_on.day} {made.starts_on:%b %Y}.")
            return redirect("plan", made.public_id)
    context = {"found": found, "steps": found.steps.select_related("measure").order_by("place"), "form": form, "section": "targets"}
    return render(request, "plans/outline.html", context, status=422 if form.errors else 200)


@permitted(Permission.SET_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def of_roles(request: Request) -> HttpResponse:
    """What job roles bring with them; and another such target for a role."""
    form = RoleTargetForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = _asked(request, form)
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, f"{len(made)} {'target comes' if len(made) == 1 else 'targets come'} with the role from now on.")
            return redirect("role_targets")
    given = RoleTarget.objects.visible_to(request.actor).filter(ended_at__isnull=True).select_related("role")
    met, people = Q(targets__state="met"), ~Q(targets__state="withdrawn")
    found = given.annotate(people=Count("targets", filter=people), met=Count("targets", filter=met)).order_by("role__name", "title")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "targets/roles.html", {"form": form, "page": page, "section": "targets"}, status=422 if form.errors else 200)


@permitted(Permission.SET_TARGETS)
@require_POST
def end_of_role(request: Request, role_target_id: str) -> HttpResponse:
    """Nobody new gets it."""
    found = RoleTarget.objects.visible_to(request.actor).filter(public_id=role_target_id).first()
    if found is None:
        raise Http404
    roles.end_role_target(found, actor=request.actor)
    messages.success(request, "Nobody who comes into the role gets it any more. Who has it keeps it.")
    return redirect("role_targets")


@signed_in
@require_safe
def scores(request: Request) -> HttpResponse:
    """Scores of the partners that the reader may see."""
    found = Scorecard.objects.visible_to(request.actor).select_related("team", "organisation").order_by("team__name", "name")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    if request.person is None or (not request.actor.may(Permission.VIEW_MEASURES) and not page.paginator.count):
        raise NotPermitted("There is nothing here for you.")
    return render(request, "plans/scores.html", {"page": page, "scores": [score_today(card) for card in page], "section": "targets"})


@signed_in
@require_safe
def score(request: Request, card_id: str) -> HttpResponse:
    """One partner's score: who counts, and what lapses next."""
    found = Scorecard.objects.visible_to(request.actor).filter(public_id=card_id).select_related("team", "organisation").first()
    if found is None:
        raise Http404
    return render(request, "plans/score.html", {"score": score_today(found), "found": found, "section": "targets"})


def _asked(request: Request, form: RoleTargetForm) -> list[RoleTarget]:
    given = form.cleaned_data
    needs = [roles.Need(version.name, rule_of(version)) for version in given["achievements"]]
    if given["needs"]:
        needs += roles.needs_of(given["role"])
    if not needs:
        raise Invalid("Choose what is to be held, or take what the role profile asks for.", field="achievements")
    return roles.ask_of_role(
        given["role"],
        needs,
        due_months=given["due_months"],
        since=given["since"],
        consequence=given["consequence"],
        adjustments=given["adjustments"],
        actor=request.actor,
    )


def _steps(request: Request, text: str) -> list[actions.Step]:
    """The steps of some lines, each "day | kind | what | figure | value".

    Raises:
        Invalid: a line cannot be read; it says which.
    """
    steps = []
    figures = {measure.name.lower(): measure for measure in Measure.objects.visible_to(request.actor).open().filter(per=Measure.Per.PERSON)}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) not in (3, 5) or not cells[0].isascii() or not cells[0].isdigit() or len(cells[0]) > 4:
            raise Invalid(f"Line {number}: write day | kind | what is done, and perhaps | figure | value.", field="steps")
        measure = figures.get(cells[3].lower()) if len(cells) == 5 else None
        if len(cells) == 5 and measure is None:
            raise Invalid(f"Line {number}: there is no figure “{cells[3][:60]}” of single people that is switched on.", field="steps")
        value = read_number(cells[4], field="steps") if len(cells) == 5 else None
        steps.append(actions.Step(cells[1].lower(), cells[2], int(cells[0]), measure, value))
    return steps


def _beside(form: Any, error: DomainError) -> None:
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error))
