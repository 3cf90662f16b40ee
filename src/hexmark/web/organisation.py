"""The organisation's own page of settings: what it says of itself, its words, its rule for the assessed kind."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hexmark.access import Permission
from hexmark.errors import Invalid
from hexmark.organisations.editing import edit_organisation
from hexmark.web.actors import permitted
from hexmark.web.forms.organisation import OrganisationForm
from hexmark.web.requests import Request


@permitted(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The form; after a good POST everything says so."""
    assert request.person is not None
    organisation = request.person.organisation
    form = OrganisationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            changed = edit_organisation(organisation, text=form.cleaned_data, actor=request.actor)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved." if changed else "Nothing was changed.")
            return redirect("organisation")
    # What was refused must not stand in the bar as if it held.
    organisation.refresh_from_db()
    return render(request, "organisation/edit.html", {"form": form, "section": "organisation"}, status=422 if form.errors else 200)
