"""Addresses of the catalogue, and of the words that its organisation uses."""

from __future__ import annotations

from django.urls import path

from hexmark.web import catalogue, catalogue_import, catalogue_tools, organisation

urlpatterns = [
    path("organisation", organisation.edit, name="organisation"),
    path("catalogue", catalogue.index, name="catalogue"),
    path("catalogue/new", catalogue.new, name="catalogue_new"),
    path("catalogue/health", catalogue_tools.health, name="catalogue_health"),
    path("catalogue/import", catalogue_import.import_drafts, name="catalogue_import"),
    path("catalogue/export.csv", catalogue_tools.export, name="catalogue_export"),
    path("catalogue/<slug:slug>", catalogue.edit, name="catalogue_edit"),
    path("catalogue/<slug:slug>/preview", catalogue_tools.preview, name="catalogue_preview"),
    path("catalogue/<slug:slug>/changes", catalogue_tools.changes, name="catalogue_changes"),
    path("catalogue/<slug:slug>/duplicate", catalogue_tools.duplicate, name="catalogue_duplicate"),
    path("catalogue/<slug:slug>/listing", catalogue_tools.listing, name="catalogue_listing"),
    path("catalogue/<slug:slug>/picture", catalogue.picture, name="catalogue_picture"),
    path("catalogue/<slug:slug>/retire", catalogue.retire, name="catalogue_retire"),
    path("catalogue/<slug:slug>/discard", catalogue.discard, name="catalogue_discard"),
    path("catalogue/<slug:slug>/new-version", catalogue.new_version, name="catalogue_new_version"),
]
