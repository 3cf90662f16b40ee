"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from hexmark.web import catalogue

urlpatterns = [
    path("catalogue", catalogue.index, name="catalogue"),
    path("catalogue/new", catalogue.new, name="catalogue_new"),
    path("catalogue/<slug:slug>", catalogue.edit, name="catalogue_edit"),
    path("catalogue/<slug:slug>/picture", catalogue.picture, name="catalogue_picture"),
    path("catalogue/<slug:slug>/publish", catalogue.publish, name="catalogue_publish"),
    path("catalogue/<slug:slug>/retire", catalogue.retire, name="catalogue_retire"),
    path("catalogue/<slug:slug>/discard", catalogue.discard, name="catalogue_discard"),
    path("catalogue/<slug:slug>/new-version", catalogue.new_version, name="catalogue_new_version"),
]
