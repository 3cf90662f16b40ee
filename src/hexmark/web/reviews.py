"""Pages of reviews: mine and my people's, and one review with everything that the conversation needs side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import Conflict, DomainError
from hexmark.performance import feedback, review_queries, reviewing
from hexmark.performance.packets import key_of, packet_for
from hexmark.performance.period import MOST_SHOWN, credentials_of_period, standing
from hexmark.performance.review_models import Review, ReviewRead, Words
from hexmark.performance.review_queries import Reading
from hexmark.performance.reviewing import Consent
from hexmark.performance.sides import side_of
from hexmark.performance.targets.queries import in_words, targets_for_review
from hexmark.web.actors import signed_in
from hexmark.web.forms.reviews import AgreementForm, AskForm, ConfirmForm, ReopenForm, WordsForm
from hexmark.web.requests import Request

ROWS = 50
READS = 50


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """My own reviews, what I am asked, and my people's with the next step first."""
    people = review_queries.people_reviewed(request.actor)
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    waiting = [one for one in people if one.waits_for(Words.Part.MANAGER)]
    context = {
        "mine": [(one, one.waits_for(Words.Part.SELF)) for one in review_queries.my_reviews(request.actor)[:ROWS]],
        "asked": feedback.asked_of(request.actor)[:ROWS],
        "page": page,
        "rows": [(one, one.waits_for(Words.Part.MANAGER)) for one in page],
        "waiting": len(waiting),
        "begin_with": waiting[0].review if waiting else None,
        "section": "targets",
    }
    return render(request, "reviews/index.html", context)


@signed_in
@require_safe
def review(request: Request, review_id: str) -> HttpResponse:
    """One review, for whom it concerns. Reading it is written down."""
    return _page(request, _found(request, review_id))


@signed_in
@require_POST
def words(request: Request, review_id: str) -> HttpResponse:
    """The reader's own view is kept as a draft, or handed in; then the next one, if many are to be written."""
    found = _mine(request, review_id)
    form = WordsForm(request.POST, cycle=found.cycle)
    hand_in = request.POST.get("then") in ("hand_in", "next")

    def act() -> None:
        text, mark = form.cleaned_data["text"], form.cleaned_data.get("mark", "")
        reviewing.save_words(found, text=text, mark=mark, hand_in=hand_in, actor=request.actor)

    refused = _tried(request, found, form, "words", act)
    if refused is not None:
        return refused
    messages.success(request, "Handed in. The other side can read it now." if hand_in else "Kept as a draft that only you see.")
    following = review_queries.next_to_write(request.actor, found) if request.POST.get("then") == "next" else None
    return redirect("review", following.public_id if following else review_id)


@signed_in
@require_POST
def agreement(request: Request, review_id: str) -> HttpResponse:
    """What was agreed."""
    found = _mine(request, review_id)
    form = AgreementForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        reviewing.write_agreement(found, text=given["agreement"], read_version=given["read_version"], actor=request.actor)

    refused = _tried(request, found, form, "agreement", act)
    if refused is None:
        messages.success(request, "Kept. Both of you confirm it below.")
    return refused or redirect("review", review_id)


@signed_in
@require_POST
def confirm(request: Request, review_id: str) -> HttpResponse:
    """This side stands by it."""
    found = _mine(request, review_id)
    form = ConfirmForm(request.POST, auto_id="id_confirm_%s")
    closed: list[bool] = []

    def act() -> None:
        given = dict(form.cleaned_data)
        version = given.pop("read_version")
        closed.append(reviewing.confirm(found, Consent(**given), read_version=version, actor=request.actor))

    refused = _tried(request, found, form, "confirm", act)
    if refused is None:
        done = "Both have confirmed: the review is closed, and its file is being signed."
        messages.success(request, done if closed[0] else "Confirmed. It closes as soon as the other side confirms too.")
    return refused or redirect("review", review_id)


@signed_in
@require_POST
def reopen(request: Request, review_id: str) -> HttpResponse:
    """A closed review can be written in again."""
    found = _mine(request, review_id, or_may=Permission.RUN_REVIEWS)
    form = ReopenForm(request.POST)
    refused = _tried(
        request, found, form, "reopen", lambda: reviewing.reopen(found, reason=form.cleaned_data["reason"], actor=request.actor)
    )
    if refused is None:
        messages.success(request, "Open again. Both sides confirm anew.")
    return refused or redirect("review", review_id)


@signed_in
@require_POST
def ask(request: Request, review_id: str) -> HttpResponse:
    """Somebody is asked for feedback."""
    found = _found(request, review_id)
    side = side_of(found, request.actor)
    if side is None:
        raise Http404
    form = AskForm(request.POST, review=found, side=side)

    def act() -> None:
        feedback.ask(found, **form.cleaned_data, actor=request.actor)

    refused = _tried(request, found, form, "ask", act)
    if refused is None:
        messages.success(request, "Asked by mail. You see here when they answer.")
    return refused or redirect("review", review_id)


@signed_in
@require_safe
def packet(request: Request, review_id: str) -> HttpResponse:
    """The signed file, for the two whom it belongs to."""
    found = _found(request, review_id)
    made = packet_for(found, request.actor)
    if made is None:
        raise Http404
    if not made.document:
        raise Conflict(made.failure or "The file is still being signed. Try again in a minute.")
    review_queries.write_down(found, request.actor, what=ReviewRead.What.PACKET)
    response = HttpResponse(made.document, content_type="application/jwt")
    name = slugify(f"review {found.cycle.name} {found.person.name}")[:80] or "review"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.packet.jwt"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _tried(request: Request, found: Review, form: Form, name: str, act: Callable[[], object]) -> HttpResponse | None:
    """Nothing if it was done; else the page with the form as it was filled in and what to mend."""
    if not form.is_valid():
        return _page(request, found, forms={name: form}, status=422)
    try:
        act()
    except DomainError as error:
        if isinstance(error, Conflict) or error.field is not None or name in form.fields:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return _page(request, _found(request, found.public_id), forms={name: form}, status=409 if isinstance(error, Conflict) else 422)
        raise
    return None


def _page(request: Request, found: Review, *, forms: dict[str, Form] | None = None, status: int = 200) -> HttpResponse:
    reading = review_queries.read_review(found, request.actor)
    given = credentials_of_period(found.person, found.cycle)
    reads = Paginator(review_queries.reads_of(found, request.actor), READS).get_page(request.GET.get("reads"))
    made = packet_for(found, request.actor)
    context: dict[str, Any] = {
        "reading": reading,
        "review": found,
        "cycle": found.cycle,
        "is_subject": found.person_id == request.actor.person_id,
        "badges": standing(list(given[:MOST_SHOWN])),
        "more_badges": max(0, given.count() - MOST_SHOWN),
        "targets": [(one, in_words(one)) for one in targets_for_review(found.person, found.cycle)[:MOST_SHOWN]],
        "reads": reads,
        "reopenings": found.reopenings.select_related("by").order_by("-reopened_at"),
        "packet": made,
        "packet_key": key_of(made.document) if made and made.document else "",
        "may_reopen": found.closed_at is not None
        and found.cycle.closed_at is None
        and (reading.side is not None or request.actor.may(Permission.RUN_REVIEWS)),
        "following": review_queries.next_to_write(request.actor, found) if reading.side == Words.Part.MANAGER else None,
        "section": "targets",
        **_forms(found, reading),
        **{f"{name}_form": form for name, form in (forms or {}).items()},
        "failed": next(iter(forms or {}), ""),
    }
    return render(request, "reviews/review.html", context, status=status)


def _forms(found: Review, reading: Reading) -> dict[str, Form]:
    """The forms that this reader may use now."""
    made: dict[str, Form] = {"reopen_form": ReopenForm()}
    if reading.side is None or not found.is_open:
        return made
    own, version = reading.own, found.agreement_version
    confirmed = next((one for one in reading.confirmations if one.side == reading.side), None)
    before = {name: getattr(confirmed, name) for name in ("disagreement", "includes_words", "includes_agreement")} if confirmed else {}
    return made | {
        "words_form": WordsForm(cycle=found.cycle, initial={"text": own.text, "mark": own.mark} if own else None),
        "agreement_form": AgreementForm(initial={"agreement": found.agreement, "read_version": version}),
        "confirm_form": ConfirmForm(auto_id="id_confirm_%s", initial={"read_version": version, "includes_agreement": True, **before}),
        "ask_form": AskForm(review=found, side=reading.side),
    }


def _found(request: Request, review_id: str) -> Review:
    rows = Review.objects.visible_to(request.actor)
    related = ("organisation", "cycle__organisation", "person__manager", "person__team__lead", "closed_with")
    found = review_queries.with_parts(rows.select_related(*related)).filter(public_id=review_id).select_related(*related).first()
    if found is None:
        raise Http404
    return found


def _mine(request: Request, review_id: str, *, or_may: Permission | None = None) -> Review:
    """A review in which the reader has something to do, and not only something to read."""
    found = _found(request, review_id)
    if side_of(found, request.actor) is None and not (or_may and request.actor.may(or_may)):
        raise Http404
    return found
