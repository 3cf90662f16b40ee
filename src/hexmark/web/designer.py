"""The designer of a draft's badge: a form, and beside it how the badge looks large, small, on light and dark, and on a sheet."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.access import Permission
from hexmark.catalogue.actions import choose_art
from hexmark.catalogue.art import composed, drawn, recipe_of, suggested_recipe
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.errors import Invalid
from hexmark.pressout import Cell, Heading, Recipe, RecipeError, State, icon_names, readings, sheet, title_setting
from hexmark.pressout.icons import GRID, icon_path
from hexmark.web.actors import permitted
from hexmark.web.forms.designing import DesignForm, glyphs, initial
from hexmark.web.headers import public_file
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

SALT = "hexmark.designer"
#: A preview is drawn for so long after the form was looked at; its address holds the whole recipe.
PREVIEW_SECONDS = 24 * 3600
#: Looks at the form. Each may draw four pictures of some 15 milliseconds, and what was drawn is not drawn again.
LOOKS = "120/m/key"
SIZES = {"full": 512, "compact": 96, "flat": 32}
_PLACES = {"icon": "Symbol on its ground", "title": "Title on its plate", "rim": "Words on the rim", "arc": "Words above the symbol"}


@permitted(Permission.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: Request, slug: str) -> HttpResponse:
    """The form with what the drawing has; a POST shows, suggests or keeps."""
    version = _draft(request, slug)
    if version is None:
        return redirect("catalogue_edit", slug)
    suggested = suggested_recipe(version)
    if request.method != "POST":
        return _page(request, version, DesignForm(initial=initial(recipe_of(version), suggested), suggested=suggested))
    if "suggest" in request.POST:
        messages.info(request, "This is what the text suggests. Keep it, or go on from here.")
        return _page(request, version, DesignForm(initial=initial(suggested, suggested), suggested=suggested))
    form = DesignForm(request.POST, suggested=suggested)
    if request.htmx:
        stopped = too_often(request, "designer", LOOKS, key=str(request.actor.person_id))
        return stopped or render(request, "designing/preview.html", _looks(form, version))
    if form.is_valid() and "save" in request.POST and _kept(request, version, form):
        messages.success(request, "It looks like this now.")
        return redirect("catalogue_edit", slug)
    return _page(request, version, form)


def _kept(request: Request, version: AchievementVersion, form: DesignForm) -> bool:
    try:
        choose_art(version, choices=form.choices(), actor=request.actor)
    except Invalid as error:
        form.add_error(None, str(error))
        return False
    return True


def _page(request: Request, version: AchievementVersion, form: DesignForm) -> HttpResponse:
    words = request.POST.get("find", "")[:60]
    context = _looks(form, version) | {
        "form": form,
        "version": version,
        "slug": version.achievement.slug,
        "words": words,
        "glyphs": glyphs(words, str(form["icon"].value() or "")),
        "chosen": form["icon"].value(),
        "uploaded": bool(version.image_png),
        "section": "catalogue",
    }
    refused = form.is_bound and bool(form.errors)
    return render(request, "designing/design.html", context, status=422 if refused else 200)


def _looks(form: DesignForm, version: AchievementVersion) -> dict[str, Any]:
    """How the form's badge looks: addresses of its pictures and its meters, or why it cannot be drawn."""
    try:
        if form.is_bound:
            if not form.is_valid():
                fields = ((form.fields[name].label or name, errors) for name, errors in form.errors.items() if name in form.fields)
                return {"refused": " ".join(f"{label}: {error}" for label, errors in fields for error in errors) or "It cannot be drawn."}
            recipe = composed(form.suggested, form.choices())
        else:
            recipe = recipe_of(version) if form.initial.get("icon") == recipe_of(version).icon else form.suggested
        found = [(_PLACES[reading.place], reading) for reading in readings(recipe)]
        setting = title_setting(recipe.title)
        drawn(recipe)
    except Invalid as error:
        return {"refused": str(error)}
    signed = signing.dumps(json.loads(recipe.to_json()), salt=SALT, compress=True)
    pictures = {kind: f"{reverse('art_preview', args=[kind])}?recipe={signed}" for kind in (*SIZES, "sheet")}
    return {"pictures": pictures, "readings": found, "setting": setting, "recipe": recipe, "title_length": len(recipe.title)}


@permitted(Permission.EDIT_CATALOGUE)
@require_safe
def preview(request: Request, kind: str) -> HttpResponse:
    """One picture of a recipe that the form has accepted: only what we signed ourselves is drawn."""
    if kind not in (*SIZES, "sheet"):
        raise Http404
    try:
        members = signing.loads(request.GET.get("recipe", "")[:4000], salt=SALT, max_age=PREVIEW_SECONDS)
        body = _preview(json.dumps(members), kind)
    except (signing.BadSignature, RecipeError, Invalid) as error:
        raise Http404 from error
    response = public_file(body, media_type="image/svg+xml")
    response.headers["Cache-Control"] = f"private, max-age={PREVIEW_SECONDS}, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    del response.headers["Access-Control-Allow-Origin"]
    return response


@lru_cache(maxsize=64)
def _preview(recipe_json: str, kind: str) -> bytes:
    recipe = Recipe.from_json(recipe_json)
    if kind != "sheet":
        return drawn(recipe, size=SIZES[kind]).encode()
    cells = [Cell(recipe, State.EARNED), Cell(recipe, State.PROGRESS, 4, 6), Cell(recipe, State.AVAILABLE)]
    return sheet(cells, Heading("In its place", "Six sides, six steps"), columns=3, legend=False).encode()


@permitted(Permission.EDIT_CATALOGUE)
@require_safe
def glyph_search(request: Request, slug: str) -> HttpResponse:
    """The glyphs that some words lead to, to choose from, while one designs this draft."""
    if _draft(request, slug) is None:
        raise Http404
    words, chosen = request.GET.get("find", "")[:60], request.GET.get("icon", "")[:60]
    return render(request, "designing/glyphs.html", {"glyphs": glyphs(words, chosen), "chosen": chosen, "words": words})


@require_safe
def glyph_sprite(request: Request) -> HttpResponse:
    """Every glyph in one file, for pages to choose one."""
    return public_file(_sprite(), media_type="image/svg+xml", max_age_seconds=PREVIEW_SECONDS)


@lru_cache(maxsize=1)
def _sprite() -> bytes:
    symbols = (f'<symbol id="{name}" viewBox="0 0 {GRID} {GRID}"><path d="{icon_path(name)}"/></symbol>' for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _draft(request: Request, slug: str) -> AchievementVersion | None:
    """The open draft, or None where the latest version is published; a 404 for what is not the actor's."""
    achievement = Achievement.objects.visible_to(request.actor).filter(slug=slug).first()
    if achievement is None:
        raise Http404
    drafts = achievement.versions.filter(state=AchievementVersion.State.DRAFT)
    return drafts.select_related("achievement__organisation").first()
