"""One person before a talk, for their manager: what they hold, what ends, targets, reviews, and notes with who sees them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.errors import DomainError
from hexmark.issuing.coverage import coverage_of
from hexmark.people.models import Person
from hexmark.performance.models import Target
from hexmark.performance.notes import discard_note, notes_about, write_note
from hexmark.performance.review_models import Note, Review, managed_by
from hexmark.performance.review_queries import progress_of, with_parts
from hexmark.performance.targets.queries import in_order, in_words
from hexmark.web.actors import signed_in
from hexmark.web.forms.reviews import NoteForm
from hexmark.web.requests import Request

ROWS = 50
FEW = 5


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, person_id: str) -> HttpResponse:
    """Everything for the next talk on one page; a note can be written."""
    found = _found(request, person_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_note(found, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Noted.")
            return redirect("team_person", person_id)
    covered = coverage_of(request.actor, [found])
    attention = covered.attention()
    targets = in_order(Target.objects.visible_to(request.actor).current().filter(person=found).select_related("measure", "cycle"))
    reviews = with_parts(Review.objects.visible_to(request.actor).filter(person=found)).order_by("-cycle__ends_on")[:FEW]
    context = {
        "found": found,
        "held": covered.of(found),
        "in_force": covered.in_force(found),
        "attention": attention,
        "targets": [(one, in_words(one)) for one in targets[:ROWS]],
        "reviews": [progress_of(one, reader=request.actor.person_id) for one in reviews],
        "page": Paginator(notes_about(found, request.actor), ROWS).get_page(request.GET.get("page")),
        "form": form,
        "today": timezone.localdate(),
        "section": "team",
    }
    return render(request, "team/person.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def discard(request: Request, person_id: str, note_id: str) -> HttpResponse:
    """A note of mine is gone."""
    found = _found(request, person_id)
    note = Note.objects.filter(public_id=note_id, about=found).select_related("about").first()
    if note is None:
        raise Http404
    discard_note(note, actor=request.actor)
    messages.success(request, "The note is gone.")
    return redirect("team_person", person_id)


def _found(request: Request, person_id: str) -> Person:
    """Somebody whose nearest manager the reader is now; nobody else's page exists."""
    mine = Person.objects.in_house(request.actor).present().filter(managed_by(request.actor.person_id or 0))
    found = mine.filter(public_id=person_id).select_related("team", "organisation").first()
    if found is None:
        raise Http404
    return found
