"""Addresses of badge art and press-out sheets."""

from __future__ import annotations

from django.urls import path

from hexmark.web import designer, designing

urlpatterns = [
    path("catalogue/<slug:slug>/design", designer.design, name="catalogue_design"),
    path("catalogue/<slug:slug>/design/glyphs", designer.glyph_search, name="catalogue_glyphs"),
    path("art/<slug:kind>.svg", designer.preview, name="art_preview"),
    path("art/glyphs", designer.glyph_sprite, name="glyph_sprite"),
    path("me/sheet.<slug:form>", designing.my_sheet, name="my_sheet"),
    path("people/<public_id:person_id>/sheet.<slug:form>", designing.person_sheet, name="person_sheet"),
    path("teams/<public_id:team_id>/sheet.<slug:form>", designing.team_sheet_file, name="team_sheet"),
]
