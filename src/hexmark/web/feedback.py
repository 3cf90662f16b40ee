"""Giving feedback: a colleague signed in, or somebody outside with a link. Who will see it stands above the field."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hexmark.errors import DomainError
from hexmark.performance.feedback import asked_of, decline, feedback_for, give, readers_of
from hexmark.performance.review_models import Feedback
from hexmark.web.actors import signed_in
from hexmark.web.forms.reviews import FeedbackForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def by_colleague(request: Request, feedback_id: str) -> HttpResponse:
    """What I was asked for."""
    found = asked_of(request.actor).filter(public_id=feedback_id).first()
    if found is None:
        raise Http404
    answered = _answer(request, found, "reviews/feedback.html")
    if answered is not None:
        return answered
    messages.success(request, "Thank you. It is where you were told it would be.")
    return redirect("reviews")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: Request, feedback_token: str) -> HttpResponse:
    """What somebody without an account here was asked for. Opening the link changes nothing."""
    slower = too_often(request, "feedback_link", "60/h/ip")
    if slower is not None:
        return slower
    found = feedback_for(feedback_token)
    if found is None:
        raise Http404
    answered = _answer(request, found, "reviews/feedback_link.html")
    return answered if answered is not None else render(request, "reviews/feedback_thanks.html", {"review": found.review})


def _answer(request: Request, found: Feedback, template: str) -> HttpResponse | None:
    """The page to write on, or nothing once it is answered."""
    form = FeedbackForm(request.POST if request.method == "POST" and "decline" not in request.POST else None)
    if request.method == "POST":
        try:
            if "decline" in request.POST:
                decline(found)
                return None
            if form.is_valid():
                give(found, text=form.cleaned_data["text"])
                return None
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "feedback": found, "review": found.review, "readers": readers_of(found), "section": "targets"}
    return render(request, template, context, status=422 if form.errors else 200)
