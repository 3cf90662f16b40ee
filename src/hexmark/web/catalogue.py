"""Pages of the catalogue: the list, one achievement to read, and its publication. The editor has a module of its own."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.catalogue.actions import begin_version, create_achievement, discard_draft, retire_version
from hexmark.catalogue.art import drawing_of
from hexmark.catalogue.facets import fold
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.catalogue.queries import catalogue
from hexmark.errors import Conflict, DomainError, Invalid, NotPermitted
from hexmark.files import store
from hexmark.files.markdown import to_html
from hexmark.web import editor
from hexmark.web.actors import permitted
from hexmark.web.forms.catalogue import NewAchievementForm, PreviewForm
from hexmark.web.headers import public_file
from hexmark.web.requests import Request
from hexmark.web.templatetags.badge_pictures import SIZES

State = AchievementVersion.State
#: A search field stands above a catalogue of more than this.
SEARCHED_FROM = 12
PAGE_SIZE = 48


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Everything that the organisation offers, and for editors its drafts."""
    everything = catalogue(request.actor)
    search = request.GET.get("q", "").strip()[:100]
    words = fold(search).split()
    found = [one for one in everything if all(word in _searched_text(one) for word in words)]
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "search": search,
        "searchable": len(everything) > SEARCHED_FROM,
        "section": "catalogue",
    }
    return render(request, "catalogue/index.html", context)


@permitted(Permission.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A name, and the draft is open."""
    form = NewAchievementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.person is not None
        version = create_achievement(request.person.organisation, name=form.cleaned_data["name"], actor=request.actor)
        return redirect("catalogue_edit", version.achievement.slug)
    return render(request, "catalogue/new.html", {"form": form, "section": "catalogue"}, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str) -> HttpResponse:
    """The draft's editor; without a draft, the latest version to read."""
    version = _latest(request, slug)
    if request.actor.may(Permission.EDIT_CATALOGUE) and version.state == State.DRAFT:
        return editor.edit(request, version)
    if request.method == "POST":
        if request.actor.may(Permission.EDIT_CATALOGUE):
            raise Conflict("This was published meanwhile, and what is published never changes. Begin a new version.")
        raise NotPermitted("There is nothing here that you may change.")
    context = {"version": version, "criteria": to_html(version.criteria), "section": "catalogue"}
    return render(request, "catalogue/version.html", context)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def picture(request: Request, slug: str) -> HttpResponse:
    """How the latest version looks; name, level and tags in the query show how a draft would look with these, at this `size`."""
    version = _latest(request, slug)
    query = request.GET.copy()
    size = query.pop("size", [""])[-1]
    if version.drawn_svg and version.state != State.DRAFT:
        # As it was drawn at its publication: a later release may draw the same name otherwise.
        return _for_this_browser(store.get(version.drawn_svg), "image/svg+xml")
    if version.state != State.DRAFT:
        return _for_this_browser(store.get(version.image_png), "image/png")
    uploaded = version.image_png and not version.drawn_svg
    if uploaded and not query:
        return _for_this_browser(store.get(version.image_png), "image/png")
    if query and not PreviewForm(query, instance=version).is_valid():
        raise Http404
    try:
        # The drawing itself: turning it into a PNG takes twenty times as long, and a browser need not wait for that.
        return _for_this_browser(drawing_of(version, size=int(size) if size in SIZES else 512).encode(), "image/svg+xml")
    except Invalid as error:
        raise Http404 from error


@permitted(Permission.PUBLISH_ACHIEVEMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: Request, slug: str) -> HttpResponse:
    """Asked once more, then it can no longer be awarded; what was awarded stays."""
    version = _latest(request, slug)
    if request.method != "POST":
        lead = "Nobody can be awarded it any more. What was awarded stays as it is."
        return _ask(request, slug, title=f"Retire “{version.name}”?", lead=lead, word="Retire")
    retire_version(version, actor=request.actor)
    messages.success(request, f"“{version.name}” is retired. What was awarded stays as it is.")
    return redirect("catalogue_edit", slug)


@permitted(Permission.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, slug: str) -> HttpResponse:
    """Asked once more, then the draft is gone; published versions stay."""
    version = _latest(request, slug)
    if request.method != "POST":
        lead = "What you wrote in it is lost. Nobody else has seen it."
        return _ask(request, slug, title=f"Discard the draft of “{version.name}”?", lead=lead, word="Discard")
    discard_draft(version, actor=request.actor)
    messages.success(request, f"The draft of “{version.name}” is gone.")
    return redirect("catalogue_edit", slug) if version.number > 1 else redirect("catalogue")


@permitted(Permission.EDIT_CATALOGUE)
@require_POST
def new_version(request: Request, slug: str) -> HttpResponse:
    """A draft of the next version, to be changed freely."""
    try:
        begin_version(_achievement(request, slug), actor=request.actor)
    except DomainError as error:
        if not isinstance(error, Conflict):
            raise
        # The draft that is open is what was asked for.
        messages.info(request, "A draft was open already. Here it is.")
    return redirect("catalogue_edit", slug)


def _ask(request: Request, slug: str, *, title: str, lead: str, word: str) -> HttpResponse:
    context = {"title": title, "lead": lead, "word": word, "back": reverse("catalogue_edit", args=[slug]), "section": "catalogue"}
    return render(request, "confirm.html", context)


def _searched_text(achievement: Achievement) -> str:
    version: AchievementVersion = achievement.all_versions[0]  # type: ignore[attr-defined]
    return fold(" ".join([version.name, version.description, *version.tags, *version.roles, *version.subjects]))


def _for_this_browser(body: bytes, media_type: str) -> HttpResponse:
    response = public_file(body, media_type=media_type)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    del response.headers["Access-Control-Allow-Origin"]
    return response


def _achievement(request: Request, slug: str) -> Achievement:
    found = Achievement.objects.visible_to(request.actor).select_related("organisation").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _latest(request: Request, slug: str) -> AchievementVersion:
    versions = AchievementVersion.objects.filter(achievement=_achievement(request, slug)).select_related("achievement__organisation")
    if not request.actor.may(Permission.EDIT_CATALOGUE):
        versions = versions.exclude(state=State.DRAFT)
    latest = versions.order_by("-number").first()
    if latest is None:
        raise Http404
    return latest
