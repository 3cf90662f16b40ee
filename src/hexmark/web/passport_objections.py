"""Answering what a holder says against a revocation or a pause; asked beside the award."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hexmark.access import Permission
from hexmark.errors import Invalid
from hexmark.passport.models import Objection
from hexmark.passport.objections import answer_objection
from hexmark.web.actors import permitted
from hexmark.web.forms.passport import AnswerForm
from hexmark.web.requests import Request


@permitted(Permission.REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, award_id: str, objection_number: int) -> HttpResponse:
    """What the holder says, and an answer."""
    own = Objection.objects.visible_to(request.actor).select_related("credential__award__person", "credential__award__version")
    objection = own.filter(credential__award__public_id=award_id, pk=objection_number).first()
    if objection is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_objection(objection, answer=form.cleaned_data["answer"], actor=request.actor)
        except Invalid as error:
            form.add_error("answer", str(error))
        else:
            messages.success(request, "Answered. They are sent a mail.")
            return redirect("manage_award", award_id)
    context = {"objection": objection, "award": objection.credential.award, "form": form, "section": "awards"}
    return render(request, "passport/objection.html", context, status=422 if form.errors else 200)
