"""Collections, and the page about oneself: made by their holder, seen by whoever they are published for."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.errors import DomainError
from hexmark.passport import collections as actions
from hexmark.passport.models import Collection
from hexmark.passport.queries import (
    Viewer,
    collected,
    entries_of,
    is_seen_by,
    may_see,
    public_entries,
    published_collection,
    published_profile,
)
from hexmark.passport.rules import MOST_COLLECTED
from hexmark.people.models import Account
from hexmark.web.actors import signed_in
from hexmark.web.forms.passport import CollectionForm, ProfileForm
from hexmark.web.headers import public_page
from hexmark.web.me import state_of
from hexmark.web.requests import Request

#: As many as stand on one's public page.
MOST_ON_PAGE = 100


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: Request) -> HttpResponse:
    """One's collections, and a new one."""
    account = cast(Account, request.user)
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_collection(account, name=form.cleaned_data["name"], actor=request.actor)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            return redirect("my_collection", made.public_id)
    own = account.collections.prefetch_related("items").order_by("name", "pk")
    return render(request, "me/collections.html", {"form": form, "collections": own, "section": "me"}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_collection(request: Request, collection_id: str) -> HttpResponse:
    """One collection: name, text, order, and what else could stand in it."""
    collection = _own(request, collection_id)
    form = CollectionForm(request.POST or None, initial={"name": collection.name, "text": collection.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_collection(collection, positions=_positions(request), actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("my_collection", collection_id)
    entries = collected(collection)
    others = entries_of(collection.account).kept().exclude(pk__in=[entry.pk for entry in entries])[:MOST_COLLECTED]
    context = {
        "collection": collection,
        "form": form,
        "entries": [(entry, state_of(entry.credential)) for entry in entries],
        "hidden": sum(not is_seen_by(entry, Viewer.LINK) for entry in entries),
        "others": list(others),
        "section": "me",
    }
    return render(request, "me/collection.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def put(request: Request, collection_id: str) -> HttpResponse:
    """These too."""
    collection, chosen = _own(request, collection_id), request.POST.getlist("entry")
    entries = [entry for entry in entries_of(collection.account).kept() if entry.public_id in chosen]
    actions.put_into(collection, entries, actor=request.actor)
    return redirect("my_collection", collection_id)


@signed_in
@require_POST
def take(request: Request, collection_id: str) -> HttpResponse:
    """Not this one."""
    collection = _own(request, collection_id)
    for entry in collected(collection):
        if entry.public_id == request.POST.get("entry"):
            actions.take_out(collection, entry, actor=request.actor)
    return redirect("my_collection", collection_id)


@signed_in
@require_POST
def publish(request: Request, collection_id: str) -> HttpResponse:
    """For whoever has its address, or for nobody."""
    actions.publish_collection(_own(request, collection_id), published=request.POST.get("published") == "1", actor=request.actor)
    messages.success(request, "Saved.")
    return redirect("my_collection", collection_id)


@signed_in
@require_POST
def delete(request: Request, collection_id: str) -> HttpResponse:
    """Only the collection goes."""
    actions.delete_collection(_own(request, collection_id), actor=request.actor)
    messages.success(request, "The collection is gone. What stood in it is still yours.")
    return redirect("my_collections")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_profile(request: Request) -> HttpResponse:
    """One's public page, for whoever wants one."""
    account = cast(Account, request.user)
    profile = getattr(account, "profile", None)
    initial = {"handle": profile.handle, "headline": profile.headline, "published": profile.published_at} if profile else {}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(account, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else "handle", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("my_profile")
    context = {"form": form, "profile": profile, "count": public_entries(account).count(), "section": "me"}
    return render(request, "me/profile.html", context, status=422 if form.errors else 200)


@require_safe
@public_page(0)
def profile(request: Request, handle: str) -> HttpResponse:
    """What somebody shows to everybody."""
    found = published_profile(handle)
    if found is None:
        raise Http404
    rows = [(entry, state_of(entry.credential)) for entry in public_entries(found.account)[:MOST_ON_PAGE]]
    return _unlisted(render(request, "passport/profile.html", {"profile": found, "rows": rows, "section": "profile"}))


@require_safe
@public_page(0)
def collection(request: Request, collection_id: str) -> HttpResponse:
    """What somebody put together, as far as this visitor may see it."""
    found = published_collection(collection_id)
    if found is None:
        raise Http404
    rows = [(entry, state_of(entry.credential)) for entry in collected(found) if may_see(entry.credential, actor=request.actor)]
    return _unlisted(
        render(request, "passport/collection.html", {"collection": found, "rows": rows, "today": timezone.now(), "section": "collection"})
    )


def _own(request: Request, collection_id: str) -> Collection:
    found = Collection.objects.filter(account=cast(Account, request.user), public_id=collection_id).select_related("account").first()
    if found is None:
        raise Http404
    return found


def _positions(request: Request) -> dict[int, int]:
    """The numbers typed beside entries, by entry key."""
    typed = {name.removeprefix("place-"): value for name, value in request.POST.items() if name.startswith("place-")}
    return {int(key): int(str(value)) for key, value in typed.items() if key.isdecimal() and str(value).isdecimal() and len(str(value)) < 6}


def _unlisted(response: HttpResponse) -> HttpResponse:
    """People decide whom they give an address to; search engines do not."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
